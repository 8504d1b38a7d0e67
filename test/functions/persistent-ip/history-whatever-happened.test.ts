import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { historyOf, type Interval } from '../../../functions/persistent-ip/history.ts';
import { aboutAddress } from '../../../functions/persistent-ip/history-entries.ts';
import { change, intervalAt, ip, status, time } from './pasts.ts';

/** A true past: two routes that never have the address at once, one Pod a uid, in steps of a minute. */
const pasts = fc
  .array(fc.record({ route: fc.constantFrom('nat', 'other'), goes: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => {
    const entries: AuditEntry[] = [];
    let holder: { route: string; pod: string } | undefined;
    for (const [index, { route, goes }] of steps.entries()) {
      const minute = index * 2;
      if (holder !== undefined && (goes || holder.route !== route)) {
        entries.push(change(minute, holder.pod, undefined, { route: holder.route }));
        holder = undefined;
      }
      if (goes) continue;
      entries.push(change(minute + 1, holder?.pod, `p${index}`, { route }));
      holder = { route, pod: `p${index}` };
    }
    return entries;
  });

const holderAt = (intervals: readonly Interval[], minute: number) =>
  intervalAt(intervals, time(minute))?.holder?.pod ?? null;

const minutes = Array.from({ length: 26 }, (_, index) => index + 0.5);

describe('whatever happened', () => {
  it('what is kept of an entry for one address says the same of it', () => {
    const with32 = pasts.map((entries) =>
      entries.flatMap((entry, index) => [
        entry,
        ...(index % 3 === 0 ? [status(index * 2 + 1.5, index % 2 === 0 ? [`${ip}/32`] : [], 'True')] : []),
      ]),
    );
    fc.assert(
      fc.property(with32, (entries) => {
        expect(
          historyOf(
            entries.map((entry) => aboutAddress(entry, ip)),
            ip,
          ),
        ).toEqual(historyOf(entries, ip));
      }),
    );
  });

  it('of a log that was not read to its beginning what is called certain is true', () => {
    fc.assert(
      fc.property(pasts, fc.integer({ min: 0, max: 26 }), (entries, minute) => {
        const whole = historyOf(entries, ip);
        const intervals = historyOf(entries, ip, time(minute));
        expect(intervals[0]?.doubts[0]?.message).toContain('ask for a range that ends earlier');
        for (const interval of intervals.filter(({ certain }) => certain)) {
          expect(Date.parse(interval.from ?? '')).toBeGreaterThanOrEqual(time(minute));
          expect(whole).toContainEqual(interval);
        }
      }),
    );
  });

  it('order and copies of the entries change nothing', () => {
    const shuffled = pasts.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray([...entries, ...structuredClone(entries)], {
          minLength: entries.length * 2,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([entries, mixed]) => {
        expect(historyOf(mixed, ip)).toEqual(historyOf(entries, ip));
      }),
    );
  });

  it('every interval but the first is certain when nothing is missing, and each begins where the last ended', () => {
    fc.assert(
      fc.property(pasts, (entries) => {
        const intervals = historyOf(entries, ip);
        expect(intervals.slice(1).every(({ certain }) => certain)).toBe(true);
        expect(intervals.slice(1).map(({ from }) => from)).toEqual(
          intervals.slice(0, -1).map(({ to }) => to),
        );
        expect(intervals.at(-1)?.to).toBeNull();
      }),
    );
  });

  it('what is called certain is true although one entry is missing, as far as there is a later one', () => {
    const robbed = pasts.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.nat({ max: Math.max(0, entries.length - 1) })),
    );
    fc.assert(
      fc.property(robbed, ([entries, lost]) => {
        const whole = historyOf(entries, ip);
        const rest = historyOf(entries.toSpliced(lost, 1), ip);
        for (const minute of minutes) {
          const interval = intervalAt(rest, time(minute));
          if (interval?.certain !== true || interval.to === null) continue;
          expect(interval.holder?.pod ?? null).toBe(holderAt(whole, minute));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('with numbered changes what is called certain is true, whichever entries of a route are missing', () => {
    const numbered = pasts.map((entries) =>
      entries
        .filter(({ route }) => route.name === 'nat')
        .map((entry, at): AuditEntry => ({ ...entry, changes: at + 1 })),
    );
    const robbed = numbered.chain((entries) => fc.tuple(fc.constant(entries), fc.subarray(entries)));
    fc.assert(
      fc.property(robbed, ([entries, left]) => {
        const whole = historyOf(entries, ip);
        const rest = historyOf(left, ip);
        for (const minute of minutes) {
          const interval = intervalAt(rest, time(minute));
          if (interval?.certain !== true || interval.to === null) continue;
          expect(interval.holder?.pod ?? null).toBe(holderAt(whole, minute));
        }
      }),
      { numRuns: 500 },
    );
  });
});
