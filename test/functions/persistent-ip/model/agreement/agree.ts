import { World } from '../../../world.ts';
import { type Cluster, keyOf } from '../cluster.ts';
import { Chance } from '../generated/chance.ts';
import { change, flap } from '../generated/change.ts';
import { generate } from '../generated/cluster.ts';
import { rest } from '../rest.ts';
import { decideOnGateway, deliverGateway } from '../world/deliver-gateway.ts';
import { decideOnce } from '../world/deliver-route.ts';
import { befall, type Drift, moveOften } from '../world/drift.ts';
import { place } from '../world/place.ts';
import { pastOf, settleWorld } from '../world/settle.ts';
import { compareDecision, compareRest } from './compare.ts';
import { compareGatewayDecision } from './compare-gateway.ts';
import type { Disagreement } from './comparison.ts';
import type { Tally } from './tally.ts';
import { compareTidied } from './tidied.ts';

/** A cluster, and what it was before: most decisions are about what has changed. Two generated clusters in one. */
export interface Story {
  readonly before: Cluster;
  readonly after: Cluster;
  /** How often every route has moved in the last minute, before the change. */
  readonly moves: number;
  readonly drift?: { readonly what: Drift; readonly which: number };
}

export const storyOf = (seed: number): Story => {
  const chance = new Chance(seed);
  const before = generate(chance);
  const changed = change(chance, before);
  const moves = chance.in(40) ? chance.between(4, 7) : 0;
  const after = moves > 0 ? flap(chance, changed) : changed;
  if (!chance.in(15)) return { before, after, moves };
  const what = chance.one(['rule', 'firewall', 'leader'] as const);
  return { before, after, moves, drift: { what, which: chance.below(4) } };
};

const failure = { code: 'quotaExceeded', message: 'Quota exceeded.' };

/**
 * Runs a story through the rules and the model: the first cluster to rest; then, after the change, one decision about
 * every route, the same with a failure that only a person can mend, and the second cluster to rest.
 *
 * @returns what they differ in
 */
export const disagreements = ({ before, after, moves, drift }: Story, tally: Tally): Disagreement[] => {
  const world = new World();
  place(world, before);
  const found = settled(world, before, tally);
  if (found.length > 0) return found;
  place(world, after);
  world.now = new Date(world.now.getTime() + 3_600_000);
  moveOften(world, moves);
  found.push(...decidedGateways(world, after, tally));
  // A route is told of its Gateway's change when the Gateway's status says it.
  for (const key of world.gateways.keys()) deliverGateway(world, key);
  if (drift !== undefined) befall(world, drift.what, drift.which);
  const left = stillThere(world, after);
  const past = pastOf(world, left);
  for (const [key, { status }] of world.routes) {
    const decision = decideOnce(world, key);
    found.push(...compareDecision(left, past, key, status.conditions, decision?.status, false, tally));
    // Only a step can fail.
    if (decision === undefined || decision.stages.length === 0) continue;
    const failed = decideOnce(world, key, failure)?.status;
    found.push(...compareDecision(left, past, key, status.conditions, failed, true, tally));
  }
  if (found.length > 0) return found;
  const atRest = settled(world, left, tally);
  return atRest.length > 0 ? atRest : compareTidied(world, stillThere(world, left), tally);
};

const decidedGateways = (world: World, cluster: Cluster, tally: Tally): Disagreement[] => {
  const left = stillThere(world, cluster);
  const past = pastOf(world, left);
  return [...world.gateways].flatMap(([key, gateway]) => {
    const decision = decideOnGateway(world, gateway);
    const found = compareGatewayDecision(left, past, key, decision.status, tally);
    if (decision.stages.length === 0) return found;
    const failed = decideOnGateway(world, gateway, failure).status;
    return [...found, ...compareGatewayDecision(left, past, key, failed, tally)];
  });
};

const settled = (world: World, cluster: Cluster, tally: Tally): Disagreement[] => {
  const left = stillThere(world, cluster);
  const past = pastOf(world, left);
  settleWorld(world, left);
  const seen = pastOf(world, left);
  return compareRest(rest(left, past, seen.reservations), world, seen, tally);
};

/** Without what the API server removed as soon as it was deleted. */
export const stillThere = (world: World, cluster: Cluster): Cluster => ({
  ...cluster,
  gateways: cluster.gateways.filter((gateway) => world.gateways.has(keyOf(gateway))),
  routes: cluster.routes.filter((route) => world.routes.has(keyOf(route))),
});
