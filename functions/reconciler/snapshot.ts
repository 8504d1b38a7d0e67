import { matchingPods } from '../persistent-ip/choose-pod.ts';
import type { Address } from '../persistent-ip/cloud.ts';
import type { Failure } from '../persistent-ip/failure.ts';
import type { Route } from '../persistent-ip/objects.ts';
import { stemOfRoute } from '../persistent-ip/observation.ts';
import { recordOf } from '../persistent-ip/ownership.ts';
import { type Endpoint, sameNeg, wantedEndpoints } from '../persistent-ip/plan-endpoints.ts';
import type { ListedNeg } from '../persistent-ip/ports.ts';
import { isTurnOf } from '../persistent-ip/sweep-times.ts';
import type { ObservationDependencies, SweepDependencies } from './dependencies.ts';
import { observeNetworks } from './observe-networks.ts';
import { observeNode, observePods } from './observe-route.ts';
import { once } from './once.ts';
import { orFailure } from './or-failure.ts';
import { type ComputeListed, listCompute, serveCompute } from './snapshot-compute.ts';
import { type ClusterListed, listCluster, serveCluster } from './snapshot-kubernetes.ts';

/** One listing of everything, for all that a sweep asks. */
export interface Snapshot {
  /** Or why Compute Engine cannot be listed. */
  readonly compute: ComputeListed | Failure;
  readonly cluster: ClusterListed;
  /** The region's reserved addresses, listed when they are first asked for. */
  readonly addresses: () => Promise<readonly Address[]>;
}

/**
 * Compute first, then the cluster: a resource whose route is not in the list was there before the route was not, and the
 * fences (fingerprints, sizes) are older than the facts (Pods, Nodes, VMs), which are listed when the first one is asked for.
 * It is no moment's picture all the same. What changed in between shows as a difference that is none, which costs a
 * request that finds nothing to do; or hides one, until the next sweep.
 */
export const takeSnapshot = async (deps: SweepDependencies): Promise<Snapshot> => {
  const compute = await orFailure(listCompute(deps.lists, deps.cluster.zones));
  const cluster = await listCluster(deps.kubernetes);
  return { compute, cluster, addresses: once(() => deps.compute.addresses()) };
};

/**
 * For how long a matching Pod is young, milliseconds: its node may have taken another's place among those that are attached.
 */
const young = 30 * 60_000;

/**
 * What an observation of one of these routes reads, from lists alone. Which VMs are attached is no list's: where a NEG has
 * as many as it should have, and the leader, which cannot be detached, is one of them, they are supposed to be the right
 * ones. The NEG is asked where the number differs, where the record knows of an idle node or a matching Pod is young, and when it is the route's turn (sweep-times.ts): a Pod is on one
 * node as long as it lives, so which nodes are wanted changes with Pods, but for labels and what is done by hand.
 */
export const serve = (
  deps: SweepDependencies,
  { cluster, addresses }: Snapshot,
  listed: ComputeListed,
  looked: readonly Route[],
): ObservationDependencies => {
  const { lists, runtime } = deps;
  const byStem = new Map(looked.map((route) => [stemOfRoute(deps.cluster.key, route), route]));
  const services = new Map(listed.services.map((service) => [service.name, service]));
  const isPlain = (route: Route, stem: string): boolean =>
    !isTurnOf(route.metadata.uid, runtime.now()) &&
    recordOf(services.get(stem)?.description ?? '')?.idle === undefined;
  const endpointsOf = async (neg: ListedNeg, stem: string): Promise<readonly string[]> => {
    if (neg.size === 0) return [];
    const route = byStem.get(stem);
    const wanted = route !== undefined && isPlain(route, stem) ? await wantedOf(served, route, stem) : [];
    const here = wanted.filter((endpoint) => sameNeg(endpoint.neg, neg)).map(({ instance }) => instance);
    const instances = [...new Set(here)];
    const leader = services.get(stem)?.leader;
    const leads = leader === undefined || !sameNeg(leader.neg, neg) || instances.includes(leader.instance);
    return leads && instances.length === neg.size ? instances : lists.endpoints(neg);
  };
  const served: ObservationDependencies = {
    ...deps,
    kubernetes: serveCluster(deps.kubernetes, cluster, looked),
    compute: serveCompute(lists, listed, addresses, endpointsOf),
  };
  return served;
};

/** What would be attached if the route is accepted; nothing while nobody can suppose that it is. */
const wantedOf = async (
  served: ObservationDependencies,
  route: Route,
  stem: string,
): Promise<readonly Endpoint[]> => {
  const pods = await observePods(served, route);
  const since = served.runtime.now().getTime() - young;
  if (matchingPods(route, pods).some(({ metadata }) => Date.parse(metadata.creationTimestamp) > since))
    return [];
  const names = new Set(pods.flatMap(({ nodeName }) => nodeName ?? []));
  const [networks, ...nodes] = await Promise.all([
    observeNetworks(served.kubernetes, [route]),
    ...[...names].map((name) => observeNode(served, name)),
  ]);
  return wantedEndpoints(
    {
      route,
      cluster: served.cluster,
      network: networks.get(route.network),
      pods,
      nodes: new Map(nodes.flatMap((node) => (node === undefined ? [] : [[node.name, node] as const]))),
    },
    stem,
  );
};
