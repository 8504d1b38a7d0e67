import { expect, it } from 'vitest';
import type { Cause } from '../../../events/reconcile-request.ts';
import { changesRoute, decideRoute } from '../../../functions/persistent-ip/decide-route.ts';
import { requestFor } from '../../../functions/persistent-ip/dependants.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Pod, Route } from '../../../functions/persistent-ip/objects.ts';
import { deliveryFrom } from '../../../functions/persistent-ip/plan-service.ts';
import { isLookDue, sweepMethod } from '../../../functions/persistent-ip/sweep-times.ts';
import type { ObservationDependencies } from '../../../functions/reconciler/dependencies.ts';
import { observeRoute } from '../../../functions/reconciler/observe-route.ts';
import { serve, takeSnapshot } from '../../../functions/reconciler/snapshot.ts';
import { cause } from '../fixtures.ts';
import { type Story, stillThere, storyOf } from '../persistent-ip/model/agreement/agree.ts';
import { befall, moveOften } from '../persistent-ip/model/world/drift.ts';
import { place } from '../persistent-ip/model/world/place.ts';
import { settleWorld } from '../persistent-ip/model/world/settle.ts';
import { World } from '../world.ts';

const firstSeed = Number(process.env.SNAPSHOT_SEED ?? 700);
const stories = Number(process.env.SNAPSHOT_STORIES ?? 500);

const bySweep: Cause = { ...cause, method: sweepMethod };

const decisionOn = async (deps: ObservationDependencies, { metadata }: Route) => {
  const observed = await observeRoute(deps, requestFor(deps.cluster.key, 'route', metadata, bySweep));
  if (observed === undefined) throw new Error(`${metadata.name} is gone`);
  const decision = decideRoute(observed, deliveryFrom(observed));
  return { decision, changes: changesRoute(observed, decision) };
};

/** What the lists and the live reads decide about every route of a world. */
const decided = async ({ deps, routes }: World) => {
  const all = [...routes.values()];
  const snapshot = await takeSnapshot(deps);
  if (snapshot.compute instanceof Failure) throw snapshot.compute;
  const served = serve(deps, snapshot, snapshot.compute, all);
  return Promise.all(
    all.map(async (route) => ({
      route,
      live: await decisionOn(deps, route),
      listed: await decisionOn(served, route),
    })),
  );
};

const told = { changes: 0, none: 0, readyAndChanges: 0, leave: 0, act: 0 };

const compare = async (world: World, when: string, seed: number): Promise<void> => {
  for (const { route, live, listed } of await decided(world)) {
    expect(listed, `${route.metadata.name}, ${when}: SNAPSHOT_SEED=${seed} SNAPSHOT_STORIES=1`).toEqual(live);
    told[live.changes ? 'changes' : 'none'] += 1;
    told[live.decision.kind] += 1;
    if (live.changes && !isLookDue(route, 'minute', world.now)) told.readyAndChanges += 1;
  }
};

/** Pods that were not there as they are now are new ones: a Pod stays on its node, and labels are the blind spot. */
const rejuvenate = (world: World, before: ReadonlyMap<string, Pod>): void => {
  const creationTimestamp = `${new Date(world.now.getTime() - 60_000).toISOString().slice(0, 19)}Z`;
  for (const [key, pod] of world.pods)
    if (JSON.stringify(pod) !== JSON.stringify(before.get(key)))
      world.pods.set(key, { ...pod, metadata: { ...pod.metadata, creationTimestamp } });
};

const tell = async ({ before, after, moves, drift }: Story, seed: number): Promise<void> => {
  const world = new World();
  place(world, before);
  settleWorld(world, stillThere(world, before));
  await compare(world, 'at rest', seed);
  const pods = new Map(world.pods);
  place(world, after);
  world.now = new Date(world.now.getTime() + 3_600_000);
  rejuvenate(world, pods);
  moveOften(world, moves);
  await compare(world, 'after a change', seed);
  if (drift === undefined) return;
  befall(world, drift.what, drift.which);
  await compare(world, `after drift of a ${drift.what}`, seed);
};

it('from lists the rules decide what they decide from live reads, about every route of generated clusters', async () => {
  for (let seed = firstSeed; seed < firstSeed + stories; seed++) await tell(storyOf(seed), seed);
  // Nothing is proved about what does not occur.
  const least = stories < 500 ? 0 : 50;
  expect(Object.entries(told).filter(([, count]) => count < least)).toEqual([]);
}, 60_000);
