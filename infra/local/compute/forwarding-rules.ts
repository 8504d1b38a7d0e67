import { isTaken, networkOf } from './addresses.ts';
import { invalid, ipInUse, notImplemented, required } from './errors.ts';
import { firstFree, isIp, isUsable } from './ip-pool.ts';
import type { At, Content, Draft, Kind } from './kind.ts';
import { fullUrl, keyOf, parseReference, placeOf, regionScope, urlOf } from './resource-url.ts';
import { type IpSpace, ipClaim, reservation } from './store.ts';
import type { Address, BackendService, ForwardingRule, Key } from './types.ts';

type Rule = Draft<ForwardingRule>;

/** What this cloud has of forwarding rules: all ports and protocols of an address, to a backend service. */
const checkSupported = (draft: Rule & { readonly target?: string; readonly ports?: unknown }): void => {
  const scheme = draft.loadBalancingScheme ?? 'EXTERNAL';
  if (draft.target !== undefined) throw notImplemented('forwarding rules with a target');
  if (scheme !== 'EXTERNAL' && scheme !== 'INTERNAL') throw notImplemented(`forwarding rules of ${scheme}`);
  if (draft.IPProtocol !== 'L3_DEFAULT') {
    throw notImplemented(`forwarding rules of IPProtocol ${draft.IPProtocol ?? 'TCP, the default'}`);
  }
  // Proto comment of `allPorts`: L3_DEFAULT goes with all ports only.
  if (draft.allPorts !== true) {
    throw invalid('resource.allPorts', draft.allPorts, 'L3_DEFAULT requires allPorts.');
  }
  for (const field of ['ports', 'portRange'] as const) {
    const value = (draft as Record<string, unknown>)[field];
    if (value !== undefined)
      throw invalid(`resource.${field}`, value, 'It cannot be set together with allPorts.');
  }
};

const checkService = (draft: Rule, service: BackendService, scheme: string): void => {
  if (service.loadBalancingScheme !== scheme) {
    throw invalid(
      'resource.loadBalancingScheme',
      scheme,
      `The backend service has load balancing scheme ${service.loadBalancingScheme}.`,
    );
  }
  if (service.protocol !== 'UNSPECIFIED') {
    throw invalid(
      'resource.IPProtocol',
      draft.IPProtocol,
      `L3_DEFAULT requires a backend service of protocol UNSPECIFIED, not ${service.protocol}.`,
    );
  }
};

/** The reserved address that a rule names, by IP, URL or name; `undefined` if no reservation has the IP. */
const reserved = (value: string, space: IpSpace, at: At): Address | undefined => {
  const { store } = at.world;
  if (isIp(value)) {
    const key = store.usersOf(reservation(space, value)).find((k) => placeOf(k) === placeOf(at.scope));
    return key && at.world.find('addresses', key);
  }
  const bare = /^[^/]+$/.test(value);
  const key = bare ? keyOf(at.scope, 'addresses', value) : parseReference(value, 'addresses', at.project);
  if (key === undefined) throw invalid('resource.IPAddress', value, 'The URL is malformed.');
  return at.world.find('addresses', key);
};

const external = (draft: Rule, at: At): string => {
  const taken = (ip: string) => isTaken(at.world, 'internet', ip);
  const value = draft.IPAddress;
  if (value === undefined) return at.world.pool.take(taken) ?? '';
  const address = reserved(value, 'internet', at);
  // hashicorp/terraform #19231 has the text for an address that is not reserved in the rule's scope.
  if (address === undefined) throw invalid('resource.IPAddress', value, 'Invalid IP address specified.');
  if (address.addressType !== 'EXTERNAL') {
    throw invalid('resource.IPAddress', value, 'An EXTERNAL forwarding rule needs an external IP address.');
  }
  if (address.region !== urlOf(at.scope)) {
    throw invalid('resource.IPAddress', value, 'The IP address is not in the region of the forwarding rule.');
  }
  if (address.networkTier !== (draft.networkTier ?? 'PREMIUM')) {
    throw invalid(
      'resource.networkTier',
      draft.networkTier ?? 'PREMIUM',
      `It must be the network tier of the IP address, ${address.networkTier}.`,
    );
  }
  if (at.world.store.usersOf(ipClaim('internet', address.address)).length > 0) {
    const conflict = 'Specified IP address is in-use and would result in a conflict.';
    throw invalid('resource.IPAddress', address.address, conflict);
  }
  return address.address;
};

const internal = (draft: Rule, service: BackendService, at: At): { ip: string; network: Key } => {
  const { resource } = at.world.refer('subnetworks', draft.subnetwork, 'resource.subnetwork', at.project);
  const network = networkOf(resource);
  if (draft.network === undefined) throw required('resource.network');
  const given = parseReference(draft.network, 'networks', at.project);
  if (given !== network || service.network !== urlOf(network)) {
    throw invalid(
      'resource.network',
      draft.network,
      'It must be the network of the subnetwork and of the backend service.',
    );
  }
  const value = draft.IPAddress;
  const address = value === undefined ? undefined : reserved(value, network, at);
  if (address !== undefined && address.addressType !== 'INTERNAL') {
    throw invalid('resource.IPAddress', value, 'An INTERNAL forwarding rule needs an internal IP address.');
  }
  const ip =
    address?.address ??
    value ??
    firstFree(resource.ipCidrRange, (free) => isTaken(at.world, network, free)) ??
    '';
  if (!isUsable(resource.ipCidrRange, ip)) {
    throw invalid('resource.IPAddress', ip, 'The IP address is not in the range of the subnetwork.');
  }
  if (at.world.store.usersOf(ipClaim(network, ip)).length > 0) throw ipInUse(ip);
  return { ip, network };
};

const insert = (draft: Rule, at: At): Content<ForwardingRule> => {
  checkSupported(draft);
  const scheme = draft.loadBalancingScheme ?? 'EXTERNAL';
  const { key, resource: service } = at.world.refer(
    'backendServices',
    draft.backendService,
    'resource.backendService',
    at.project,
  );
  checkService(draft, service, scheme);
  const common = {
    ...draft,
    IPProtocol: 'L3_DEFAULT',
    allPorts: true,
    loadBalancingScheme: scheme,
    networkTier: draft.networkTier ?? 'PREMIUM',
    backendService: urlOf(key),
    region: urlOf(regionScope(at.project, placeOf(at.scope))),
  };
  if (scheme === 'INTERNAL') {
    const { ip, network } = internal(draft, service, at);
    const subnetwork = fullUrl('subnetworks', draft.subnetwork ?? '', at.project);
    return { ...common, IPAddress: ip, network: urlOf(network), subnetwork };
  }
  for (const field of ['network', 'subnetwork', 'allowGlobalAccess'] as const) {
    if (draft[field] !== undefined) {
      throw invalid(`resource.${field}`, draft[field], 'It can be set on INTERNAL forwarding rules only.');
    }
  }
  return { ...common, IPAddress: external(draft, at) };
};

/** Documentation of `forwardingRules.patch`: *currently, you can only patch* allowGlobalAccess (and tier). */
const change = (next: Rule, current: ForwardingRule): Content<ForwardingRule> => {
  for (const [field, value] of Object.entries(next)) {
    const before = current[field as keyof ForwardingRule];
    if (field !== 'allowGlobalAccess' && JSON.stringify(value) !== JSON.stringify(before)) {
      throw invalid(`resource.${field}`, value, 'This field of a forwarding rule cannot be changed.');
    }
  }
  if (next.allowGlobalAccess !== undefined && current.loadBalancingScheme !== 'INTERNAL') {
    throw invalid('resource.allowGlobalAccess', next.allowGlobalAccess, 'INTERNAL forwarding rules only.');
  }
  return next as Content<ForwardingRule>;
};

/** Regional forwarding rules of protocol forwarding: one IP address, every port, one backend service. */
export const forwardingRules: Kind<'forwardingRules'> = {
  collection: 'forwardingRules',
  service: 'ForwardingRules',
  message: 'ForwardingRule',
  title: 'forwarding_rule',
  scopes: ['global', 'regions'],
  fingerprint: true,
  labels: true,
  insert,
  change,
  claims: (content) => {
    const key = (url: string) => url.slice(urlOf('').length) as Key;
    const space = content.network === undefined ? 'internet' : key(content.network);
    return [key(content.backendService), ipClaim(space, content.IPAddress)];
  },
};
