import type { Candidate } from './choose-pod.ts';
import type { CloudStep, NegRef } from './cloud.ts';
import { negName } from './names.ts';
import type { RouteObservation } from './observation.ts';

/** A VM as it is, or will be, attached to one NEG. */
export interface Endpoint {
  readonly neg: NegRef;
  readonly subnetwork: string;
  readonly instance: string;
}

/**
 * Where a Pod's Node is that the configuration does not know: only NEGs of configured zones and subnetworks are
 * looked at, so one elsewhere would be made again and again.
 */
export const unknownPlace = (o: RouteObservation, { node, zone }: Candidate): string | undefined => {
  const subnetwork = node.subnetwork ?? o.cluster.subnetwork;
  if (!o.cluster.zones.includes(zone)) return `zone ${zone}`;
  const known = subnetwork === o.cluster.subnetwork || o.cluster.moreSubnetworks.includes(subnetwork);
  return known ? undefined : `subnetwork ${subnetwork}`;
};

/** The endpoint of a Pod's Node; none for a Node that is no VM of Compute. */
export const endpointOf = (o: RouteObservation, stem: string, { node }: Candidate): readonly Endpoint[] => {
  if (node.instance === undefined) return [];
  const subnetwork = node.subnetwork ?? o.cluster.subnetwork;
  const { zone, name: instance } = node.instance;
  return [{ neg: { zone, name: negName(stem, zone, subnetwork) }, subnetwork, instance }];
};

export const sameNeg = (a: NegRef, b: NegRef): boolean => a.zone === b.zone && a.name === b.name;

/** The NEGs that are missing, and the VMs that are not attached yet. Nothing is detached here. */
export const planEndpoints = (o: RouteObservation, endpoints: readonly Endpoint[], description: string) => {
  const create: CloudStep[] = [];
  const attach: CloudStep[] = [];
  for (const { neg, subnetwork } of endpoints) {
    const seen = o.cloud.negs.find((other) => sameNeg(other, neg));
    const planned = create.some((step) => step.do === 'create-neg' && sameNeg(step.neg, neg));
    if (seen === undefined && !planned)
      create.push({ do: 'create-neg', neg, network: o.cluster.network, subnetwork, description });
    const wanted = endpoints.filter((other) => sameNeg(other.neg, neg)).map(({ instance }) => instance);
    const instances = [...new Set(wanted)].filter((instance) => seen?.endpoints.includes(instance) !== true);
    const repeated = attach.some((step) => step.do === 'attach' && sameNeg(step.neg, neg));
    if (instances.length > 0 && !repeated) attach.push({ do: 'attach', neg, instances });
  }
  return { create, attach };
};
