import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { MovesTally } from '../../../functions/persistent-ip/moves.ts';
import { sweepMethod } from '../../../functions/persistent-ip/sweep-times.ts';
import { cause, clusterKey } from '../fixtures.ts';

const midnight = Date.parse('2026-11-25T00:00:00.000Z');
const minute = 60_000;
const hour = 60 * minute;

const entry = (at: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  insertId: `i-${at}`,
  timestamp: new Date(midnight + at).toISOString(),
  action: 'move',
  cluster: clusterKey,
  route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
  addresses: ['34.1.2.3'],
  to: { pod: 'nat-1', uid: 'u', node: 'n', zone: 'z', podIP: '10.0.0.1' },
  cause,
  latencyMs: 100,
  outcome: 'held',
  ...more,
});
const day = { from: midnight, to: midnight + 24 * hour };
const report = (entries: readonly AuditEntry[], filter = {}, range = day, readFrom?: number) => {
  const tally = new MovesTally(filter);
  tally.add(entries);
  return tally.report(range, readFrom);
};

describe('moves of a day', () => {
  it('are counted by hour, with the median and the worst of their latency', () => {
    const said = report([
      entry(10 * minute, { latencyMs: 100 }),
      entry(20 * minute, { latencyMs: 301 }),
      entry(30 * minute, { action: 'release', latencyMs: 9_999 }),
      entry(3 * hour, { action: 'allocate', latencyMs: 4_000 }),
    ]);
    expect(said).toMatchObject({ moves: 2, allocations: 1, releases: 1, medianMs: 301, worstMs: 4_000 });
    expect(said.worst).toMatchObject({ at: '2026-11-25T03:00:00.000Z', latencyMs: 4_000, pod: 'nat-1' });
    expect(said.hours).toHaveLength(24);
    expect(said.hours[0]).toEqual({
      hour: '2026-11-25T00:00:00.000Z',
      moves: 2,
      allocations: 0,
      releases: 1,
      foundBySweep: 0,
      medianMs: 201,
      worstMs: 301,
    });
    expect(said.hours[1]).toMatchObject({ moves: 0, medianMs: null, worstMs: null });
  });

  it('that a sweep found have no latency that anybody knows', () => {
    const said = report([entry(0, { cause: { ...cause, method: sweepMethod }, latencyMs: 3 })]);
    expect(said).toMatchObject({ moves: 1, foundBySweep: 1, medianMs: null, worstMs: null, worst: null });
  });

  it('are of the hours that the range touches, and of no time outside it', () => {
    const range = { from: midnight + 90 * minute, to: midnight + 3 * hour };
    const said = report([entry(89 * minute), entry(90 * minute), entry(3 * hour)], {}, range);
    expect(said.moves).toBe(1);
    expect(said.hours.map((of) => of.hour.slice(11, 13))).toEqual(['01', '02']);
  });

  it('are of the cluster and the namespace that were asked for, to the letter', () => {
    const other = entry(1, { route: { namespace: 'Edge', name: 'nat', uid: 'x' } });
    const elsewhere = entry(2, { cluster: { ...clusterKey, name: 'dev' } });
    expect(report([entry(0), other, elsewhere], { cluster: 'prod', namespace: 'edge' }).moves).toBe(1);
  });

  it('are not statuses', () => {
    expect(report([entry(0, { action: 'condition' }), entry(1, { action: 'refuse' })])).toMatchObject({
      moves: 0,
      allocations: 0,
      releases: 0,
    });
  });

  it('begin later, and say so, where not all of the log was read', () => {
    const said = report([entry(hour), entry(5 * hour)], {}, day, midnight + 4 * hour);
    expect(said).toMatchObject({ complete: false, from: '2026-11-25T04:00:00.000Z', moves: 1 });
    expect(said.hours).toHaveLength(20);
  });
});

describe('whatever the log holds', () => {
  const changes = fc.array(
    fc.record({
      at: fc.integer({ min: -hour, max: 26 * hour }),
      action: fc.constantFrom('move' as const, 'allocate' as const, 'release' as const),
      latencyMs: fc.integer({ min: 0, max: 100_000 }),
      swept: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  const entriesOf = (
    made: readonly { at: number; action: AuditEntry['action']; latencyMs: number; swept: boolean }[],
  ) =>
    made.map(({ at, action, latencyMs, swept }, index) =>
      entry(at, {
        insertId: `i-${index}`,
        action,
        latencyMs,
        ...(swept ? { cause: { ...cause, method: sweepMethod } } : {}),
      }),
    );

  it('the hours add up to the day, and the worst of them is the day’s', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const said = report(entriesOf(made));
        for (const count of ['moves', 'allocations', 'releases', 'foundBySweep'] as const)
          expect(said.hours.reduce((sum, of) => sum + of[count], 0)).toBe(said[count]);
        const worst = said.hours.flatMap(({ worstMs }) => worstMs ?? []);
        expect(said.worstMs).toBe(worst.length === 0 ? null : Math.max(...worst));
        expect(said.worst?.latencyMs ?? null).toBe(said.worstMs);
      }),
      { numRuns: 200 },
    );
  });

  it('as many latencies lie at or below the median as at or above it', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { medianMs } = report(entriesOf(made));
        const known = made.filter(
          ({ at, action, swept }) => at >= 0 && at < 24 * hour && action !== 'release' && !swept,
        );
        if (known.length === 0) expect(medianMs).toBeNull();
        else {
          const below = known.filter(({ latencyMs }) => latencyMs < medianMs! - 0.5).length;
          const above = known.filter(({ latencyMs }) => latencyMs > medianMs! + 0.5).length;
          expect(2 * Math.max(below, above)).toBeLessThanOrEqual(known.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('it is the same in any order, in any pages, with copies', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 7 }), fc.nat(), (made, size, seed) => {
        const entries = entriesOf(made);
        const mixed = [...entries, ...entries.slice(0, 3)].sort(
          (a, b) =>
            ((Date.parse(a.timestamp) * (seed + 7)) % 13) - ((Date.parse(b.timestamp) * (seed + 7)) % 13),
        );
        const tally = new MovesTally();
        for (let at = 0; at < mixed.length; at += size) tally.add(mixed.slice(at, at + size));
        // Of two that took as long at the same time either may be named.
        expect({ ...tally.report(day), worst: null }).toEqual({ ...report(entries), worst: null });
      }),
      { numRuns: 100 },
    );
  });
});
