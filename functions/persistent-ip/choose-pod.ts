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

/**
 * Pods that the route speaks of: of its namespace, selected, not finished, not on the host's network, with an
 * interface on the route's network.
 * They decide the standbys whether or not they may hold an address yet.
 */
export const matchingPods = (route: Route, pods: readonly Pod[]): readonly Pod[] =>
  pods.filter(
    (pod) =>
      pod.metadata.namespace === route.metadata.namespace &&
      selects(route.podSelector, pod.metadata.labels) &&
      pod.phase !== 'Succeeded' &&
      pod.phase !== 'Failed' &&
      !pod.hostNetwork &&
      (isDefaultNetwork(route.network) || pod.networks.includes(route.network)),
  );

/** Pods of `pods` that run on a Node whose object and VM exist. */
export const placedPods = (
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, SeenNode>,
): readonly Candidate[] =>
  pods.flatMap((pod) => {
    const node = pod.nodeName === undefined ? undefined : nodes.get(pod.nodeName);
    if (node?.instance === undefined || node.vm === 'gone') return [];
    return [{ pod, node, zone: node.instance.zone }];
  });

/** Source: design/concepts.md, *Choosing the Pod*; Google's concept page, *Reaction modes*. */
const isEligible = (mode: Route['reactionMode'], { pod }: Candidate): boolean =>
  mode === 'Exists' || pod.ready;

const rank = ({ pod, node }: Candidate): number =>
  (node.ready === 'True' ? 0 : 2) + (pod.metadata.deletionTimestamp === undefined ? 0 : 1);

/** Newest first; of equal age the greater name. Code-point order: a locale must not decide who holds an address. */
const newestFirst = (a: Candidate, b: Candidate): number =>
  descending(a.pod.metadata.creationTimestamp, b.pod.metadata.creationTimestamp) ||
  descending(a.pod.metadata.name, b.pod.metadata.name);

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);

/**
 * The Pod that holds the route's addresses. Rank decides first: live on a ready Node, terminating on a ready
 * Node, live on a Node that is not ready, terminating on such a Node. Within a rank the newest.
 */
export const choosePod = (
  mode: Route['reactionMode'],
  candidates: readonly Candidate[],
): Candidate | undefined =>
  candidates
    .filter((candidate) => isEligible(mode, candidate))
    .sort((a, b) => rank(a) - rank(b) || newestFirst(a, b))[0];

export const holderOf = ({ pod, node, zone }: Candidate): Holder => ({
  pod: pod.metadata.name,
  uid: pod.metadata.uid,
  node: node.name,
  zone,
  podIP: pod.podIP ?? '',
});
