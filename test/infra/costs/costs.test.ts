import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { loads, monthOf } from '../../../infra/costs/model.ts';
import { withCosts } from '../../../infra/costs/table.ts';
import permissions from '../../../infra/rights/permissions.json' with { type: 'json' };
import { sample } from '../../events/entries.ts';

const readme = readFileSync(new URL('../../../infra/README.md', import.meta.url), 'utf8');

/** The formatter pads the cells of tables. */
const unpadded = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

describe('infra/README.md', () => {
  it('has the costs that the rates and prices give (npm run costs)', () => {
    expect(unpadded(withCosts(readme))).toBe(unpadded(readme));
  });

  it('explains each permission of the functions, and none that they do not have', () => {
    const [, inProject = '', inHost = ''] = readme.split(/\*\*In (?:each cluster|the host project)/);
    const named = (text: string) => [
      ...new Set([...text.matchAll(/`((?:compute|container)\.\w+\.\w+)`/g)].map(([, name]) => name)),
    ];
    expect(named(inProject).sort()).toEqual([...permissions.project, ...permissions.cluster].sort());
    expect(named(inHost).sort()).toEqual(permissions.networkProject);
    for (const permission of permissions.auditLog) expect(inHost).toContain(permission);
  });
});

describe('the model of costs', () => {
  it('takes the sizes of the real entries', () => {
    const kilobytes = (name: Parameters<typeof sample>[0]) => JSON.stringify(sample(name)).length / 1024;
    expect(kilobytes('pods-create')).toBeCloseTo(6.3, 1);
    expect(kilobytes('pods-status-patch')).toBeCloseTo(2.3, 1);
  });

  it('counts by hand what a day of one Pod and one node costs', () => {
    const month = monthOf({ name: 'x', nodes: 1, podsADay: 1, routes: 0, movesADay: 1 });
    const entries = 30 * 7 + 30 * 288;
    expect(month.entries).toBe(entries);
    expect(month.requests).toBe(entries + 180 + 43_200);
    const ms = (entries - 180) * 100 + 180 * 300 + 180 * 2_000 + 43_200 * 1_000;
    expect(month.vcpuSeconds).toBeCloseTo(ms / 1000, 6);
    const functions = (ms / 1000) * 0.000024 + ((ms / 1000) * 0.0000025) / 2 + (month.requests / 1e6) * 0.4;
    expect(month.dollars.functions).toBeCloseTo(functions, 9);
  });

  test.each(loads)('$name: judging each entry costs less than acting on each', (load) => {
    const { functions } = monthOf(load).dollars;
    expect(monthOf(load, { fine: false }).dollars.functions).toBeGreaterThan(2 * functions);
  });

  it('a small cluster runs within the free amounts', () => {
    expect(monthOf(loads[0]!).afterFree).toBe(0);
  });
});
