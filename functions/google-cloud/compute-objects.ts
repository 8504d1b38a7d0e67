import type { protos } from '@google-cloud/compute';
import type { Address, BackendService, Firewall, ForwardingRule, Neg } from '../persistent-ip/cloud.ts';
import { shortName, zonal } from './resource-urls.ts';

type V1 = typeof protos.google.cloud.compute.v1;
type Message<K extends keyof V1> = V1[K] extends { create(properties?: infer P): unknown }
  ? NonNullable<P>
  : never;

/** The annotation of a NEG that holds its ownership record: NEGs have no description that could be read back. */
export const ownerAnnotation = 'persistent-ip-owner';

export const toBackendService = (it: Message<'BackendService'>): BackendService => {
  const leader = it.haPolicy?.leader;
  const instance = leader?.networkEndpoint?.instance;
  return {
    name: it.name ?? '',
    fingerprint: it.fingerprint ?? '',
    description: it.description ?? '',
    backends: (it.backends ?? []).map(({ group }) => zonal(group)),
    ...(leader?.backendGroup && instance
      ? { leader: { neg: zonal(leader.backendGroup), instance: shortName(instance) } }
      : {}),
  };
};

export const toForwardingRule = (it: Message<'ForwardingRule'>): ForwardingRule => ({
  name: it.name ?? '',
  ip: it.IPAddress ?? '',
  description: it.description ?? '',
  backendService: shortName(it.backendService),
});

export const toFirewall = (it: Message<'Firewall'>): Firewall => ({
  name: it.name ?? '',
  description: it.description ?? '',
  sourceRanges: it.sourceRanges ?? [],
  destinationRanges: it.destinationRanges ?? [],
  targetTags: it.targetTags ?? [],
});

export const toNeg = (it: Message<'NetworkEndpointGroup'>, endpoints: readonly string[]): Neg => ({
  zone: shortName(it.zone),
  name: it.name ?? '',
  owner: it.annotations?.[ownerAnnotation],
  subnetwork: shortName(it.subnetwork),
  endpoints,
});

export const toAddress = (it: Message<'Address'>): Address => ({
  name: it.name ?? '',
  ip: it.address ?? '',
  scheme: it.addressType === 'INTERNAL' ? 'INTERNAL' : 'EXTERNAL',
  networkTier: it.networkTier ?? '',
  status: it.status === 'IN_USE' || it.status === 'RESERVING' ? it.status : 'RESERVED',
  users: it.users ?? [],
});
