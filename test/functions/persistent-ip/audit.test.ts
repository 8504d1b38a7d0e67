import { describe, expect, it } from 'vitest';
import {
  type AuditEntry,
  identityOfEntry,
  isStillTaken,
  leftBehindEntry,
  leftToGkeEntry,
} from '../../../functions/persistent-ip/audit.ts';
import { clusterKey, metadata } from '../fixtures.ts';

const day = 86_400_000;
const now = new Date('2026-11-24T14:05:00.000Z');
const later = (days: number) => new Date(now.getTime() + days * day);
const kinds: readonly [string, (since: string, at: Date) => AuditEntry][] = [
  ['left to GKE', (since, at) => leftToGkeEntry(clusterKey, metadata('nat'), [], since, at)],
  [
    'left behind',
    (since, at) =>
      leftBehindEntry(clusterKey, at, {
        id: 'a',
        route: metadata('nat'),
        addresses: [],
        outcome: '',
        created: since,
      }),
  ],
];

describe.each(kinds)('the entry of what is %s', (_name, entry) => {
  it('has the time at which that began, whoever says it', () => {
    const said = entry('2026-11-24T14:00:00Z', now);
    expect(said.timestamp).toBe('2026-11-24T14:00:00.000Z');
    expect(identityOfEntry(entry('2026-11-24T14:00:00Z', later(0.5)))).toBe(identityOfEntry(said));
  });

  it('has one that the log takes, however long ago that was', () => {
    for (let days = 0; days < 100; days += 1) {
      const at = later(days);
      expect(isStillTaken(entry('2026-11-24T14:00:00Z', at), at)).toBe(true);
      expect(Date.parse(entry('2026-11-24T14:00:00Z', at).timestamp)).toBeLessThanOrEqual(at.getTime());
    }
  });

  it('is said five times in a hundred days at most', () => {
    const times = Array.from(
      { length: 100 },
      (_, days) => entry('2026-11-24T14:00:00Z', later(days)).timestamp,
    );
    expect(new Set(times).size).toBeLessThanOrEqual(5);
  });
});
