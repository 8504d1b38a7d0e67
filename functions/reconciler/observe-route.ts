import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { acceptApartFromNetwork, type RouteSeen } from '../persistent-ip/accept-route.ts';
import type { SeenNode } from '../persistent-ip/choose-pod.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { Pod, Route } from '../persistent-ip/objects.ts';
import type { RouteObservation } from '../persistent-ip/observation.ts';
import { isUsable } from '../persistent-ip/selector.ts';
import { whoseRoute } from '../persistent-ip/whose-route.ts';
import type { ObservationDependencies } from './dependencies.ts';
import { nothing, observeCloud } from './observe-cloud.ts';
import { observeContest } from './observe-contest.ts';
import { observeGateways } from './observe-gateways.ts';
import { observeNetworks } from './observe-networks.ts';
import { orFailure, orRefusal } from './or-failure.ts';

/**
 * Fences first, facts second: the fingerprint and the route's resourceVersion are answered before any Pod is read,
 * so a writer that decided on older facts is refused. Two rounds of reads; a third only for Pods on Nodes that are
 * not attached, for addresses that the route does not hold yet, and for NEGs in another network than the default one.
 * Source: design/architecture.md, *The reconciler*.
 *
 * @returns `undefined` when the route does not exist
 */
export const observeRoute = async (
  deps: ObservationDependencies,
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
  // An unreadable Network is nobody's business where the route is another's, refused anyway, or being deleted.
  const matters = whoseRoute(apart) === 'ours' && acceptApartFromNetwork(apart).accepted;
  if (networks instanceof Failure && matters) throw networks;
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

/** A selector that the rules refuse is not sent: the API server would refuse the whole list. */
export const observePods = (
  { kubernetes }: ObservationDependencies,
  route: Route,
): Promise<readonly Pod[]> =>
  isUsable(route.podSelector)
    ? kubernetes.pods(route.metadata.namespace, route.podSelector)
    : Promise.resolve([]);

/** A Node and its VM. On GKE both have one name, so where the zone is known they are read side by side. */
export const observeNode = async (
  { kubernetes, compute }: ObservationDependencies,
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
