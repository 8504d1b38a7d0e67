import { describe, expect, it } from 'vitest';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import {
  isLookDue,
  isWaitingForPerson,
  type SweepScope,
} from '../../../functions/persistent-ip/sweep-times.ts';
import { condition, metadata, route } from '../fixtures.ts';

const at = (time: string): Date => new Date(`2026-11-24T${time}Z`);

/** A route whose GCPReady and Ready turned at a time. */
const turned = (status: 'True' | 'False', reason: string, time: string, generation = 1): Route =>
  route(undefined, {
    metadata: metadata('nat', { generation }),
    status: {
      pods: [],
      conditions: ['GCPReady', 'Ready'].map((type) => ({
        ...condition(type, status, reason),
        lastTransitionTime: `2026-11-24T${time}Z`,
      })),
    },
  });

describe('what only a person can mend', () => {
  const failed = turned('False', 'GCPFailed', '14:03:30');

  it('is tried again in every tenth minute since it failed, and in no other', () => {
    const tried = Array.from({ length: 31 }, (_, minute) => minute).filter(
      (minute) => !isWaitingForPerson(failed, new Date(at('14:03:45').getTime() + minute * 60_000)),
    );
    expect(tried).toEqual([10, 20, 30]);
  });

  it('is tried once in that minute by sweeps a minute apart, however late each of them runs', () => {
    const delays = [0, 59, 3, 58, 1, 30, 59, 0, 59, 0, 59, 0, 17, 59, 0, 2, 58, 9, 0, 59, 44];
    const tries = delays
      .map((late, minute) => new Date(at('14:04:00').getTime() + minute * 60_000 + late * 1000))
      .filter((now) => isLookDue(failed, 'minute', now));
    expect(tries.map((now) => now.getUTCMinutes())).toEqual([13, 23]);
  });

  it('is left alone by the full run, too', () => {
    expect(isLookDue(failed, 'full', at('14:05:00'))).toBe(false);
    expect(isLookDue(failed, 'full', at('14:13:00'))).toBe(true);
  });

  it('is tried at once when a person asks for a sweep', () => {
    expect(isLookDue(failed, 'asked', at('14:04:00'))).toBe(true);
  });

  it('does not wait once the spec is another one', () => {
    expect(isWaitingForPerson(turned('False', 'GCPFailed', '14:03:30', 2), at('14:04:30'))).toBe(false);
  });

  it.each(['GCPNotReady', 'NoPodsFound', 'Mutated', 'CleanupComplete'])('is not %s', (reason) => {
    expect(isWaitingForPerson(turned('False', reason, '14:03:30'), at('14:04:30'))).toBe(false);
  });

  it('does not wait for ever where somebody has made the time unreadable', () => {
    expect(isWaitingForPerson(turned('False', 'GCPFailed', 'nonsense'), at('14:04:30'))).toBe(false);
  });
});

describe('a route is looked at', () => {
  const due = (one: Route, scope: SweepScope, time: string): boolean => isLookDue(one, scope, at(time));

  it('every minute while it is not Ready', () => {
    expect(due(turned('False', 'NoPodsFound', '12:00:00'), 'minute', '14:01:00')).toBe(true);
  });

  it('every minute for two minutes after it has turned Ready, then by the full run', () => {
    const ready = turned('True', 'ProgrammingComplete', '14:00:30');
    expect(due(ready, 'minute', '14:02:29')).toBe(true);
    expect(due(ready, 'minute', '14:02:30')).toBe(false);
    expect(due(ready, 'full', '14:05:00')).toBe(true);
  });

  it('every minute while nobody has looked at its present spec', () => {
    expect(due(turned('True', 'ProgrammingComplete', '12:00:00', 2), 'minute', '14:01:00')).toBe(true);
  });
});
