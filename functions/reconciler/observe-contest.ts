import { acceptRoute, type RouteSeen } from '../persistent-ip/accept-route.ts';
import { type Contest, overlap, type Rival } from '../persistent-ip/claims.ts';
import { isAllocating, isTrueNow } from '../persistent-ip/conditions.ts';
import { ruleName } from '../persistent-ip/names.ts';
import type { GatewayClass, Route } from '../persistent-ip/objects.ts';
import { type CloudSeen, stemOfRoute } from '../persistent-ip/observation.ts';
import { gatewayKey, hasOurFinalizer } from '../persistent-ip/whose-route.ts';
import type { ObservationDependencies } from './dependencies.ts';
import { observeOthersNetworks } from './observe-networks.ts';

/**
 * Who else speaks for the addresses; `undefined`, and nothing read, while the route holds all of them and is accepted as
 * it is now. One that was edited, or not accepted for a while, may hold its addresses and claim a prefix in which by now
 * somebody else's are. So may one that has just been given its addresses: Google Cloud refuses a second rule for an
 * address, not for a prefix, so before the Pod is named for the first time there is one more look.
 */
export const observeContest = async (
  deps: ObservationDependencies,
  seen: RouteSeen,
  cloud: CloudSeen,
): Promise<Contest | undefined> => {
  const acceptance = acceptRoute(seen);
  if (!acceptance.accepted) return undefined;
  const stem = stemOfRoute(deps.cluster.key, seen.route);
  const missing = acceptance.ips.filter(
    (ip) =>
      !cloud.rules.some(({ name, backendService }) => name === ruleName(stem, ip) && backendService === stem),
  );
  if (missing.length === 0 && isTrueNow(seen.route, 'Accepted') && !isAllocating(seen.route))
    return undefined;
  const [routes, rules, reserved] = await Promise.all([
    deps.kubernetes.routes(),
    deps.compute.forwardingRulesOf(acceptance.ips),
    deps.compute.addressesOf(acceptance.ips),
  ]);
  const overlapping = routes.filter(
    (other) => other.metadata.uid !== seen.route.metadata.uid && overlap(seen.route, other),
  );
  return { rivals: await observeRivals(deps, seen.classes, overlapping), rules, reserved };
};

/** By as many calls for a thousand as for one: a tenant's prefix may overlap every route of the cluster. */
const observeRivals = async (
  { kubernetes, compute, cluster, controllerName }: ObservationDependencies,
  classes: readonly GatewayClass[],
  routes: readonly Route[],
): Promise<readonly Rival[]> => {
  if (routes.length === 0) return [];
  const stemOf = (route: Route): string => stemOfRoute(cluster.key, route);
  const [allGateways, allNamespaces, networks, rules] = await Promise.all([
    kubernetes.gateways(),
    kubernetes.namespaces(),
    observeOthersNetworks(kubernetes, routes),
    // Before its finalizer is there, a route has no rule.
    compute.forwardingRulesNamed(routes.filter(hasOurFinalizer).map(stemOf)),
  ]);
  const gateways = new Map(allGateways.map((gateway) => [gatewayKey(gateway.metadata), gateway]));
  const namespaces = new Map(allNamespaces.map((namespace) => [namespace.metadata.name, namespace]));
  return routes.map((route) => ({
    route,
    controllerName,
    classes,
    gateways,
    namespace: namespaces.get(route.metadata.namespace),
    network: networks.get(route.network),
    rules: rules.filter(({ name }) => name.startsWith(`${stemOf(route)}-`)),
  }));
};
