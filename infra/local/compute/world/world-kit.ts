import { invalid, ipInUse } from '../errors.ts';
import type { Descriptors } from '../http/descriptors.ts';
import { globalScope, keyOf, regionScope, urlOf } from '../resource-url.ts';
import { addresses, isTaken } from '../resources/addresses.ts';
import { insert } from '../resources/crud.ts';
import { gatewayOf } from '../resources/ip-pool.ts';
import { worldly } from '../resources/places.ts';
import type { Address, Instance, InstanceStatus, Network, Subnetwork } from '../types.ts';
import * as machines from './machines.ts';
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
  readonly region?: string;
}
export interface NewAddress {
  readonly name: string;
  /** Which IP it is to be. Google gives no choice of external ones: here it is luck that is arranged. */
  readonly address?: string;
  readonly addressType?: 'EXTERNAL' | 'INTERNAL';
  readonly networkTier?: 'PREMIUM' | 'STANDARD';
  /** Of an internal address: a name or a URL. */
  readonly subnetwork?: string;
  readonly purpose?: 'GCE_ENDPOINT' | 'SHARED_LOADBALANCER_VIP';
  /** URL of a public delegated prefix: the address is the lowest free one of it. */
  readonly ipCollection?: string;
  /** By default the world's own; with shared VPC an internal one may be in the host project. */
  readonly project?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Who reserves it, in the audit log. */
  readonly principal?: string;
}

/** What happens in the cloud without this API: networks, node pools, a console, a VM that dies. */
export class WorldKit {
  readonly #world: World;
  readonly #api: Descriptors;
  readonly #places: ReadonlySet<string>;

  /** @param places the regions and zones that exist */
  constructor(world: World, api: Descriptors, places: ReadonlySet<string>) {
    this.#world = world;
    this.#api = api;
    this.#places = places;
  }

  addNetwork({ name, project = this.#world.project }: NewNetwork): Network {
    const key = keyOf(globalScope(project), 'networks', name);
    const network = { ...worldly(this.#world, 'network', key, name), autoCreateSubnetworks: false };
    this.#world.store.put('networks', key, network);
    return network;
  }

  addSubnetwork({ name, network, range, ...where }: NewSubnetwork): Subnetwork {
    const world = this.#world;
    const { project = world.project, region = world.region } = where;
    const scope = regionScope(project, region);
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
    const scope = regionScope(project, region);
    const key = keyOf(scope, 'publicDelegatedPrefixes', name);
    const made = worldly(this.#world, 'publicDelegatedPrefix', key, name);
    const prefix = { ...made, ipCidrRange: range, region: urlOf(scope), status: 'ANNOUNCED' };
    store.put('publicDelegatedPrefixes', key, prefix);
    return made.selfLink;
  }

  createInstance(wanted: machines.NewInstance): Instance {
    if (!this.#places.has(wanted.zone)) throw invalid('zone', wanted.zone, 'There is no such zone.');
    return machines.createInstance(this.#world, wanted);
  }

  deleteInstance(instance: machines.InstanceName): void {
    machines.deleteInstance(this.#world, instance);
  }

  setInstanceStatus(instance: machines.InstanceName, status: InstanceStatus): void {
    machines.setInstanceStatus(this.#world, instance, status);
  }

  /**
   * Reserves an address as POST does, but at once.
   * @throws ComputeError as POST does
   */
  reserveAddress(wanted: NewAddress): Address {
    const world = this.#world;
    const { principal = 'console@local', project = world.project, address, subnetwork, ...body } = wanted;
    const internal = wanted.addressType === 'INTERNAL' || subnetwork !== undefined;
    const scope = regionScope(project, world.region);
    const method = this.#api.match('POST', [...scope.split('/'), 'addresses']);
    if (method === undefined) throw new Error('the descriptors have no addresses.insert');
    if (!internal && address !== undefined) {
      if (isTaken(world, 'internet', address)) throw ipInUse(address);
      world.pool.offer(address);
    }
    let end: (() => void) | undefined;
    insert(
      addresses,
      {
        method,
        params: { project, region: world.region },
        scope,
        name: world.region,
        query: {},
        body: {
          addressType: internal ? 'INTERNAL' : 'EXTERNAL',
          ...body,
          ...(internal && address !== undefined ? { address } : {}),
          ...(subnetwork === undefined ? {} : { subnetwork: machines.subnetworkUrl(world, subnetwork) }),
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
}
