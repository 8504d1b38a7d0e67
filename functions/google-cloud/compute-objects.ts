import type { protos } from '@google-cloud/compute';
import { isComputeName } from '../../events/names.ts';
import type {
  Address,
  BackendService,
  Firewall,
  ForwardingRule,
  Neg,
  NegRef,
  Scheme,
} from '../persistent-ip/cloud.ts';
import type { Vm } from '../persistent-ip/objects.ts';
import { shortName, zonal } from './resource-urls.ts';

type V1 = typeof protos.google.cloud.compute.v1;
type Message<K extends keyof V1> = V1[K] extends { create(properties?: infer P): unknown }
  ? NonNullable<P>
  : never;

/** The annotation of a NEG that holds its ownership record: NEGs have no description that could be read back. */
export const ownerAnnotation = 'persistent-ip-owner';

/** Both schemes are spelled alike, of addresses and of load balancing; other ones we have none of. */
const scheme = (value: unknown): Scheme => (value === 'INTERNAL' ? 'INTERNAL' : 'EXTERNAL');

/** A PATCH sends back what it keeps: only what can be a NEG of a zone. */
const isZonal = ({ zone, name }: NegRef): boolean => isComputeName(zone) && isComputeName(name);

export const toBackendService = (it: Message<'BackendService'>): BackendService => {
  const leader = it.haPolicy?.leader;
  const instance = leader?.networkEndpoint?.instance;
  return {
    name: it.name ?? '',
    fingerprint: it.fingerprint ?? '',
    description: it.description ?? '',
    scheme: scheme(it.loadBalancingScheme),
    network: shortName(it.network),
    backends: (it.backends ?? []).map(({ group }) => zonal(group)).filter(isZonal),
    ...(leader?.backendGroup && instance && isZonal(zonal(leader.backendGroup))
      ? { leader: { neg: zonal(leader.backendGroup), instance: shortName(instance) } }
      : {}),
  };
};

export const toForwardingRule = (it: Message<'ForwardingRule'>): ForwardingRule => ({
  name: it.name ?? '',
  fingerprint: it.fingerprint ?? '',
  ip: it.IPAddress ?? '',
  description: it.description ?? '',
  network: shortName(it.network),
  allowGlobalAccess: it.allowGlobalAccess === true,
  backendService: shortName(it.backendService),
});

export const toFirewall = (it: Message<'Firewall'>): Firewall => ({
  name: it.name ?? '',
  description: it.description ?? '',
  network: shortName(it.network),
  sourceRanges: it.sourceRanges ?? [],
  destinationRanges: it.destinationRanges ?? [],
  targetTags: it.targetTags ?? [],
  ...((it.disabled === true || !it.allowed?.some(({ IPProtocol }) => IPProtocol === 'all')) && {
    narrowed: true as const,
  }),
});

/** A NEG apart from its endpoints. */
export const toNegAlone = (it: Message<'NetworkEndpointGroup'>): Omit<Neg, 'endpoints'> => ({
  zone: shortName(it.zone),
  name: it.name ?? '',
  owner: it.annotations?.[ownerAnnotation],
  network: shortName(it.network),
  subnetwork: shortName(it.subnetwork),
});

/** States in which a VM runs no Pod any more, or will not in a moment. Source: design/concepts.md. */
const goneStates = ['STOPPING', 'STOPPED', 'TERMINATED', 'SUSPENDING', 'SUSPENDED'];

export const goneVm: Vm = { state: 'gone', subnetworks: [] };

export const toVm = ({ status, networkInterfaces }: Message<'Instance'>): Vm =>
  goneStates.includes(String(status))
    ? goneVm
    : {
        state: 'running',
        subnetworks: (networkInterfaces ?? []).map(({ subnetwork }) => shortName(subnetwork)),
      };

export const toAddress = (it: Message<'Address'>, project: string): Address => ({
  project,
  name: it.name ?? '',
  ip: it.address ?? '',
  scheme: scheme(it.addressType),
  networkTier: it.networkTier === 'STANDARD' ? 'STANDARD' : 'PREMIUM',
  purpose: String(it.purpose ?? ''),
  subnetwork: shortName(it.subnetwork),
  description: it.description ?? '',
  status: it.status === 'IN_USE' || it.status === 'RESERVING' ? it.status : 'RESERVED',
  users: it.users ?? [],
});
