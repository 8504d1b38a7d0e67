import { alreadyExists, invalid } from '../errors.ts';
import { keyOf, nameOf, regionScope, urlOf, zoneScope } from '../resource-url.ts';
import { networkOf, newInternal } from '../resources/addresses.ts';
import { instanceClaims, instanceGone, setStatus } from '../resources/instances.ts';
import { worldly } from '../resources/places.ts';
import type { Instance, InstanceStatus, Key, NetworkInterface } from '../types.ts';
import type { World } from './world.ts';

/** A network interface: the network follows from the subnetwork, and is checked against it if given. */
export interface NewInterface {
  /** A name or a URL. */
  readonly network?: string;
  /** A name in the cluster's project, or a URL. */
  readonly subnetwork: string;
  /** The next free one of the subnetwork, if absent. */
  readonly ip?: string;
}

export interface NewInstance extends NewInterface {
  readonly name: string;
  readonly zone: string;
  /** An external address of its first interface. */
  readonly externalIp?: string;
  /** Further interfaces, in other networks. */
  readonly more?: readonly NewInterface[];
  readonly tags?: readonly string[];
  readonly machineType?: string;
}

/** Which instance. */
export type InstanceName = { readonly name: string; readonly zone: string };

const accessConfig = {
  kind: 'compute#accessConfig',
  name: 'External NAT',
  type: 'ONE_TO_ONE_NAT',
  networkTier: 'PREMIUM',
} as const;

/** The URL of a subnetwork given by its name or its URL. */
export const subnetworkUrl = ({ project, region }: World, given: string): string =>
  given.includes('/') ? given : urlOf(keyOf(regionScope(project, region), 'subnetworks', given));

const interfaceOf = (world: World, wanted: NewInterface, i: number): NetworkInterface => {
  const url = subnetworkUrl(world, wanted.subnetwork);
  const { key, resource } = world.refer('subnetworks', url, 'subnetwork', world.project);
  const network = networkOf(resource);
  if (wanted.network !== undefined && nameOf(wanted.network) !== nameOf(network)) {
    throw invalid('network', wanted.network, `The subnetwork is of the network ${nameOf(network)}.`);
  }
  return {
    kind: 'compute#networkInterface',
    name: `nic${i}`,
    network: urlOf(network),
    subnetwork: urlOf(key),
    networkIP: wanted.ip ?? newInternal(world, resource),
  };
};

/**
 * A VM that runs at once, as a node pool or a console makes it.
 * @throws ComputeError 409 when there is one of that name in the zone
 */
export const createInstance = (world: World, wanted: NewInstance): Instance => {
  const key = keyOf(zoneScope(world.project, wanted.zone), 'instances', wanted.name);
  if (world.store.get('instances', key) !== undefined) throw alreadyExists(key);
  const [first, ...others] = [wanted, ...(wanted.more ?? [])].map((nic, i) => interfaceOf(world, nic, i));
  const { externalIp: natIP } = wanted;
  const access = natIP === undefined ? {} : { accessConfigs: [{ ...accessConfig, natIP }] };
  const zone = urlOf(zoneScope(world.project, wanted.zone));
  const instance = {
    ...worldly(world, 'instance', key, wanted.name),
    status: 'RUNNING' as const,
    zone,
    machineType: `${zone}/machineTypes/${wanted.machineType ?? 'e2-standard-2'}`,
    canIpForward: true,
    tags: { items: wanted.tags ?? [] },
    networkInterfaces: first === undefined ? [] : [{ ...first, ...access }, ...others],
  };
  world.store.put('instances', key, instance);
  world.store.claim(key, instanceClaims(instance));
  world.instanceIs(key, 'RUNNING');
  return instance;
};

const existing = (world: World, { name, zone }: InstanceName): Key => {
  const key = keyOf(zoneScope(world.project, zone), 'instances', name);
  world.find('instances', key);
  return key;
};

/** It is gone at once, without any request or audit entry. @throws ComputeError 404 */
export const deleteInstance = (world: World, instance: InstanceName): void =>
  instanceGone(existing(world, instance), world);

/** A preemption, a host error, a crash: no request, no audit entry. @throws ComputeError 404 */
export const setInstanceStatus = (world: World, instance: InstanceName, status: InstanceStatus): void =>
  setStatus(world, existing(world, instance), status);
