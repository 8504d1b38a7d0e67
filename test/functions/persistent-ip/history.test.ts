import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { historyOf, type Interval } from '../../../functions/persistent-ip/history.ts';
import { aboutAddress } from '../../../functions/persistent-ip/history-entries.ts';
import { within } from '../../../functions/persistent-ip/history-range.ts';
import { clusterKey } from '../fixtures.ts';
import { at, change, intervalAt, ip, status, time } from './pasts.ts';

const brief = (intervals: readonly Interval[]) =>
  intervals.map(({ from, holder, certain }) => [from, holder?.pod ?? null, certain]);

describe('the history of an address', () => {
  it('has an interval for each holder and one for each time without, with cause and latency', () => {
    const entries = [change(0, undefined, 'a'), change(5, 'a', 'b'), change(7, 'b', undefined)];
    const intervals = historyOf(entries, ip);
    expect(brief(intervals)).toEqual([
      [null, null, false],
      [at(0), 'a', true],
      [at(5), 'b', true],
      [at(7), null, true],
    ]);
    expect(intervals[2]).toMatchObject({
      to: at(7),
      began: { action: 'move', latencyMs: 300, cause: { insertId: 'event-1' } },
      holder: { node: 'node-of-b', zone: 'us-central1-a', cluster: clusterKey, route: { name: 'nat' } },
    });
  });

  it('knows from the first entry who held the address before it, and not since when', () => {
    const [first] = historyOf([change(5, 'a', 'b')], ip);
    expect(first).toMatchObject({ from: null, to: at(5), holder: { pod: 'a' }, certain: false });
    expect(first?.doubts).toMatchObject([{ kind: 'before-log' }]);
  });

  it('is not certain where an entry is missing, and says who held it later', () => {
    const [, second] = historyOf([change(0, undefined, 'a'), change(9, 'b', 'c')], ip);
    expect(second).toMatchObject({ holder: { pod: 'a' }, to: at(9), certain: false });
    expect(second?.doubts).toMatchObject([{ kind: 'missing-entry', laterHolder: { pod: 'b' } }]);
  });

  it('goes from one route to another, and is uncertain when the first never let go', () => {
    const letGo = change(3, 'a', undefined);
    const taken = change(4, undefined, 'x', { route: 'other' });
    expect(brief(historyOf([change(0, undefined, 'a'), letGo, taken], ip)).slice(1)).toEqual([
      [at(0), 'a', true],
      [at(3), null, true],
      [at(4), 'x', true],
    ]);
    expect(brief(historyOf([change(0, undefined, 'a'), taken], ip)).slice(1)).toEqual([
      [at(0), 'a', false],
      [at(4), 'x', true],
    ]);
  });

  it('lets what gives come before what takes in the same millisecond', () => {
    const taken = change(3, undefined, 'x', { route: 'other' });
    const entries = [change(0, undefined, 'a'), taken, change(3, 'a', undefined)];
    expect(historyOf(entries, ip).at(-1)).toMatchObject({ holder: { pod: 'x' }, certain: true });
    expect(historyOf(entries, ip)[1]).toMatchObject({ holder: { pod: 'a' }, to: at(3), certain: true });
  });

  it('ends when the route’s spec no longer names the address, and begins when Google Cloud has made it', () => {
    const other = '34.1.2.4';
    const entries = [
      change(0, undefined, 'a', { addresses: [other] }),
      status(2, [`${other}/32`, `${ip}/32`], 'False'),
      status(3, [`${other}/32`, `${ip}/32`], 'True'),
      status(6, [`${other}/32`], 'False'),
    ];
    expect(brief(historyOf(entries, ip)).slice(1)).toEqual([
      [at(3), 'a', true],
      [at(6), null, true],
    ]);
    const kept = entries.map((entry) => aboutAddress(entry, ip));
    expect(historyOf(kept, ip)).toEqual(historyOf(entries, ip));
    expect(brief(historyOf(entries, other)).slice(1)).toEqual([[at(0), 'a', true]]);
  });

  it('is nobody’s without entries', () => {
    expect(historyOf([], ip)).toMatchObject([{ from: null, to: null, holder: null, certain: false }]);
  });
});

describe('a time', () => {
  const intervals = historyOf([change(0, undefined, 'a'), change(5, 'a', 'b')], ip);
  it.each([
    [-1, null],
    [0, 'a'],
    [4, 'a'],
    [5, 'b'],
    [99, 'b'],
  ])('in minute %i lies in exactly one interval', (minute, pod) => {
    expect(within(intervals, { from: time(minute), to: time(minute) })).toHaveLength(1);
    expect(intervalAt(intervals, time(minute))?.holder?.pod ?? null).toBe(pod);
  });

  it('from one to another touches every interval in between, and not one that only begins at its end', () => {
    expect(brief(within(intervals, { from: time(1), to: time(5) }))).toEqual([[at(0), 'a', true]]);
    expect(within(intervals, { from: time(1), to: time(6) })).toHaveLength(2);
  });
});

describe('two lost entries that lead away and back', () => {
  const [first, away, back, last] = [
    change(0, undefined, 'a'),
    change(2, 'a', 'b'),
    change(4, 'b', 'a'),
    change(6, 'a', undefined),
  ].map((entry, at): AuditEntry => ({ ...entry, changes: at + 1 }));

  it('are missed by the numbers on their two sides', () => {
    const intervals = historyOf([first!, last!], ip);
    expect(brief(intervals).slice(1)).toEqual([
      [at(0), 'a', false],
      [at(6), null, true],
    ]);
    expect(intervals[1]?.doubts).toMatchObject([
      {
        kind: 'missing-entry',
        message:
          '2 entries are missing by the numbers of those before and after: Pod edge/a (uid-a) held the address at both ends, and others may have meanwhile',
        laterHolder: { pod: 'a' },
      },
    ]);
  });

  it('are not missed where none is, nor where an earlier release or a backend service made anew begins to count', () => {
    const certain = (entries: readonly AuditEntry[]) =>
      historyOf(entries, ip)
        .slice(1)
        .every((interval) => interval.certain);
    const without = ({ changes: _, ...entry }: AuditEntry): AuditEntry => entry;
    expect(certain([first!, away!, back!, last!])).toBe(true);
    expect(certain([without(first!), { ...last!, changes: 1 }])).toBe(true);
    expect(
      certain([
        { ...first!, changes: 7 },
        { ...last!, changes: 1 },
      ]),
    ).toBe(true);
  });
});
