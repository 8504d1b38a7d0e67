import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { acceptApartFromNetwork, acceptRoute, type RouteSeen } from '../persistent-ip/accept-route.ts';
import { isGatewayRef } from '../persistent-ip/admission.ts';
import type { SeenNode } from '../persistent-ip/choose-pod.ts';
import { type Contest, overlap, type Rival } from '../persistent-ip/claims.ts';
import { Failure } from '../persistent-ip/failure.ts';
import { negName, ruleName, stemOf } from '../persistent-ip/names.ts';
import type { SeenNetwork } from '../persistent-ip/networks.ts';
import type { Gateway, GatewayClass, Pod, Route } from '../persistent-ip/objects.ts';
import { type CloudSeen, type RouteObservation, stemOfRoute } from '../persistent-ip/observation.ts';
import { isEmptySelector, selectorProblem } from '../persistent-ip/selector.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ClusterDependencies } from './dependencies.ts';
import { observeNetworks, observeOthersNetworks } from './observe-networks.ts';

/**
 * Fences first, facts second: the fingerprint and the route's resourceVersion are answered before any Pod is read,
 * so a writer that decided on older facts is refused. Two rounds of reads; a third only for Pods on Nodes that are
 * not attached and for addresses that the route does not hold yet.
 * Source: design/architecture.md, *The reconciler*.
 *
 * @returns `undefined` when the route does not exist
 */
export const observeRoute = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
): Promise<RouteObservation | undefined> => {
  const { kubernetes } = deps;
  const uid = request.uid ?? (await kubernetes.route(request.namespace, request.name))?.metadata.uid;
  if (uid === undefined) return undefined;
  const [route, classes, clusterUid, answered] = await Promise.all([
    kubernetes.route(request.namespace, request.name),
    kubernetes.gatewayClasses(),
    kubernetes.clusterUid(),
    orRefusal(observeCloud(deps, request, uid)),
  ]);
  if (route === undefined) return undefined;
  // Recreated under its name: what was read from Compute belongs to its predecessor.
  if (route.metadata.uid !== uid) return observeRoute(deps, { ...request, uid: route.metadata.uid });
  const cloud = answered instanceof Failure ? nothing : answered;
  const attached = cloud.negs.flatMap(({ zone, endpoints }) =>
    endpoints.map((instance) => ({ zone, instance })),
  );
  const [gateways, namespace, networks, pods, attachedNodes] = await Promise.all([
    observeGateways(deps, route),
    kubernetes.namespace(route.metadata.namespace),
    orFailure(observeNetworks(kubernetes, [route])),
    observePods(deps, route),
    Promise.all(attached.map(({ zone, instance }) => observeNode(deps, instance, zone))),
  ]);
  const apart = { route, controllerName: deps.controllerName, classes, gateways, namespace };
  // An unreadable Network is nobody's business where the route is refused anyway, or being deleted.
  if (networks instanceof Failure && acceptApartFromNetwork(apart).accepted) throw networks;
  const network = networks instanceof Failure ? undefined : networks.get(route.network);
  const seen: RouteSeen = { ...apart, network };
  const nodes = new Map(
    attachedNodes.flatMap((node) => (node === undefined ? [] : [[node.name, node] as const])),
  );
  const tried = new Set(attached.map(({ instance }) => instance));
  const others = [...new Set(pods.flatMap(({ nodeName }) => nodeName ?? []))].filter(
    (name) => !tried.has(name),
  );
  const [otherNodes, contest] = await Promise.all([
    Promise.all(others.map((name) => observeNode(deps, name))),
    answered instanceof Failure ? answered : orRefusal(observeContest(deps, seen, cloud)),
  ]);
  for (const node of otherNodes) if (node !== undefined) nodes.set(node.name, node);
  return {
    ...seen,
    now: deps.runtime.now(),
    cause: request.cause,
    deployment: deps.deployment,
    cluster: deps.cluster,
    clusterUid,
    pods,
    nodes,
    cloud,
    ...(contest instanceof Failure
      ? { contest: undefined, refusal: { code: contest.code, message: contest.message } }
      : { contest }),
  };
};

const nothing: CloudSeen = { backendService: undefined, rules: [], firewall: undefined, negs: [] };

const observeCloud = async (
  { compute, cluster }: ClusterDependencies,
  { namespace, name }: ReconcileRequest,
  uid: string,
): Promise<CloudSeen> => {
  const stem = stemOf({ cluster: cluster.key, namespace, name, uid });
  const subnetworks = [cluster.subnetwork, ...cluster.moreSubnetworks];
  const negsOf = (zone: string) =>
    compute.negsNamed(
      zone,
      stem,
      subnetworks.map((subnetwork) => negName(stem, zone, subnetwork)),
    );
  const [backendService, rules, firewall, negs] = await Promise.all([
    compute.backendService(stem),
    compute.forwardingRulesNamed(stem),
    compute.firewall(stem),
    Promise.all(cluster.zones.map(negsOf)),
  ]);
  return { backendService, rules, firewall, negs: negs.flat() };
};

/** What another read may make irrelevant: its failure is kept, not thrown. */
const orFailure = async <T>(value: Promise<T>): Promise<T | Failure> => {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
};

const observeGateways = async (
  { kubernetes }: ClusterDependencies,
  route: Route,
): Promise<ReadonlyMap<string, Gateway>> => {
  const refs = new Map(route.parentRefs.filter(isGatewayRef).map((ref) => [gatewayKey(ref), ref]));
  const found = await Promise.all(
    [...refs.values()].map(({ namespace, name }) => kubernetes.gateway(namespace, name)),
  );
  return new Map(
    found.flatMap((gateway) => (gateway === undefined ? [] : [[gatewayKey(gateway.metadata), gateway]])),
  );
};

/** The same for a refusal that only a person can mend: it is a fact to be reported. */
const orRefusal = async <T>(value: Promise<T>): Promise<T | Failure> => {
  const result = await orFailure(value);
  if (result instanceof Failure && result.kind !== 'user') throw result;
  return result;
};

/** A selector that the rules refuse is not sent: the API server would refuse the whole list. */
const observePods = ({ kubernetes }: ClusterDependencies, route: Route): Promise<readonly Pod[]> =>
  isEmptySelector(route.podSelector) || selectorProblem(route.podSelector) !== undefined
    ? Promise.resolve([])
    : kubernetes.pods(route.metadata.namespace, route.podSelector);

/** A Node and its VM. On GKE both have one name, so where the zone is known they are read side by side. */
const observeNode = async (
  { kubernetes, compute }: ClusterDependencies,
  name: string,
  zone?: string,
): Promise<SeenNode | undefined> => {
  const [node, vm] = await Promise.all([
    kubernetes.node(name),
    zone === undefined ? undefined : compute.vm(zone, name),
  ]);
  if (node === undefined) return undefined;
  const { instance } = node;
  if (instance === undefined) return { ...node, vm: 'unreadable', vmSubnetworks: [] };
  const known = vm !== undefined && instance.zone === zone && instance.name === name;
  const { state, subnetworks } = known ? vm : await compute.vm(instance.zone, instance.name);
  return { ...node, vm: state, vmSubnetworks: subnetworks };
};

const observeContest = async (
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
  if (missing.length === 0) return undefined;
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
