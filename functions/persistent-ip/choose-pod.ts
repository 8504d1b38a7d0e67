import type { Holder } from './holder-record.ts';
import { isDefaultNetwork } from './networks.ts';
import type { Node, Pod, Route, VmState } from './objects.ts';
import { selects } from './selector.ts';

/** A Node with what Compute says of its VM. */
export interface SeenNode extends Node {
  readonly vm: VmState;
  /** Short names of the subnetworks of its VM's NICs; empty when the VM could not be read. */
  readonly vmSubnetworks: readonly string[];
}

/** A Pod on a Node that is still there. */
export interface Candidate {
  readonly pod: Pod;
  readonly node: SeenNode;
  readonly zone: string;
}

/** Why a Pod of the route's namespace is none that the route speaks of; `undefined`: it is one. */
export const whyNotMatching = (route: Route, pod: Pod): string | undefined => {
  if (pod.metadata.namespace !== route.metadata.namespace) return 'it is in another namespace';
  if (!selects(route.podSelector, pod.metadata.labels)) return 'the selector does not select it';
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return `it has finished (${pod.phase})`;
  if (pod.hostNetwork) return 'it is on the network of its Node (hostNetwork)';
  if (!isDefaultNetwork(route.network) && !pod.networks.includes(route.network))
    return `it has no interface on Network "${route.network}"`;
  return undefined;
};

/**
 * Pods that the route speaks of: of its namespace, selected, not finished, not on the host's network, with an
 * interface on the route's network.
 * They decide the standbys whether or not they may hold an address yet.
 */
export const matchingPods = (route: Route, pods: readonly Pod[]): readonly Pod[] =>
  pods.filter((pod) => whyNotMatching(route, pod) === undefined);

type Nodes = ReadonlyMap<string, SeenNode>;

/** The Pod on its Node, or why it is on none that is there. */
export const placeOf = (pod: Pod, nodes: Nodes): Candidate | string => {
  if (pod.nodeName === undefined) return 'it is not scheduled on a Node yet';
  const node = nodes.get(pod.nodeName);
  if (node === undefined) return `its Node ${pod.nodeName} is gone`;
  if (node.instance === undefined) return `its Node ${node.name} is no VM of Compute Engine`;
  if (node.vm === 'gone') return `the VM of its Node ${node.name} is gone or stopped`;
  return { pod, node, zone: node.instance.zone };
};

/** Pods of `pods` that run on a Node whose object and VM exist. */
export const placedPods = (pods: readonly Pod[], nodes: Nodes): readonly Candidate[] =>
  pods.map((pod) => placeOf(pod, nodes)).filter((place) => typeof place !== 'string');

/** Source: design/concepts.md, *Choosing the Pod*; Google's concept page, *Reaction modes*. */
export const isEligible = (mode: Route['reactionMode'], { pod }: Candidate): boolean =>
  mode === 'Exists' || pod.ready;

export const rank = ({ pod, node }: Candidate): number =>
  (node.ready === 'True' ? 0 : 2) + (pod.metadata.deletionTimestamp === undefined ? 0 : 1);

/** Newest first; of equal age the greater name. Code-point order: a locale must not decide who holds an address. */
const newestFirst = (a: Candidate, b: Candidate): number =>
  descending(a.pod.metadata.creationTimestamp, b.pod.metadata.creationTimestamp) ||
  descending(a.pod.metadata.name, b.pod.metadata.name);

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);

/**
 * Those who may hold the addresses, the one that shall first. Rank decides: live on a ready Node, terminating on a ready
 * Node, live on a Node that is not ready, terminating on such a Node. Within a rank the newest.
 */
export const eligiblePods = (
  mode: Route['reactionMode'],
  candidates: readonly Candidate[],
): readonly Candidate[] =>
  candidates
    .filter((candidate) => isEligible(mode, candidate))
    .sort((a, b) => rank(a) - rank(b) || newestFirst(a, b));

/** The Pod that holds the route's addresses. */
export const choosePod = (
  mode: Route['reactionMode'],
  candidates: readonly Candidate[],
): Candidate | undefined => eligiblePods(mode, candidates)[0];

export const holderOf = ({ pod, node, zone }: Candidate): Holder => ({
  pod: pod.metadata.name,
  uid: pod.metadata.uid,
  node: node.name,
  zone,
  podIP: pod.podIP ?? '',
});
