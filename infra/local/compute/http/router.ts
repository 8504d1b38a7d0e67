import { notFound, notImplemented } from '../errors.ts';
import { globalScope, keyOf, type Scope, urlOf } from '../resource-url.ts';
import { addresses } from '../resources/addresses.ts';
import { backendServices } from '../resources/backend-services.ts';
import { change, insert, remove, setLabels } from '../resources/crud.ts';
import { firewalls } from '../resources/firewalls.ts';
import { shown } from '../resources/form.ts';
import { forwardingRules } from '../resources/forwarding-rules.ts';
import { instances } from '../resources/instances.ts';
import type { Kind } from '../resources/kind.ts';
import { endpointItems, networkEndpointGroups } from '../resources/network-endpoint-groups.ts';
import {
  networks,
  projectBody,
  projectScope,
  publicDelegatedPrefixes,
  regions,
  subnetworks,
  zones,
} from '../resources/places.ts';
import type { Collection, JsonObject } from '../types.ts';
import type { Call, World } from '../world/world.ts';
import type { Descriptors } from './descriptors.ts';
import { aggregatedBody, type Item, listBody, paginate } from './listing.ts';

type Handler = (call: Call, world: World, api: Descriptors) => JsonObject | Promise<JsonObject>;
type Handlers = Readonly<Record<string, Handler>>;

const simple = (message: string): string => `compute#${message.charAt(0).toLowerCase()}${message.slice(1)}`;

const itemsOf = <C extends Collection>(kind: Kind<C>, scope: Scope, world: World): Item[] =>
  [...world.store.list(kind.collection, scope)].map((resource) => ({
    scope,
    name: resource.name,
    id: resource.id,
    created: resource.creationTimestamp,
    shown: () => shown(kind, world, resource),
  }));

/** Every scope of a project of the sorts that an aggregated list shows. */
const scopesOf = (sorts: readonly string[], project: string, world: World): Scope[] => [
  ...(sorts.includes('global') ? [globalScope(project)] : []),
  ...(['regions', 'zones'] as const).flatMap((sort) =>
    sorts.includes(sort)
      ? [...world.store.list(sort, projectScope(project))].map(
          (p) => p.selfLink.slice(urlOf('').length) as Scope,
        )
      : [],
  ),
];

const projectOf = (call: Call, world: World): string => call.params.project ?? world.project;

/** The methods that a kind of resource has. */
const handlersOf = <C extends Collection>(kind: Kind<C>): Handlers => ({
  Get: (call, world) => {
    const key = keyOf(call.scope, kind.collection, call.name);
    const resource = world.store.get(kind.collection, key);
    if (resource === undefined) throw notFound(key);
    return shown(kind, world, resource);
  },
  List: (call, world, api) => {
    const page = paginate(itemsOf(kind, call.scope, world), call, api, kind.message);
    return listBody(page, simple(kind.message), call.scope, kind.collection);
  },
  AggregatedList: (call, world, api) => {
    const project = projectOf(call, world);
    const scopes = scopesOf(kind.scopes, project, world);
    const all = scopes.flatMap((scope) => itemsOf(kind, scope, world));
    const page = paginate(all, call, api, kind.message);
    return aggregatedBody(page, simple(kind.message), scopes, project, kind.collection);
  },
  ...(kind.insert && { Insert: (call: Call, world: World) => insert(kind, call, world) }),
  ...(kind.change && {
    Patch: (call: Call, world: World) => change(kind, call, world, 'patch'),
    Update: (call: Call, world: World) => change(kind, call, world, 'put'),
  }),
  ...(kind.readOnly ? {} : { Delete: (call: Call, world: World) => remove(kind, call, world) }),
  ...(kind.labels && { SetLabels: (call: Call, world: World) => setLabels(kind, call, world) }),
  ...kind.methods,
});

const operationItems = (scope: Scope, world: World): Item[] =>
  world.operations.list(scope).map((operation) => ({
    scope,
    name: operation.name,
    id: operation.id,
    created: operation.insertTime,
    shown: () => operation,
  }));

const operationOf = (call: Call, world: World) => {
  const operation = world.operations.get(call.scope, call.name);
  if (operation === undefined) throw notFound(`${call.scope}/operations/${call.name}`);
  return operation;
};

const operationHandlers: Handlers = {
  Get: operationOf,
  Wait: (call, world) => world.operations.wait(call.scope, operationOf(call, world)),
  List: (call, world, api) => {
    const page = paginate(operationItems(call.scope, world), call, api, 'Operation');
    return listBody(page, 'compute#operation', call.scope, 'operations');
  },
  AggregatedList: (call, world, api) => {
    const project = projectOf(call, world);
    const scopes = scopesOf(['global', 'regions', 'zones'], project, world);
    const all = scopes.flatMap((scope) => operationItems(scope, world));
    const page = paginate(all, call, api, 'Operation');
    return aggregatedBody(page, 'compute#operation', scopes, project, 'operations');
  },
};

/** `listNetworkEndpoints` is a list whose parameters are in the query although it is a POST. */
const listNetworkEndpoints: Handler = (call, world, api) => {
  const all = endpointItems(call, world).map((shown, i) => ({
    scope: call.scope,
    name: String(i).padStart(6, '0'),
    id: '',
    created: '',
    shown: () => shown,
  }));
  const page = paginate(all, call, api, 'NetworkEndpointWithHealthStatus');
  const body = listBody(page, '', call.scope, `networkEndpointGroups/${call.name}/listNetworkEndpoints`);
  const { selfLink: _, ...rest } = body;
  return { ...rest, kind: 'compute#networkEndpointGroupsListNetworkEndpoints' };
};

/** A scope in which this cloud makes nothing: its lists are empty, and none of its names is found. */
const empty = ({ List, Get, Delete }: Handlers): Handlers => ({
  ...(List && { List }),
  ...(Get && { Get }),
  ...(Delete && { Delete }),
});

const ofAddresses = handlersOf(addresses);
const ofRules = handlersOf(forwardingRules);
const ofServices = handlersOf(backendServices);
const ofGroups = handlersOf(networkEndpointGroups);

const services: Readonly<Record<string, Handlers>> = {
  Addresses: ofAddresses,
  GlobalAddresses: empty(ofAddresses),
  ForwardingRules: ofRules,
  GlobalForwardingRules: empty(ofRules),
  RegionBackendServices: ofServices,
  // The aggregated list of backend services is the global service's method.
  BackendServices: { ...empty(ofServices), AggregatedList: ofServices.AggregatedList as Handler },
  NetworkEndpointGroups: { ...ofGroups, ListNetworkEndpoints: listNetworkEndpoints },
  RegionNetworkEndpointGroups: empty(ofGroups),
  GlobalNetworkEndpointGroups: empty(ofGroups),
  Firewalls: handlersOf(firewalls),
  Instances: handlersOf(instances),
  Networks: handlersOf(networks),
  Subnetworks: handlersOf(subnetworks),
  PublicDelegatedPrefixes: handlersOf(publicDelegatedPrefixes),
  Regions: handlersOf(regions),
  Zones: handlersOf(zones),
  Projects: { Get: (call) => projectBody(call.params.project ?? '') },
  ZoneOperations: operationHandlers,
  RegionOperations: operationHandlers,
  GlobalOperations: operationHandlers,
};

/**
 * The handler of a method.
 * @throws ComputeError 501 by the method's name, for one that the real API has and this one does not
 */
export const handlerOf = ({ service, name, id }: Call['method']): Handler => {
  const handlers = services[service] ?? {};
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) throw notImplemented(id);
  return handler;
};

/** The scope of a path: where its collection lies. */
export const scopeOfPath = (path: readonly string[]): Scope => {
  const [, project = ''] = path;
  if (path[2] === 'global') return globalScope(project);
  const placed = (path[2] === 'regions' || path[2] === 'zones') && path.length > 4;
  return (placed ? path.slice(0, 4).join('/') : `projects/${project}`) as Scope;
};
