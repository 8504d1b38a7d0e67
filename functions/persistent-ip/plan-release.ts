import type { BackendService, Neg, Scheme, Stage } from './cloud.ts';
import type { HolderRecord } from './holder-record.ts';
import { isDefaultNetwork } from './networks.ts';
import { type CloudSeen, ownerOf, type RouteObservation } from './observation.ts';
import { describe, isOwnedBy, type Owner, recordOf } from './ownership.ts';
import { newRecord } from './plan-service.ts';
import { routeNetwork } from './route-network.ts';

/**
 * Teardown: first the record says that nobody holds the addresses, then forwarding rules, firewall rule, backend
 * service, NEGs, each waited for; never an address, and nothing without our ownership record.
 * Source: design/concepts.md, *Deletion*.
 */
export const planRelease = (o: RouteObservation, recordRefused = false): readonly Stage[] => {
  const owner = ownerOf(o);
  const isIts = (description: string | undefined): boolean => isOwnedBy(owner, description);
  return planTeardown(owner, o.cloud, o, isIts, recordRefused);
};

/**
 * The record that says that nobody holds the addresses any more; `undefined`: Google Cloud has one that says so, or none.
 */
export const lastRecord = (
  service: BackendService | undefined,
  now: Pick<RouteObservation, 'now' | 'cause'>,
): HolderRecord | undefined => {
  const written = recordOf(service?.description ?? '');
  return service === undefined || written?.holder === undefined
    ? undefined
    : newRecord(now, written, undefined, written.addresses, service.fingerprint);
};

/**
 * The same for a route that need not be there any more.
 * @param isIts whether a description, or a NEG's annotation, is the owner's record
 * @param recordRefused Google Cloud does not take the record: perhaps since the leader's VM is gone, of which nobody knows
 *   whether a PATCH must name another one then. Everything goes without it
 */
export const planTeardown = (
  owner: Owner,
  { backendService, rules, firewall, negs }: CloudSeen,
  now: Pick<RouteObservation, 'now' | 'cause'>,
  isIts: (description: string | undefined) => boolean,
  recordRefused = false,
): readonly Stage[] => {
  const service = isIts(backendService?.description) ? backendService : undefined;
  const record = recordRefused ? undefined : lastRecord(service, now);
  if (service !== undefined && record !== undefined) {
    const { name, fingerprint } = service;
    const description = describe(owner, record);
    return [[{ do: 'patch-backend-service', name, fingerprint, record, description }]];
  }
  const stages: readonly Stage[] = [
    rules
      .filter((rule) => isIts(rule.description))
      .map(({ name }) => ({ do: 'delete-forwarding-rule', name })),
    isIts(firewall?.description) && firewall ? [{ do: 'delete-firewall', name: firewall.name }] : [],
    service === undefined ? [] : [{ do: 'delete-backend-service', name: service.name }],
    negs
      .filter((neg) => isIts(neg.owner))
      .map(({ zone, name }) => ({ do: 'delete-neg', neg: { zone, name } })),
  ];
  return stages.filter((stage) => stage.length > 0);
};

/** Whether the stages only write the record that a teardown begins with. */
export const onlyWritesRecord = (stages: readonly Stage[]): boolean =>
  stages.flat().every((step) => step.do === 'patch-backend-service' && step.record.holder === undefined);

/**
 * Whether what we hold is of another scheme, network or subnetwork than the route has now: none of them can be patched,
 * so everything is torn down and made anew. Source: design/concepts.md, *Deletion*.
 */
export const mustRebuild = (o: RouteObservation, scheme: Scheme): boolean => {
  const owner = ownerOf(o);
  const { backendService: service, firewall, negs } = o.cloud;
  const { network, subnetwork } = routeNetwork(o);
  const strayed =
    service !== undefined &&
    (service.scheme !== scheme || (scheme === 'INTERNAL' && service.network !== network));
  // Nodes of the default network may be in several subnetworks, those of another one are all in the same.
  const elsewhere = (neg: Neg): boolean =>
    neg.network !== network || (!isDefaultNetwork(o.route.network) && neg.subnetwork !== subnetwork);
  return (
    (strayed && isOwnedBy(owner, service.description)) ||
    (firewall !== undefined && firewall.network !== network && isOwnedBy(owner, firewall.description)) ||
    negs.some((neg) => isOwnedBy(owner, neg.owner) && elsewhere(neg))
  );
};
