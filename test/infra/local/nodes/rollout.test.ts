import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRollout, type SetSize, strategyOf } from '../../../../infra/local/nodes/rollout.ts';
import { templateHash } from '../../../../infra/local/nodes/template-hash.ts';

const set = (name: string, replicas: number, available = replicas): SetSize => ({
  name,
  replicas,
  available,
});
const rolling = (maxSurge: number, maxUnavailable: number) =>
  ({ type: 'RollingUpdate', maxSurge, maxUnavailable }) as const;
const recreate = strategyOf({ type: 'Recreate' }, 3);

test('percentages: surge rounds up, unavailability down, never both nothing', () => {
  expect(strategyOf(undefined, 3)).toEqual(rolling(1, 0));
  expect(strategyOf({ rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } }, 3)).toEqual(rolling(0, 1));
});

test('a new template begins with as many Pods as the surge leaves room for', () => {
  expect(planRollout(3, rolling(1, 0), undefined, [set('old', 3)], 3)).toEqual([
    { do: 'create', replicas: 1 },
  ]);
});

test('old Pods go when new ones are available', () => {
  expect(planRollout(3, rolling(1, 0), set('new', 1, 0), [set('old', 3)], 3)).toEqual([]);
  expect(planRollout(3, rolling(1, 0), set('new', 1), [set('old', 3)], 3)).toEqual([
    { do: 'scale', name: 'old', replicas: 2 },
  ]);
});

test('old Pods that are not available go first', () => {
  const steps = planRollout(3, rolling(1, 1), set('new', 1, 0), [set('older', 1, 0), set('old', 2)], 3);
  expect(steps).toEqual([{ do: 'scale', name: 'older', replicas: 0 }]);
});

test('scaling needs no rollout', () => {
  expect(planRollout(5, rolling(1, 0), set('new', 2), [], 0)).toEqual([
    { do: 'scale', name: 'new', replicas: 5 },
  ]);
  expect(planRollout(1, rolling(1, 0), set('new', 2), [], 0)).toEqual([
    { do: 'scale', name: 'new', replicas: 1 },
  ]);
});

test('Recreate waits until the last old Pod is gone', () => {
  expect(planRollout(3, recreate, undefined, [set('old', 3)], 3)).toEqual([
    { do: 'scale', name: 'old', replicas: 0 },
  ]);
  expect(planRollout(3, recreate, undefined, [set('old', 0)], 1)).toEqual([]);
  expect(planRollout(3, recreate, undefined, [set('old', 0)], 0)).toEqual([{ do: 'create', replicas: 3 }]);
});

test('a rolling update ends, never has too many Pods, and never too few that are available', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      (replicas, surge, down) => {
        const strategy = strategyOf(
          { rollingUpdate: { maxSurge: surge, maxUnavailable: Math.min(down, replicas) } },
          replicas,
        );
        let current: SetSize | undefined;
        let old = set('old', replicas);
        for (let round = 0; round < 200; round++) {
          const steps = planRollout(replicas, strategy, current, [old], old.replicas);
          for (const step of steps) {
            if (step.do === 'create') current = set('new', step.replicas, 0);
            else if (step.name === 'new') current = set('new', step.replicas, current?.available);
            else old = set('old', step.replicas);
          }
          expect(old.replicas + (current?.replicas ?? 0)).toBeLessThanOrEqual(replicas + strategy.maxSurge);
          expect(old.available + (current?.available ?? 0)).toBeGreaterThanOrEqual(
            replicas - strategy.maxUnavailable,
          );
          if (steps.length === 0 && current?.available === current?.replicas) break;
          if (steps.length === 0 && current !== undefined) current = set('new', current.replicas);
        }
        expect([current?.replicas, old.replicas]).toEqual([replicas, 0]);
      },
    ),
  );
});

test('equal templates have equal hashes, whatever the order of their fields', () => {
  expect(templateHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(templateHash({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 2 }));
});
