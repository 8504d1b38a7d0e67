import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, holderEntry } from '../../../functions/persistent-ip/audit.ts';
import { historyOf, type Interval } from '../../../functions/persistent-ip/history.ts';
import { aboutAddress } from '../../../functions/persistent-ip/history-entries.ts';
import { within } from '../../../functions/persistent-ip/history-range.ts';
import type { Holder } from '../../../functions/persistent-ip/holder-record.ts';
import { cause, clusterKey, metadata, start } from '../fixtures.ts';

const ip = '34.1.2.3';
const at = (minute: number): string => new Date(start.getTime() + minute * 60_000).toISOString();
const time = (minute: number): number => Date.parse(at(minute));
const intervalAt = (intervals: Parameters<typeof within>[0], moment: number) =>
  within(intervals, { from: moment, to: moment })[0];
const podOf = (name: string): Holder => ({
  pod: name,
  uid: `uid-${name}`,
  node: `node-of-${name}`,
  zone: 'us-central1-a',
  podIP: '10.0.0.7',
});

const change = (
  minute: number,
  before: string | undefined,
  after: string | undefined,
  { route = 'nat', addresses = [ip] }: { route?: string; addresses?: readonly string[] } = {},
): AuditEntry =>
  holderEntry(clusterKey, metadata(route), {
    holder: after === undefined ? undefined : podOf(after),
    before: before === undefined ? undefined : podOf(before),
    at: at(minute),
    cause: { ...cause, at: new Date(time(minute) - 300).toISOString() },
    replaced: `fp-${minute}`,
    written: at(minute),
    addresses,
    moves: [],
  });

/** An entry of a status: what the spec claims, and whether Google Cloud has it. */
const status = (minute: number, addresses: readonly string[], gcpReady: 'True' | 'False'): AuditEntry => ({
  ...change(minute, undefined, undefined),
  insertId: `rv-${minute}`,
  action: 'condition',
  addresses,
  conditions: [{ type: 'GCPReady', status: gcpReady, reason: 'r', message: '' }],
});

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
