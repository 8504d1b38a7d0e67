import { cause } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { rightfulPod, standbysOf } from '../choice.ts';
import { type Cluster, keyOf } from '../cluster.ts';
import { deliverRoute } from '../world/deliver-route.ts';
import { pastOf, settleWorld } from '../world/settle.ts';
import { Comparison, type Disagreement } from './comparison.ts';
import type { Tally } from './tally.ts';

const sweep = { ...cause, method: 'sweep' };

/**
 * A minute later, so that a move which was too many is due. Then sweeps five minutes apart over a world at rest: for ten minutes every attached node stays; then those are attached that
 * the model names, of every route that holds something and is as its users want it.
 */
export const compareTidied = (world: World, cluster: Cluster, tally: Tally): Disagreement[] => {
  const all = new Comparison();
  world.now = new Date(world.now.getTime() + 60_000);
  settleWorld(world, cluster);
  const start = world.now.getTime();
  const before = pastOf(world, cluster);
  const held = cluster.routes.filter((route) => {
    const { record, conditions } = before.routes.get(keyOf(route)) ?? {};
    const reason = conditions?.get('GCPReady')?.reason;
    return record !== undefined && (reason === 'GCPReady' || reason === 'NoPodsFound');
  });
  const accepted = held.filter(
    (route) => before.routes.get(keyOf(route))?.conditions.get('Accepted')?.status === 'True',
  );
  for (const minutes of [0, 5, 10, 15]) {
    world.now = new Date(start + minutes * 60_000);
    for (const route of held) deliverRoute(world, keyOf(route), sweep);
    const { routes } = pastOf(world, cluster);
    if (minutes > 5) continue;
    for (const route of held) {
      const was = before.routes.get(keyOf(route))?.attached ?? [];
      const left = was.filter((node) => routes.get(keyOf(route))?.attached.includes(node));
      all.same(`nodes of ${keyOf(route)} after ${minutes} minutes`, was, left);
    }
  }
  const { routes } = pastOf(world, cluster);
  for (const route of held) {
    const past = before.routes.get(keyOf(route));
    const now = routes.get(keyOf(route));
    if (past === undefined || now === undefined) continue;
    const expected = accepted.includes(route) ? standbysOf(cluster, route, past) : past.attached;
    if (expected.length < past.attached.length) tally.add('standbys are let go');
    all.same(`nodes of ${keyOf(route)} after 15 minutes`, expected, now.attached);
    all.same(`who holds the addresses of ${keyOf(route)} then`, past.record, now.record);
    if (accepted.includes(route))
      all.same(
        `the holder of ${keyOf(route)}`,
        rightfulPod(cluster, route)?.uid ?? null,
        now.record?.uid ?? null,
      );
  }
  return all.found;
};
