import { parseReference, type Scope } from '../resource-url.ts';
import type { Address, Collection, Json, JsonObject } from '../types.ts';
import type { Call, World } from '../world/world.ts';

/** What a call must be allowed to do, beyond or instead of its method's own permission. */
export interface Need {
  readonly permission: string;
  /** What it is needed of: `projects/P/regions/R/subnetworks/N`; `undefined`: what the call itself is about. */
  readonly of?: string;
}

interface Line {
  readonly permission: string;
  /** When and of what: `true` is of what the call is about, no answer is not at all. */
  readonly of: (call: Call, world: World) => true | readonly (string | undefined)[];
}

/** Of the method itself, in every case. */
const always: Line['of'] = () => true;
const when =
  (holds: (call: Call, world: World) => boolean): Line['of'] =>
  (call, world) =>
    holds(call, world) || [];

const projectOf = ({ params }: Call): string => params.project ?? '';
const keyOf = (call: Call, collection: Collection, value: Json | undefined): string | undefined =>
  typeof value === 'string' ? parseReference(value, collection, projectOf(call)) : undefined;
/** Of the resource that a field of the body refers to. */
const field =
  (name: string, collection: Collection): Line['of'] =>
  (call) => [keyOf(call, collection, call.body[name])];
const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as JsonObject[]) : [];

const backendGroups: Line['of'] = (call) =>
  objects(call.body.backends).map(({ group }) => keyOf(call, 'networkEndpointGroups', group));
const endpointInstances: Line['of'] = (call) =>
  objects(call.body.networkEndpoints).map(({ instance }) =>
    String(instance).includes('/')
      ? keyOf(call, 'instances', instance)
      : `${call.scope}/instances/${String(instance)}`,
  );

const isInternal = ({ addressType }: { readonly addressType?: Json }): boolean => addressType === 'INTERNAL';
const asksInternal = when(({ body }) => isInternal(body));
const asksExternal = when(({ body }) => !isInternal(body));
const stored = ({ scope, name }: Call, world: World): Address | undefined =>
  [...world.store.list('addresses', scope)].find((address) => address.name === name);
const isInternalNow = (call: Call, world: World): boolean => isInternal(stored(call, world) ?? {});
const hasLabels = when(({ body }) => Object.keys((body.labels ?? {}) as object).length > 0);

/** `projects/P/regions/R` of a reference into a region. */
const regionOf = (key: string | undefined): Scope | undefined =>
  key?.split('/').slice(0, 4).join('/') as Scope | undefined;

/**
 * The reserved address that a forwarding rule is to have, by its IP or its URL, if it is of that type: in the rule's
 * project, or in that of its subnetwork.
 */
const ruleAddress =
  (internal: boolean): Line['of'] =>
  (call, world) => {
    const { IPAddress: wanted } = call.body;
    const key = keyOf(call, 'addresses', wanted);
    const subnetwork = keyOf(call, 'subnetworks', call.body.subnetwork);
    const scopes = new Set([call.scope, regionOf(key), regionOf(subnetwork)]);
    return [...scopes].flatMap((scope) =>
      scope === undefined
        ? []
        : [...world.store.list('addresses', scope)]
            .filter((address) => isInternal(address) === internal)
            .map((address) => ({ address, at: `${scope}/addresses/${address.name}` }))
            .filter(({ address, at }) => address.address === wanted || at === key)
            .map(({ at }) => at),
    );
  };

/**
 * What Google's reference says that the methods need which the functions call; other methods need the permission of
 * their own name. A page of it has its permissions in the section *IAM permissions*, which names those of the method,
 * and at the fields of the body, which name those of what they refer to.
 *
 * Sources. R: https://cloud.google.com/compute/docs/reference/rest/v1/METHOD, section *IAM permissions*. F: the same
 * page, at the field. A: https://cloud.google.com/vpc/docs/audit-logging, *Permissions* of the method. P:
 * https://cloud.google.com/compute/docs/access/iam-permissions, the permission's own line.
 * (R was checked against a crawl of these sections of 2026-08-22, A against a copy of the page; F and P are not checked
 * here. A need that only F or P gives is the careful reading: where it is not one, the role has a permission too many.)
 */
const table: Readonly<Record<string, readonly Line[]>> = {
  'compute.addresses.insert': [
    { permission: 'compute.addresses.create', of: asksExternal }, // R
    { permission: 'compute.addresses.createInternal', of: asksInternal }, // R
    { permission: 'compute.subnetworks.use', of: field('subnetwork', 'subnetworks') }, // F
    {
      permission: 'compute.publicDelegatedPrefixes.use', // P
      of: field('ipCollection', 'publicDelegatedPrefixes'),
    },
    { permission: 'compute.addresses.setLabels', of: hasLabels }, // F
  ],
  'compute.addresses.delete': [
    { permission: 'compute.addresses.delete', of: when((call, world) => !isInternalNow(call, world)) }, // R
    { permission: 'compute.addresses.deleteInternal', of: when(isInternalNow) }, // R
  ],
  'compute.addresses.list': [{ permission: 'compute.addresses.list', of: always }], // R
  'compute.forwardingRules.insert': [
    { permission: 'compute.forwardingRules.create', of: always }, // R
    { permission: 'compute.networks.use', of: field('network', 'networks') }, // R
    { permission: 'compute.subnetworks.use', of: field('subnetwork', 'subnetworks') }, // R
    {
      permission: 'compute.regionBackendServices.use', // F, and A of setTarget
      of: field('backendService', 'backendServices'),
    },
    { permission: 'compute.addresses.use', of: ruleAddress(false) }, // P
    { permission: 'compute.addresses.useInternal', of: ruleAddress(true) }, // P
    { permission: 'compute.forwardingRules.setLabels', of: hasLabels }, // F
  ],
  'compute.forwardingRules.list': [{ permission: 'compute.forwardingRules.list', of: always }], // R, A
  'compute.forwardingRules.patch': [{ permission: 'compute.forwardingRules.update', of: always }], // R, A
  'compute.forwardingRules.delete': [
    // R, A. `pscDelete`, which both name too, is for the rules of Private Service Connect.
    { permission: 'compute.forwardingRules.delete', of: always },
  ],
  'compute.regionBackendServices.insert': [
    { permission: 'compute.regionBackendServices.create', of: always }, // R
    { permission: 'compute.networkEndpointGroups.use', of: backendGroups }, // P
  ],
  'compute.regionBackendServices.get': [{ permission: 'compute.regionBackendServices.get', of: always }], // R
  'compute.regionBackendServices.list': [{ permission: 'compute.regionBackendServices.list', of: always }], // P
  'compute.regionBackendServices.patch': [
    { permission: 'compute.regionBackendServices.update', of: always }, // R
    { permission: 'compute.regionBackendServices.get', of: always }, // R
    { permission: 'compute.networkEndpointGroups.use', of: backendGroups }, // P
  ],
  'compute.regionBackendServices.delete': [
    { permission: 'compute.regionBackendServices.delete', of: always }, // R
  ],
  'compute.networkEndpointGroups.insert': [
    { permission: 'compute.networkEndpointGroups.create', of: always }, // R
    { permission: 'compute.networks.use', of: field('network', 'networks') }, // R
    { permission: 'compute.subnetworks.use', of: field('subnetwork', 'subnetworks') }, // R
  ],
  'compute.networkEndpointGroups.list': [{ permission: 'compute.networkEndpointGroups.list', of: always }], // R
  'compute.networkEndpointGroups.get': [{ permission: 'compute.networkEndpointGroups.get', of: always }], // R
  'compute.networkEndpointGroups.listNetworkEndpoints': [
    { permission: 'compute.networkEndpointGroups.get', of: always }, // R
  ],
  'compute.networkEndpointGroups.attachNetworkEndpoints': [
    { permission: 'compute.networkEndpointGroups.attachNetworkEndpoints', of: always }, // R
    { permission: 'compute.instances.use', of: endpointInstances }, // F
  ],
  'compute.networkEndpointGroups.detachNetworkEndpoints': [
    { permission: 'compute.networkEndpointGroups.detachNetworkEndpoints', of: always }, // R
    { permission: 'compute.instances.use', of: endpointInstances }, // F
  ],
  'compute.networkEndpointGroups.delete': [
    { permission: 'compute.networkEndpointGroups.delete', of: always }, // R
    { permission: 'compute.instances.use', of: always }, // R
  ],
  'compute.firewalls.get': [{ permission: 'compute.firewalls.get', of: always }], // R, A
  'compute.firewalls.list': [{ permission: 'compute.firewalls.list', of: always }], // P
  'compute.firewalls.insert': [
    { permission: 'compute.firewalls.create', of: always }, // R, A
    { permission: 'compute.networks.updatePolicy', of: field('network', 'networks') }, // A
  ],
  'compute.firewalls.patch': [
    { permission: 'compute.firewalls.update', of: always }, // R, A
    { permission: 'compute.firewalls.get', of: always }, // R, A
    { permission: 'compute.networks.updatePolicy', of: always }, // R, A
  ],
  'compute.firewalls.update': [
    { permission: 'compute.firewalls.update', of: always }, // R, A
    { permission: 'compute.firewalls.get', of: always }, // R, A
    { permission: 'compute.networks.updatePolicy', of: always }, // R, A
  ],
  'compute.firewalls.delete': [
    { permission: 'compute.firewalls.delete', of: always }, // R, A
    { permission: 'compute.networks.updatePolicy', of: always }, // R, A
  ],
  'compute.instances.get': [{ permission: 'compute.instances.get', of: always }], // R
  'compute.instances.list': [{ permission: 'compute.instances.list', of: always }], // P
  'compute.globalOperations.wait': [{ permission: 'compute.globalOperations.get', of: always }], // R
  'compute.regionOperations.wait': [{ permission: 'compute.regionOperations.get', of: always }], // R
  'compute.zoneOperations.wait': [{ permission: 'compute.zoneOperations.get', of: always }], // R
};

/** What a call needs by the reference, in its order; `undefined` for a method that the table does not have. */
export const needsOf = (call: Call, world: World): readonly Need[] | undefined =>
  table[call.method.id]?.flatMap(({ permission, of }) => {
    const about = of(call, world);
    if (about === true) return [{ permission }];
    return about.flatMap((resource) => (resource === undefined ? [] : [{ permission, of: resource }]));
  });

/** The methods of the table. */
export const methodsInTable: readonly string[] = Object.keys(table);
