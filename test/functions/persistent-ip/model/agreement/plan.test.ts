import { expect, it } from 'vitest';
import type { Outcome } from '../../../../../functions/persistent-ip/forecast.ts';
import { type ManifestPlan, planManifest } from '../../../../../functions/reconciler/plan-manifest.ts';
import { World } from '../../../world.ts';
import { type Cluster, keyOf } from '../cluster.ts';
import { Chance } from '../generated/chance.ts';
import { change } from '../generated/change.ts';
import { generate } from '../generated/cluster.ts';
import { place } from '../world/place.ts';
import { settleWorld } from '../world/settle.ts';
import { time } from '../world/time.ts';

const firstSeed = Number(process.env.MODEL_SEED ?? 20_261_125);
const stories = Number(process.env.PLAN_STORIES ?? 300);

/** Seconds of the model's clock at which a manifest is applied: later than anything that is there. */
const applied = 5_000;

interface Story {
  readonly before: Cluster;
  readonly after: Cluster;
  /** Keys of what the manifest holds. */
  readonly routes: readonly string[];
  readonly gateways: readonly string[];
}

/** A cluster, and what people edit of its routes and Gateways or add to them; nothing else happens. */
const storyOf = (seed: number): Story => {
  const chance = new Chance(seed);
  const before = generate(chance);
  const wild = change(chance, change(chance, change(chance, before)));
  const edited = <T extends { namespace: string; name: string; deleting: boolean }>(
    old: readonly T[],
    all: readonly T[],
    kept: (was: T | undefined, is: T) => T,
  ) => {
    const asked = all.filter((one) => {
      const was = old.find((other) => keyOf(other) === keyOf(one));
      return !one.deleting && !was?.deleting && JSON.stringify(was) !== JSON.stringify(one);
    });
    const laid = new Map(
      asked.map((one) => [
        keyOf(one),
        kept(
          old.find((other) => keyOf(other) === keyOf(one)),
          one,
        ),
      ]),
    );
    const inPlace = old.map((one) => laid.get(keyOf(one)) ?? one);
    const fresh = [...laid.values()].filter((one) => !inPlace.includes(one));
    return { keys: [...laid.keys()], all: [...inPlace, ...fresh] };
  };
  const routes = edited(before.routes, wild.routes, (was, is) => ({
    ...is,
    marks: was?.marks ?? [],
    created: was?.created ?? applied,
    generation: was === undefined ? 1 : was.generation + 1,
  }));
  const gateways = edited(before.gateways, wild.gateways, (was, is) => ({
    ...is,
    generation: was === undefined ? 1 : was.generation + 1,
  }));
  return {
    before,
    after: { ...before, routes: routes.all, gateways: gateways.all },
    routes: routes.keys,
    gateways: gateways.keys,
  };
};

/** Whether the first round of steps makes room for a second one, which a plan only announces. */
const isFirstOfTwo = ({ routes, gateways, others }: ManifestPlan): boolean =>
  routes.some(
    ({ givesUp, holder, outcome }) => givesUp.length > 0 || (holder !== null && outcome !== 'served'),
  ) || [...gateways, ...others.routes].some(({ calls }) => calls.length > 0);

const verdictOf = (conditions: readonly { type: string; status: string; reason: string }[]): string => {
  const accepted = conditions.find(({ type }) => type === 'Accepted');
  return `${accepted?.status}/${accepted?.reason}`;
};

/** What differs between a plan and what it comes to, and how often each outcome was compared. */
const differencesOf = async (seed: number, counts: Record<Outcome, number>): Promise<readonly string[]> => {
  const { before, after, routes, gateways } = storyOf(seed);
  const world = new World();
  place(world, before);
  settleWorld(world, before);
  world.now = new Date(time(applied));
  const manifest = new World();
  place(manifest, after);
  const plan = await planManifest(world.deps, {
    routes: routes.flatMap((key) => manifest.routes.get(key) ?? []),
    gateways: gateways.flatMap((key) => manifest.gateways.get(key) ?? []),
    namespaces: [],
  });
  if (plan.rejected.length > 0 || isFirstOfTwo(plan)) return [];
  place(world, after);
  settleWorld(world, after);
  return plan.routes.flatMap(({ outcome, wouldHold, conditions, ...planned }) => {
    counts[outcome] += 1;
    if (outcome === 'left') return [];
    const { status } = world.routes.get(keyOf(planned))!;
    const is = `${status.pods.join()} ${verdictOf(status.conditions)}`;
    const would = `${wouldHold?.pod ?? ''} ${verdictOf(conditions)}`;
    return is === would
      ? []
      : [`seed ${seed}, ${planned.name}: ${outcome}: it is ${is}, planned was ${would}`];
  });
};

it('what a plan says of a route is what it comes to, in whatever cluster', async () => {
  const counts = { served: 0, waits: 0, refused: 0, left: 0 };
  const found: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + stories; seed += 1)
    found.push(...(await differencesOf(seed, counts)));
  expect(found).toEqual([]);
  // Each outcome must have been seen, or nothing was compared.
  for (const [outcome, count] of Object.entries(counts))
    expect({ outcome, often: count > stories / 40 }).toEqual({ outcome, often: true });
}, 600_000);
