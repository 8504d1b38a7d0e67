import type { APod, ARoute, Cluster, Holding, RoutePast } from './cluster.ts';
import { selectsLabels } from './reading.ts';

/** design/concepts.md, *Choosing the Pod*, sentence by sentence. */

/** "`pod-network` is an alias of `default`." */
export const networkOf = (route: ARoute): string =>
  route.network === 'pod-network' ? 'default' : route.network;

const matches = (route: ARoute, pod: APod): boolean => {
  // "Matching: Pods of the route's namespace that the selector selects, ..."
  if (pod.namespace !== route.namespace) return false;
  if (!selectsLabels(route.selector, pod.labels)) return false;
  // "... not `Succeeded`/`Failed`, not `hostNetwork`, ..."
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return false;
  if (pod.hostNetwork) return false;
  // "... with the route's network." "A Pod without the route's network does not match."
  if (networkOf(route) !== 'default' && !pod.networks.includes(networkOf(route))) return false;
  return true;
};

/** The rank of a Pod that may hold the route's addresses; `undefined`: it may not. */
export const rankOf = (cluster: Cluster, route: ARoute, pod: APod): 1 | 2 | 3 | 4 | undefined => {
  if (!matches(route, pod)) return undefined;
  // "`Exists`: `spec.nodeName` is set." A Pod that is Ready runs on a Node, too.
  const node = cluster.nodes.find(({ name }) => name === pod.node);
  // "Eligible: matching, its Node and that Node's VM exist, ..." "A Node is gone when its object is gone, or its VM is
  // absent, `STOPPING`, `STOPPED`, ..." "an unreadable VM counts as running."
  if (node === undefined || node.vm === 'gone') return undefined;
  // "`ReadyCondition`: the Pod's `Ready` condition is `True`."
  if (route.mode === 'ReadyCondition' && !pod.ready) return undefined;
  // "Rank: (1) live Pod on a ready Node, (2) terminating on a ready Node, (3) live on a Node that is
  // `Ready=False/Unknown`, (4) terminating on such a Node."
  if (node.ready === 'True') return pod.terminating ? 2 : 1;
  return pod.terminating ? 4 : 3;
};

/** The Pod that holds the route's addresses, if its route is accepted. */
export const rightfulPod = (cluster: Cluster, route: ARoute): APod | undefined => {
  // "The first rank with a Pod decides; ..."
  for (const rank of [1, 2, 3, 4]) {
    let best: APod | undefined;
    for (const pod of cluster.pods) {
      if (rankOf(cluster, route, pod) !== rank) continue;
      // "... within it the newest (latest `creationTimestamp`; equal: the greater name) holds the addresses."
      if (best === undefined) best = pod;
      else if (pod.created > best.created) best = pod;
      else if (pod.created === best.created && pod.name > best.name) best = pod;
    }
    if (best !== undefined) return best;
  }
  return undefined;
};

/** "at most so many moves a minute and route, a variable" */
const mostMoves = 6;

/**
 * "A Pod that turns Ready and not Ready again and again does not drag its addresses along at every turn": the Pod that the
 * rules name, or the one that has them, or nobody if it is not even Ready enough to have them now.
 */
export const holdingPod = (
  cluster: Cluster,
  route: ARoute,
  { last, moved, record }: Pick<RoutePast, 'last' | 'moved' | 'record'>,
): APod | undefined => {
  const rightful = rightfulPod(cluster, route);
  // "`Exists` and a lost node are never delayed"; nor is the return to the Pod that had them.
  if (rightful === undefined || rightful.uid === last || route.mode === 'Exists') return rightful;
  const present = cluster.pods.find((pod) => pod.uid === last && matches(route, pod));
  const node = cluster.nodes.find(({ name }) => name === present?.node);
  if (present === undefined || present.terminating || node?.ready !== 'True' || node.vm === 'gone')
    return rightful;
  // The last of the moves is kept for leaving a Pod that is not Ready.
  const holds = record !== null && record !== undefined;
  const most = holds && present.ready ? mostMoves - 1 : mostMoves;
  if (moved < most) return rightful;
  return holds ? present : undefined;
};

/**
 * "the Nodes of all *matching* Pods with `spec.nodeName` are kept attached as endpoints", once they are; "only Nodes without
 * a matching Pod for ten minutes" are detached, and the leader's cannot be.
 */
export const standbysOf = (
  cluster: Cluster,
  route: ARoute,
  { leader, attached }: Pick<RoutePast, 'leader' | 'attached'>,
): string[] => {
  const running = ({ name, vm }: Cluster['nodes'][number]) => vm !== 'gone' || attached.includes(name);
  const pods = cluster.pods.filter((pod) => matches(route, pod));
  const nodes = pods.flatMap(({ node }) =>
    cluster.nodes.some((one) => one.name === node && running(one)) || attached.includes(node ?? '')
      ? (node ?? [])
      : [],
  );
  return [...new Set([...nodes, ...(attached.includes(leader) ? [leader] : [])])].sort();
};

/** "the Nodes of all *matching* Pods with `spec.nodeName` are kept attached as endpoints" */
export const hasStandby = (cluster: Cluster, route: ARoute): boolean =>
  cluster.pods.some(
    (pod) => matches(route, pod) && cluster.nodes.some(({ name, vm }) => name === pod.node && vm !== 'gone'),
  );

/** "The holder is `{pod, uid, node, podIP}`, never a name." */
export const holdingOf = (pod: APod): Holding => ({
  pod: pod.name,
  uid: pod.uid,
  node: pod.node ?? '',
  ip: pod.ip ?? '',
});

export const sameHolding = (a: Holding | null | undefined, b: Holding | null | undefined): boolean => {
  if (a === null || a === undefined || b === null || b === undefined)
    return (a ?? undefined) === (b ?? undefined);
  return a.pod === b.pod && a.uid === b.uid && a.node === b.node && a.ip === b.ip;
};
