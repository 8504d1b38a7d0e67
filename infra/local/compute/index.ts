import type { Clock } from '../clock.ts';
import type { Identities } from '../identities.ts';
import { listen } from '../listen.ts';
import type { ComputeAudit } from './audit.ts';
import { type Fault, Faults, type PlannedFault } from './faults.ts';
import { loadDescriptors } from './http/descriptors.ts';
import { edge } from './http/edge.ts';
import type { ComputeCall } from './http/exchange.ts';
import type { Rights } from './http/permission.ts';
import { addPlaces } from './resources/places.ts';
import { type InstanceEvent, World } from './world/world.ts';
import { WorldKit } from './world/world-kit.ts';

export type { ComputeAudit } from './audit.ts';
export type { Fault, FaultAction, PlannedFault } from './faults.ts';
export type { ComputeCall } from './http/exchange.ts';
export { isViewers, type Rights } from './http/permission.ts';
export type { Address, Instance, InstanceStatus, Network, Subnetwork } from './types.ts';
export type { InstanceName, NewInstance, NewInterface } from './world/machines.ts';
export type { InstanceEvent } from './world/world.ts';
export type { NewAddress, NewNetwork, NewSubnetwork } from './world/world-kit.ts';

export interface ComputeOptions {
  readonly project: string;
  readonly region: string;
  /** Of that region: `us-central1-a`. */
  readonly zones: readonly string[];
  readonly clock: Clock;
  /** With it, a request whose bearer token is unknown gets 401, and one without a token too. */
  readonly identities?: Identities;
  /** Who a request without a token is; of every request, where there are no `identities`. */
  readonly defaultPrincipal?: string;
  /** Who may do what; by default everybody everything. */
  readonly rights?: Rights;
  /** How long an operation takes, in ms; 0, the default, is the next turn of the event loop. */
  readonly operationMs?: number;
  /** How long every request waits before it is read, in ms. */
  readonly latencyMs?: number;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Further regions with their zones; the world's own conveniences act in `region`. */
  readonly moreRegions?: Readonly<Record<string, readonly string[]>>;
  /** Further projects with the same regions and zones: the host project of a Shared VPC. */
  readonly moreProjects?: readonly string[];
}

/** A Compute Engine API v1 on loopback. Everything but what is below goes through its REST interface. */
export interface LocalCompute
  extends Pick<
    WorldKit,
    | 'addNetwork'
    | 'addSubnetwork'
    | 'addPublicDelegatedPrefix'
    | 'createInstance'
    | 'deleteInstance'
    | 'setInstanceStatus'
    | 'reserveAddress'
  > {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
  /** The last 10,000 requests, the oldest first. */
  readonly calls: readonly ComputeCall[];
  onCall(listener: (call: ComputeCall) => void): () => void;
  onAudit(listener: (entry: ComputeAudit) => void): () => void;
  onInstance(listener: (event: InstanceEvent) => void): () => void;
  /** Plans a failure. */
  inject(fault: Fault): PlannedFault;
}

const keptCalls = 10_000;

const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/**
 * Starts a Compute Engine API v1 in memory, on loopback.
 * @throws Error naming the port when it is busy
 */
export const startCompute = async (options: ComputeOptions): Promise<LocalCompute> => {
  const { project, region, zones, clock, operationMs = 0, latencyMs = 0 } = options;
  const world = new World({ project, region, clock, operationMs });
  const projects = [project, ...(options.moreProjects ?? [])];
  const map = { [region]: zones, ...options.moreRegions };
  const places = new Set([...Object.keys(map), ...Object.values(map).flat()]);
  for (const each of projects) {
    for (const [name, its] of Object.entries(map)) addPlaces(world, each, name, its);
  }
  const kit = new WorldKit(world, loadDescriptors(), places);
  const faults = new Faults();
  const calls: ComputeCall[] = [];
  const onCall = new Set<(call: ComputeCall) => void>();
  const counted = (call: ComputeCall) => {
    calls.push(call);
    if (calls.length > keptCalls) calls.shift();
    for (const listener of onCall) listener(call);
  };
  const { identities, defaultPrincipal } = options;
  const app = edge({
    world,
    api: loadDescriptors(),
    faults,
    clock,
    latencyMs,
    projects: new Set(projects),
    places,
    counted,
    rights: options.rights ?? (() => true),
    ...(identities === undefined ? {} : { identities }),
    ...(defaultPrincipal === undefined ? {} : { defaultPrincipal }),
  });
  const { url, port, close } = await listen(app, options.port);
  return {
    url,
    port,
    close,
    calls,
    onCall: (listener) => subscribe(onCall, listener),
    onAudit: (listener) => subscribe(world.onAudit, listener),
    onInstance: (listener) => subscribe(world.onInstance, listener),
    inject: (fault) => faults.plan(fault),
    addNetwork: (network) => kit.addNetwork(network),
    addSubnetwork: (subnetwork) => kit.addSubnetwork(subnetwork),
    addPublicDelegatedPrefix: (prefix) => kit.addPublicDelegatedPrefix(prefix),
    createInstance: (instance) => kit.createInstance(instance),
    deleteInstance: (instance) => kit.deleteInstance(instance),
    setInstanceStatus: (instance, status) => kit.setInstanceStatus(instance, status),
    reserveAddress: (address) => kit.reserveAddress(address),
  };
};
