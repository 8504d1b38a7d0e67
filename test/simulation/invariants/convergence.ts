import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { negKey } from '../../functions/cloud-in-memory.ts';
import { compareRest } from '../../functions/persistent-ip/model/agreement/compare.ts';
import { Tally } from '../../functions/persistent-ip/model/agreement/tally.ts';
import { rest } from '../../functions/persistent-ip/model/rest.ts';
import { pastOf } from '../../functions/persistent-ip/model/world/settle.ts';
import { World } from '../../functions/world.ts';
import type { View } from '../cloud/view.ts';
import type { Invariant } from './invariant.ts';
import { modelCluster } from './model-cluster.ts';

const keyOf = ({ metadata }: { metadata: { namespace: string; name: string } }): string =>
  `${metadata.namespace}/${metadata.name}`;

/** The truth as the model's own comparison takes it. */
const worldOf = (view: View): World => {
  const world = new World();
  for (const route of view.routes) world.routes.set(keyOf(route), asAnswered(view, route));
  for (const gateway of view.gateways) world.gateways.set(keyOf(gateway), gateway);
  for (const service of view.services) world.services.set(service.name, service);
  for (const rule of view.rules) world.rules.set(rule.name, rule);
  for (const firewall of view.firewalls) world.firewalls.set(firewall.name, firewall);
  for (const neg of view.negs) world.negs.set(negKey(neg), neg);
  world.classes.push(...view.classes);
  world.reserved.push(...view.addresses);
  return world;
};

/** A node that is cut off has no agent to answer: the route waits for it, and all else about it must be right. */
const asAnswered = (view: View, route: Route): Route => {
  const pod = view.pod(route.metadata.namespace, route.status.pods[0] ?? '');
  const node = view.nodes.find(({ name }) => name === pod?.nodeName);
  const waits = route.status.conditions.some(
    ({ type, reason }) => type === 'DPV2Ready' && reason === 'Mutated',
  );
  if (node === undefined || node.ready === 'True' || !waits) return route;
  const conditions = route.status.conditions.map((condition) => {
    if (condition.type === 'DPV2Ready') return { ...condition, status: 'True' as const, reason: 'DPV2Ready' };
    if (condition.type === 'Ready' && condition.reason === 'Mutated')
      return { ...condition, status: 'True' as const, reason: 'ProgrammingComplete' };
    return condition;
  });
  return { ...route, status: { ...route.status, conditions } };
};

/**
 * design/concepts.md, invariant 3: *when events stop, one sweep later every route is on the Pod that the rules above
 * choose, whatever was lost, repeated or reordered.* Held against the model of the specification: at rest, what is there
 * is what the model would come to from there.
 */
export const convergence: Invariant = {
  number: 3,
  name: 'convergence',
  atRest: ({ view }) => {
    const cluster = modelCluster(view);
    const world = worldOf(view);
    const past = pastOf(world, cluster);
    const found = compareRest(rest(cluster, past, past.reservations), world, past, new Tally());
    if (found.length === 0) return undefined;
    return found
      .map(
        ({ about, model, rules }) =>
          `${about}: must be ${JSON.stringify(model)}, is ${JSON.stringify(rules)}`,
      )
      .join('; ');
  },
};
