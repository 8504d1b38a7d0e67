import { describe, expect, it } from 'vitest';
import type { Candidate, SeenNode } from '../../../functions/persistent-ip/choose-pod.ts';
import {
  type Moving,
  mostMovesPerMinute,
  movesAfter,
  secondOf,
  withoutFlapping,
} from '../../../functions/persistent-ip/flap-protection.ts';
import type { Holder, HolderRecord } from '../../../functions/persistent-ip/holder-record.ts';
import type { Pod } from '../../../functions/persistent-ip/objects.ts';
import { cause, node, pod, start } from '../fixtures.ts';

const seconds = (ago: number): number => start.getTime() - ago * 1000;
const candidate = (one: Pod, ready: SeenNode['ready'] = 'True'): Candidate => ({
  pod: one,
  node: { ...node(one.nodeName ?? ''), ready, vm: 'running', vmSubnetworks: [] },
  zone: 'us-central1-a',
});
const holder = (name: string): Holder => ({
  pod: name,
  uid: `uid-${name}`,
  node: 'node-a',
  zone: 'us-central1-a',
  podIP: '10.0.0.7',
});
const record = (more: Partial<HolderRecord> = {}): HolderRecord => ({
  holder: holder('present'),
  before: undefined,
  at: start.toISOString(),
  cause,
  replaced: 'f',
  written: start.toISOString(),
  addresses: ['34.1.2.3'],
  moves: [],
  ...more,
});
const newcomer = candidate(pod('newcomer'));
/** Three moves a minute are allowed; the newcomer is chosen while `present` holds. */
const decide = (present: Candidate | undefined, moves: readonly number[], more: Partial<Moving> = {}) =>
  withoutFlapping({
    now: start,
    mode: 'ReadyCondition',
    movesPerMinute: 3,
    record: record({ moves }),
    candidates: [newcomer, ...(present === undefined ? [] : [present])],
    chosen: newcomer,
    ...more,
  });
const ready = candidate(pod('present'));
const notReady = candidate(pod('present', { ready: false }));

describe('a route that has moved too often within a minute', () => {
  it('stays with the Pod that holds its addresses, and says when the next move is possible', () => {
    expect(decide(ready, [seconds(5), seconds(10)])).toEqual({
      chosen: ready,
      nextMove: new Date(seconds(10 - 60)),
    });
  });

  it('moves on when the oldest of the moves is a minute ago', () => {
    expect(decide(ready, [seconds(5), seconds(59.999)]).chosen).toBe(ready);
    expect(decide(ready, [seconds(5), seconds(60)])).toEqual({ chosen: newcomer });
  });

  it('keeps the last of its moves for leaving a Pod that is not Ready', () => {
    expect(decide(notReady, [seconds(5), seconds(10)]).chosen).toBe(newcomer);
    expect(decide(notReady, [seconds(5), seconds(10), seconds(20)])).toEqual({
      chosen: notReady,
      nextMove: new Date(seconds(20 - 60)),
    });
  });

  it('says so also while no other Pod asks: the message does not turn with the one that flaps', () => {
    const nextMove = new Date(seconds(10 - 60));
    expect(decide(ready, [seconds(5), seconds(10)], { chosen: ready })).toEqual({ chosen: ready, nextMove });
  });

  it('gives its addresses to nobody else while the Pod that had them is not Ready', () => {
    const moves = [seconds(5), seconds(10), seconds(20)];
    const nobody = record({ holder: undefined, before: holder('present'), moves });
    expect(decide(notReady, [], { record: nobody })).toEqual({
      chosen: undefined,
      nextMove: new Date(seconds(20 - 60)),
    });
  });
});

describe('never delayed is', () => {
  const often = [seconds(1), seconds(2), seconds(3), seconds(4)];

  it('reaction mode Exists', () => {
    expect(decide(ready, often, { mode: 'Exists' })).toEqual({ chosen: newcomer });
  });

  it.each<[string, Candidate | undefined]>([
    ['is gone, or whose Node or VM is', undefined],
    ['ends', candidate(pod('present', { metadata: { deletionTimestamp: '2026-11-24T14:05:00Z' } }))],
    ['is on a Node that is not ready', candidate(pod('present'), 'False')],
    ['is on a Node of which nothing is heard', candidate(pod('present'), 'Unknown')],
    ['was recreated under its name', candidate(pod('present', { metadata: { uid: 'another' } }))],
  ])('a move from a Pod that %s', (_, present) => {
    expect(decide(present, often)).toEqual({ chosen: newcomer });
  });

  it('the return to the Pod that had the addresses last', () => {
    const nobody = record({ holder: undefined, before: holder('present'), moves: often });
    expect(decide(ready, [], { record: nobody, chosen: ready })).toEqual({ chosen: ready });
  });

  it('to have nobody, when no Pod is Ready', () => {
    expect(decide(notReady, often, { chosen: undefined }).chosen).toBeUndefined();
  });

  it('the first allocation', () => {
    expect(decide(ready, [], { record: undefined })).toEqual({ chosen: newcomer });
  });
});

describe('the times of moves', () => {
  it('grow by each change to another Pod, newest first, and hold one minute', () => {
    const moves = [seconds(10), seconds(61)];
    expect(movesAfter(record({ moves }), holder('newcomer'), start)).toEqual([start.getTime(), seconds(10)]);
  });

  it('grow where nobody held the addresses in between', () => {
    const nobody = record({ holder: undefined, before: holder('present') });
    expect(movesAfter(nobody, holder('newcomer'), start)).toEqual([start.getTime()]);
    expect(movesAfter(nobody, holder('present'), start)).toEqual([]);
  });

  it('stay at a first allocation, a release and a new IP of the same Pod', () => {
    expect(movesAfter(undefined, holder('present'), start)).toEqual([]);
    expect(movesAfter(record({ moves: [seconds(5)] }), undefined, start)).toEqual([seconds(5)]);
    const moved = { ...holder('present'), podIP: '10.0.0.9' };
    expect(movesAfter(record(), moved, start)).toEqual([]);
  });

  it('are never more than a record holds', () => {
    const moves = Array.from({ length: 40 }, (_, i) => seconds(i / 10));
    expect(movesAfter(record({ moves }), holder('newcomer'), start)).toHaveLength(mostMovesPerMinute);
  });

  it('a move is not announced before the second in which it is possible', () => {
    expect(secondOf(new Date('2026-11-24T14:05:59.001Z'))).toBe('2026-11-24T14:06:00Z');
    expect(secondOf(new Date('2026-11-24T14:05:59.000Z'))).toBe('2026-11-24T14:05:59Z');
  });
});
