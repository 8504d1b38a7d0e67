import type { Cause } from '../../../../../events/reconcile-request.ts';
import { acceptRoute, type RouteSeen } from '../../../../../functions/persistent-ip/accept-route.ts';
import { overlap } from '../../../../../functions/persistent-ip/claims.ts';
import type { ForwardingRule } from '../../../../../functions/persistent-ip/cloud.ts';
import { isAllocating, isTrueNow } from '../../../../../functions/persistent-ip/conditions.ts';
import { ruleName } from '../../../../../functions/persistent-ip/names.ts';
import { networksByName } from '../../../../../functions/persistent-ip/networks.ts';
import type { Pod, Route } from '../../../../../functions/persistent-ip/objects.ts';
import { type RouteObservation, stemOfRoute } from '../../../../../functions/persistent-ip/observation.ts';
import { cause, clusterKey, facts } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { controllerName } from '../cluster.ts';
import { isEmpty, isParsable, selectsLabels } from '../reading.ts';

const seen = (world: World, route: Route): RouteSeen => ({
  route,
  controllerName,
  classes: world.classes,
  gateways: world.gateways,
  namespace: world.namespaces.get(route.metadata.namespace),
  network: networksByName(world.networks, world.paramSets).get(route.network),
});

const rulesNamed = (world: World, route: Route): readonly ForwardingRule[] => {
  const stem = stemOfRoute(clusterKey, route);
  return [...world.rules.values()].filter(({ name }) => name.startsWith(`${stem}-`));
};

/** What `observeRoute` reads over the wire in rounds, read from memory at once; test/functions/reconciler holds the real one. */
export const observe = (world: World, route: Route, why: Cause = cause): RouteObservation => {
  const stem = stemOfRoute(clusterKey, route);
  const negs = [...world.negs.values()].filter(({ name }) => name.startsWith(`${stem}-`));
  const rules = rulesNamed(world, route);
  const observed = seen(world, route);
  const acceptance = acceptRoute(observed);
  const contested =
    acceptance.accepted &&
    (!isTrueNow(route, 'Accepted') ||
      isAllocating(route) ||
      acceptance.ips.some(
        (ip) =>
          !rules.some(({ name, backendService }) => name === ruleName(stem, ip) && backendService === stem),
      ));
  return {
    ...observed,
    now: world.now,
    cause: why,
    deployment: 'test',
    cluster: facts,
    clusterUid: 'cluster-uid',
    pods: podsOf(world, route),
    nodes: seenNodes(world),
    cloud: { backendService: world.services.get(stem), rules, firewall: world.firewalls.get(stem), negs },
    contest: contested
      ? {
          rivals: [...world.routes.values()]
            .filter((other) => other !== route && overlap(route, other))
            .map((other) => ({ ...seen(world, other), rules: rulesNamed(world, other) })),
          rules: [...world.rules.values()].filter(({ ip }) => acceptance.ips.includes(ip)),
          reserved: world.reserved.filter(({ ip }) => acceptance.ips.includes(ip)),
        }
      : undefined,
  };
};

const seenNodes = (world: World): RouteObservation['nodes'] =>
  new Map(
    [...world.nodes].map(([name, node]) => {
      const at = `${node.instance?.zone}/${name}`;
      const vm = world.vms.get(at) ?? 'gone';
      return [name, { ...node, vm, vmSubnetworks: vm === 'running' ? (world.nics.get(at) ?? []) : [] }];
    }),
  );

/** A selector that the rules refuse is not sent. */
const podsOf = (world: World, { metadata: { namespace }, podSelector }: Route): readonly Pod[] =>
  isEmpty(podSelector) || !isParsable(podSelector)
    ? []
    : [...world.pods.values()].filter(
        ({ metadata }) => metadata.namespace === namespace && selectsLabels(podSelector, metadata.labels),
      );
