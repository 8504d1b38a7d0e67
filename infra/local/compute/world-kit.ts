import { addresses, isTaken, networkOf } from './addresses.ts';
import { insert } from './crud.ts';
import type { Descriptors } from './descriptors.ts';
import { invalid } from './errors.ts';
import { instanceClaims, instanceGone, setStatus } from './instances.ts';
import { firstFree, gatewayOf } from './ip-pool.ts';
import { worldly } from './places.ts';
import { globalScope, keyOf, regionScope, urlOf, zoneScope } from './resource-url.ts';
import type { Address, Instance, InstanceStatus, Network, NetworkInterface, Subnetwork } from './types.ts';
import type { World } from './world.ts';

export interface NewNetwork {
  readonly name: string;
  readonly project?: string;
}
export interface NewSubnetwork {
  readonly name: string;
  /** The network's name, of the same project. */
  readonly network: string;
  /** `10.128.0.0/20` */
  readonly range: string;
  readonly project?: string;
}
export interface NewInstance {
  readonly name: string;
  readonly zone: string;
  /** Names in the cluster's project, or URLs. */
  readonly network: string;
  readonly subnetwork: string;
  /** The next free one of the subnetwork, if absent. */
  readonly ip?: string;
  /** An external address of its first interface. */
  readonly externalIp?: string;
  /** Further interfaces, in other networks. */
  readonly more?: readonly { readonly network: string; readonly subnetwork: string; readonly ip?: string }[];
  readonly tags?: readonly string[];
  readonly machineType?: string;
}
export interface NewAddress {
  readonly name: string;
  /** Which IP it is to be. Google gives no choice of external ones: here it is luck that is arranged. */
  readonly address?: string;
  readonly addressType?: 'EXTERNAL' | 'INTERNAL';
  readonly networkTier?: 'PREMIUM' | 'STANDARD';
  /** Of an internal address: a name or a URL. */
  readonly subnetwork?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Who reserves it, in the audit log. */
  readonly principal?: string;
}

/** Which instance. */
export type InstanceName = { readonly name: string; readonly zone: string };

/** What happens in the cloud without this API: networks, node pools, a console, a VM that dies. */
export class WorldKit {
  readonly #world: World;
  readonly #api: Descriptors;
  readonly #zones: readonly string[];

  constructor(world: World, api: Descriptors, zones: readonly string[]) {
    this.#world = world;
    this.#api = api;
    this.#zones = zones;
  }

  addNetwork({ name, project = this.#world.project }: NewNetwork): Network {
    const key = keyOf(globalScope(project), 'networks', name);
    const network = { ...worldly(this.#world, 'network', key, name), autoCreateSubnetworks: false };
    this.#world.store.put('networks', key, network);
    return network;
  }

  addSubnetwork({ name, network, range, project = this.#world.project }: NewSubnetwork): Subnetwork {
    const world = this.#world;
    const scope = regionScope(project, world.region);
    const key = keyOf(scope, 'subnetworks', name);
    const gateway = gatewayOf(range);
    if (gateway === undefined) throw invalid('range', range, 'It must be an IPv4 CIDR.');
    const of = world.find('networks', keyOf(globalScope(project), 'networks', network));
    const subnetwork: Subnetwork = {
      ...worldly(world, 'subnetwork', key, name),
      network: of.selfLink,
      ipCidrRange: range,
      gatewayAddress: gateway,
      region: urlOf(scope),
    };
    world.store.put('subnetworks', key, subnetwork);
    return subnetwork;
  }

  /** A range that was brought along (BYOIP), for addresses with `ipCollection`. */
  addPublicDelegatedPrefix({ name, range }: { readonly name: string; readonly range: string }): string {
    const { project, region, store } = this.#world;
    const key = keyOf(regionScope(project, region), 'publicDelegatedPrefixes', name);
    const made = worldly(this.#world, 'publicDelegatedPrefix', key, name);
    store.put('publicDelegatedPrefixes', key, { ...made, ipCidrRange: range, region });
    return made.selfLink;
  }

  /** A VM that runs at once, as a node pool or a console makes it. Replaces none that exists. */
  createInstance(wanted: NewInstance): Instance {
    const world = this.#world;
    if (!this.#zones.includes(wanted.zone)) throw invalid('zone', wanted.zone, 'There is no such zone.');
    const scope = zoneScope(world.project, wanted.zone);
    const key = keyOf(scope, 'instances', wanted.name);
    if (world.store.get('instances', key) !== undefined) {
      throw invalid('name', wanted.name, 'The instance exists already.');
    }
    const networkInterfaces = [wanted, ...(wanted.more ?? [])].map((nic, i) => this.#interface(nic, i));
    const [first, ...others] = networkInterfaces;
    const { externalIp: natIP } = wanted;
    const access = natIP === undefined ? {} : { accessConfigs: [{ ...accessConfig, natIP }] };
    const instance = {
      ...worldly(world, 'instance', key, wanted.name),
      status: 'RUNNING' as const,
      zone: urlOf(scope),
      machineType: urlOf(`${scope}/machineTypes/${wanted.machineType ?? 'e2-standard-2'}`),
      canIpForward: true,
      tags: { items: wanted.tags ?? [] },
      lastStartTimestamp: world.clock.now().toISOString(),
      networkInterfaces: first === undefined ? [] : [{ ...first, ...access }, ...others],
    };
    world.store.put('instances', key, instance);
    world.store.claim(key, instanceClaims(instance));
    world.instanceIs(key, 'RUNNING');
    return instance;
  }

  /** It is gone at once, without any request or audit entry. */
  deleteInstance({ name, zone }: InstanceName): void {
    instanceGone(keyOf(zoneScope(this.#world.project, zone), 'instances', name), this.#world);
  }

  /** A preemption, a host error, a crash: no request, no audit entry. */
  setInstanceStatus({ name, zone }: InstanceName, status: InstanceStatus): void {
    setStatus(this.#world, keyOf(zoneScope(this.#world.project, zone), 'instances', name), status);
  }

  /**
   * Reserves an address as POST does, but at once.
   * @throws ComputeError as POST does
   */
  reserveAddress(wanted: NewAddress): Address {
    const world = this.#world;
    const { principal = 'console@local', address, subnetwork, ...body } = wanted;
    const internal = wanted.addressType === 'INTERNAL' || subnetwork !== undefined;
    const scope = regionScope(world.project, world.region);
    const method = this.#api.match('POST', [...scope.split('/'), 'addresses']);
    if (method === undefined) throw new Error('the descriptors have no addresses.insert');
    if (!internal && address !== undefined) world.pool.offer(address);
    let end: (() => void) | undefined;
    insert(
      addresses,
      {
        method,
        params: { project: world.project, region: world.region },
        scope,
        name: world.region,
        query: {},
        body: {
          addressType: internal ? 'INTERNAL' : 'EXTERNAL',
          ...body,
          ...(internal && address !== undefined ? { address } : {}),
          ...(subnetwork === undefined ? {} : { subnetwork: this.#subnetworkUrl(subnetwork) }),
        },
        principal,
        fate: {
          hold: (release) => {
            end = release;
          },
        },
      },
      world,
    );
    end?.();
    return world.find('addresses', keyOf(scope, 'addresses', wanted.name));
  }

  #subnetworkUrl(subnetwork: string): string {
    const { project, region } = this.#world;
    return subnetwork.includes('/')
      ? subnetwork
      : urlOf(keyOf(regionScope(project, region), 'subnetworks', subnetwork));
  }

  #interface(nic: { readonly subnetwork: string; readonly ip?: string }, i: number): NetworkInterface {
    const world = this.#world;
    const url = this.#subnetworkUrl(nic.subnetwork);
    const { key, resource } = world.refer('subnetworks', url, 'subnetwork', world.project);
    const network = networkOf(resource);
    const networkIP = nic.ip ?? firstFree(resource.ipCidrRange, (ip) => isTaken(world, network, ip));
    if (networkIP === undefined) throw invalid('subnetwork', nic.subnetwork, 'No IP address is left in it.');
    return {
      kind: 'compute#networkInterface',
      name: `nic${i}`,
      network: urlOf(network),
      subnetwork: urlOf(key),
      networkIP,
    };
  }
}

const accessConfig = {
  kind: 'compute#accessConfig',
  name: 'External NAT',
  type: 'ONE_TO_ONE_NAT',
  networkTier: 'PREMIUM',
} as const;
