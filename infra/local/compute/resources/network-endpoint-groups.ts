import { inUse, invalid, notFound, notImplemented, required } from '../errors.ts';
import { keyOf, placeOf, scopeOf, urlOf } from '../resource-url.ts';
import type { JsonObject, Key, NetworkEndpointGroup } from '../types.ts';
import type { Operation } from '../world/operations.ts';
import type { Call, World } from '../world/world.ts';
import { networkOf } from './addresses.ts';
import { leaderOf } from './backend-services.ts';
import type { Endpoint } from './endpoints.ts';
import { instanceName } from './ha-policy.ts';
import type { At, Content, Draft, Kind } from './kind.ts';

const insert = (draft: Draft<NetworkEndpointGroup>, at: At): Content<NetworkEndpointGroup> => {
  const type = draft.networkEndpointType;
  if (type === undefined) throw required('resource.networkEndpointType');
  if (type !== 'GCE_VM_IP') throw notImplemented(`network endpoint groups of ${type}`);
  const { defaultPort } = draft as { defaultPort?: number };
  if (defaultPort !== undefined) {
    throw invalid('resource.defaultPort', defaultPort, 'It cannot be set for GCE_VM_IP.');
  }
  const network = at.world.refer('networks', draft.network, 'resource.network', at.project).key;
  const subnetwork = at.world.refer('subnetworks', draft.subnetwork, 'resource.subnetwork', at.project);
  if (networkOf(subnetwork.resource) !== network) {
    throw invalid('resource.subnetwork', draft.subnetwork, 'It is not a subnetwork of the network.');
  }
  if (!placeOf(at.scope).startsWith(`${placeOf(subnetwork.key)}-`)) {
    throw invalid('resource.subnetwork', draft.subnetwork, 'It is not of the region of the zone.');
  }
  return {
    ...draft,
    networkEndpointType: type,
    network: urlOf(network),
    subnetwork: urlOf(subnetwork.key),
    zone: urlOf(at.scope),
  };
};

type Given = { readonly instance?: string; readonly ipAddress?: string; readonly port?: number };

/** *At most 500 endpoints a call* (quota page of network endpoint groups). */
const givenEndpoints = (call: Call): readonly Given[] => {
  const given = (call.body.networkEndpoints ?? []) as readonly Given[];
  if (given.length === 0) throw required('resource.networkEndpoints');
  if (given.length > 500) {
    const why = 'At most 500 network endpoints can be attached or detached in one request.';
    throw invalid('resource.networkEndpoints', `${given.length} endpoints`, why);
  }
  return given;
};

const nameIn = ({ instance, port }: Given, i: number, group: Key, project: string): string => {
  const field = `resource.networkEndpoints[${i}]`;
  if (instance === undefined || instance === '') throw required(`${field}.instance`);
  if (port !== undefined) throw invalid(`${field}.port`, port, 'It cannot be set for GCE_VM_IP.');
  const name = instanceName(instance, group, project);
  if (name === undefined) {
    throw invalid(
      `${field}.instance`,
      instance,
      'The instance must be in the zone of the network endpoint group.',
    );
  }
  return name;
};

/** The endpoint that an instance is in a group: its IP in the group's subnetwork. */
const resolve = (given: Given, name: string, group: Key, world: World): Endpoint => {
  const key = keyOf(scopeOf(group), 'instances', name);
  const instance = world.store.get('instances', key);
  if (instance === undefined) throw notFound(key);
  const { subnetwork } = world.find('networkEndpointGroups', group);
  const nic = instance.networkInterfaces.find((candidate) => candidate.subnetwork === subnetwork);
  const ip = given.ipAddress ?? nic?.networkIP;
  if (nic === undefined || ip !== nic.networkIP) {
    // The text is that of ingress-gce #1463.
    const subnet = subnetwork.slice(subnetwork.lastIndexOf('/') + 1);
    const why = `Specified IP address ${ip ?? ''} doesn't belong to the (sub)network ${subnet} or to the instance ${name}.`;
    throw invalid('resource.ipAddress', ip, why);
  }
  return { instance: name, ipAddress: nic.networkIP };
};

const groupOf = (call: Call, world: World): { key: Key; group: NetworkEndpointGroup } => {
  const key = keyOf(call.scope, 'networkEndpointGroups', call.name);
  return { key, group: world.find('networkEndpointGroups', key) };
};

/** Attaching what is attached already changes nothing and is no error. */
const attach = (call: Call, world: World): Operation => {
  const { key, group } = groupOf(call, world);
  const project = call.params.project ?? world.project;
  const names = givenEndpoints(call).map((given, i) => ({ given, name: nameIn(given, i, key, project) }));
  const all = () => names.map(({ given, name }) => resolve(given, name, key, world));
  all();
  // Again when it ends: an instance that was deleted meanwhile is no endpoint.
  const apply = () => world.endpoints.attach(key, all());
  return world.accept(call, { target: key, targetId: group.id, hold: 'endpoints', apply });
};

/** *This endpoint cannot be detached until the leader is updated* (proto comment of the leader). */
const detach = (call: Call, world: World): Operation => {
  const { key, group } = groupOf(call, world);
  const project = call.params.project ?? world.project;
  const names = givenEndpoints(call).map((given, i) => nameIn(given, i, key, project));
  const check = () => {
    for (const name of names) {
      const leads = leaderOf(world, key, name);
      if (leads !== undefined) throw inUse('network_endpoint', `${key}/${name}` as Key, leads);
    }
  };
  names.forEach((name, i) => {
    if (!world.endpoints.has(key, name)) {
      const field = `resource.networkEndpoints[${i}].instance`;
      throw invalid(field, name, 'The network endpoint is not attached to the network endpoint group.');
    }
  });
  check();
  const apply = () => {
    check();
    world.endpoints.detach(key, names);
  };
  return world.accept(call, { target: key, targetId: group.id, hold: 'endpoints', apply });
};

/** What `listNetworkEndpoints` lists; no health is tracked with haPolicy, so `SHOW` adds nothing. */
export const endpointItems = (call: Call, world: World): JsonObject[] =>
  world.endpoints.of(groupOf(call, world).key).map((networkEndpoint) => ({ networkEndpoint }));

/** Zonal groups of VMs by their primary IP in one subnetwork. */
export const networkEndpointGroups: Kind<'networkEndpointGroups'> = {
  collection: 'networkEndpointGroups',
  service: 'NetworkEndpointGroups',
  message: 'NetworkEndpointGroup',
  title: 'network_endpoint_group',
  scopes: ['global', 'regions', 'zones'],
  insert,
  removed: (key, world) => world.endpoints.dropGroup(key),
  show: (_resource, key, world) => ({ size: world.endpoints.count(key) }),
  methods: { AttachNetworkEndpoints: attach, DetachNetworkEndpoints: detach },
};
