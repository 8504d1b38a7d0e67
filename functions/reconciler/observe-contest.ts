import { acceptRoute, type RouteSeen } from '../persistent-ip/accept-route.ts';
import { type Contest, overlap, type Rival } from '../persistent-ip/claims.ts';
import { isTrueNow } from '../persistent-ip/conditions.ts';
import { ruleName } from '../persistent-ip/names.ts';
import type { SeenNetwork } from '../persistent-ip/networks.ts';
import type { GatewayClass, Route } from '../persistent-ip/objects.ts';
import { type CloudSeen, stemOfRoute } from '../persistent-ip/observation.ts';
import type { ClusterDependencies } from './dependencies.ts';
import { observeGateways } from './observe-gateways.ts';
import { observeOthersNetworks } from './observe-networks.ts';

/**
 * Who else speaks for the addresses; `undefined`, and nothing read, while the route holds all of them and is accepted as
 * it is now. One that was edited, or not accepted for a while, may hold its addresses and claim a prefix in which by now
 * somebody else's are.
 */
export const observeContest = async (
  deps: ClusterDependencies,
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
  if (missing.length === 0 && isTrueNow(seen.route, 'Accepted')) return undefined;
  const [routes, rules, reserved] = await Promise.all([
    deps.kubernetes.routes(),
    deps.compute.forwardingRulesOf(acceptance.ips),
    deps.compute.addressesOf(acceptance.ips),
  ]);
  const overlapping = routes.filter(
    (other) => other.metadata.uid !== seen.route.metadata.uid && overlap(seen.route, other),
  );
  const networks = await observeOthersNetworks(deps.kubernetes, overlapping);
  const rivals = await Promise.all(
    overlapping.map((other) => observeRival(deps, seen.classes, networks, other)),
  );
  return { rivals, rules, reserved };
};

const observeRival = async (
  deps: ClusterDependencies,
  classes: readonly GatewayClass[],
  networks: ReadonlyMap<string, SeenNetwork>,
  route: Route,
): Promise<Rival> => {
  const [gateways, namespace, rules] = await Promise.all([
    observeGateways(deps, route),
    deps.kubernetes.namespace(route.metadata.namespace),
    deps.compute.forwardingRulesNamed(stemOfRoute(deps.cluster.key, route)),
  ]);
  const network = networks.get(route.network);
  return { route, controllerName: deps.controllerName, classes, gateways, namespace, network, rules };
};
