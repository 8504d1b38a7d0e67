import { type Candidate, matchingPods, placedPods } from './choose-pod.ts';
import type { CloudStep, NegRef } from './cloud.ts';
import { negName } from './names.ts';
import { isDefaultNetwork } from './networks.ts';
import type { RouteObservation } from './observation.ts';
import { routeNetwork } from './route-network.ts';

/** A VM as it is, or will be, attached to one NEG. */
export interface Endpoint {
  readonly neg: NegRef;
  readonly subnetwork: string;
  readonly instance: string;
}

/** What of an observation says where a Pod's Node is attached. */
type Placing = Pick<RouteObservation, 'route' | 'cluster' | 'network'>;

/**
 * Why no traffic can arrive at a Pod's Node. Only NEGs of configured zones and of the default network's configured
 * subnetworks are counted on: one elsewhere would be made again and again. In another network the VM must have a NIC.
 */
export const placeProblem = (o: Placing, candidate: Candidate): string | undefined => {
  const unlisted = unlistedProblem(o, candidate);
  if (unlisted !== undefined || isDefaultNetwork(o.route.network)) return unlisted;
  const subnetwork = subnetworkOf(o, candidate);
  return hasNic(o, candidate, subnetwork)
    ? undefined
    : `Node ${candidate.node.name} has no network interface in subnetwork ${subnetwork}, which Network "${o.route.network}" stands for: run the Pods on a node pool that has that network`;
};

/** The same as far as the configuration says so: an answer that no read which fails for once can change. */
export const unlistedProblem = (o: Placing, candidate: Candidate): string | undefined => {
  const { node, zone } = candidate;
  const unlisted = (place: string): string =>
    `Node ${node.name} is in ${place}, which this deployment's configuration does not list for the cluster: add it there`;
  if (!o.cluster.zones.includes(zone)) return unlisted(`zone ${zone}`);
  if (!isDefaultNetwork(o.route.network)) return undefined;
  const subnetwork = subnetworkOf(o, candidate);
  const known = subnetwork === o.cluster.subnetwork || o.cluster.moreSubnetworks.includes(subnetwork);
  return known ? undefined : unlisted(`subnetwork ${subnetwork}`);
};

/** The subnetwork of the NIC that the route's traffic arrives at. */
const subnetworkOf = (o: Placing, { node }: Candidate): string =>
  isDefaultNetwork(o.route.network) ? (node.subnetwork ?? o.cluster.subnetwork) : routeNetwork(o).subnetwork;

/** By the Node's annotation, else by its VM. One that cannot be read gets the benefit of the doubt. */
const hasNic = (o: Placing, { node }: Candidate, subnetwork: string): boolean =>
  node.networks.includes(o.route.network) ||
  node.vm === 'unreadable' ||
  node.vmSubnetworks.includes(subnetwork);

/** The endpoint of a Pod's Node; none for a Node that is no VM of Compute. */
export const endpointOf = (o: Placing, stem: string, candidate: Candidate): readonly Endpoint[] => {
  if (candidate.node.instance === undefined) return [];
  const subnetwork = subnetworkOf(o, candidate);
  const { zone, name: instance } = candidate.node.instance;
  return [{ neg: { zone, name: negName(stem, zone, subnetwork) }, subnetwork, instance }];
};

/** Those whose Nodes are kept attached. */
export const standbysAmong = (o: Placing, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter((candidate) => placeProblem(o, candidate) === undefined);

/** What is to be attached while the route is accepted: the Nodes of all matching Pods. */
export const wantedEndpoints = (
  o: Placing & Pick<RouteObservation, 'pods' | 'nodes'>,
  stem: string,
): readonly Endpoint[] =>
  standbysAmong(o, placedPods(matchingPods(o.route, o.pods), o.nodes)).flatMap((standby) =>
    endpointOf(o, stem, standby),
  );

export const sameNeg = (a: NegRef, b: NegRef): boolean => a.zone === b.zone && a.name === b.name;

/** VMs that one call attaches; the others are planned when these are. Source: Compute Engine, *Quotas*, network endpoint groups. */
const mostAttached = 500;

/** The NEGs that are missing, and the VMs that are not attached yet. Nothing is detached here. */
export const planEndpoints = (o: RouteObservation, endpoints: readonly Endpoint[], description: string) => {
  const { network } = routeNetwork(o);
  const create: CloudStep[] = [];
  const attach: CloudStep[] = [];
  for (const { neg, subnetwork } of endpoints) {
    const seen = o.cloud.negs.find((other) => sameNeg(other, neg));
    const planned = create.some((step) => step.do === 'create-neg' && sameNeg(step.neg, neg));
    if (seen === undefined && !planned)
      create.push({ do: 'create-neg', neg, network, subnetwork, description });
    const wanted = endpoints.filter((other) => sameNeg(other.neg, neg)).map(({ instance }) => instance);
    const instances = [...new Set(wanted)].filter((instance) => seen?.endpoints.includes(instance) !== true);
    const repeated = attach.some((step) => step.do === 'attach' && sameNeg(step.neg, neg));
    if (instances.length > 0 && !repeated)
      attach.push({ do: 'attach', neg, instances: instances.slice(0, mostAttached) });
  }
  return { create, attach };
};
