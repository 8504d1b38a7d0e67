import { invalid, notImplemented } from '../errors.ts';
import { fullUrl, placeOf, regionScope, urlOf } from '../resource-url.ts';
import type { BackendService, ForwardingRule, Key } from '../types.ts';
import { ipClaim } from '../world/claims.ts';
import type { At, Content, Draft, Kind } from './kind.ts';
import { externalIp, internalIp } from './rule-address.ts';

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
    const { ip, network } = internalIp(draft, service, at);
    const subnetwork = fullUrl('subnetworks', draft.subnetwork ?? '', at.project);
    return { ...common, IPAddress: ip, network: urlOf(network), subnetwork };
  }
  for (const field of ['network', 'subnetwork', 'allowGlobalAccess'] as const) {
    if (draft[field] !== undefined) {
      throw invalid(`resource.${field}`, draft[field], 'It can be set on INTERNAL forwarding rules only.');
    }
  }
  return { ...common, IPAddress: externalIp(draft, at) };
};

/** Documentation of `forwardingRules.patch`: *currently, you can only patch* allowGlobalAccess (and tier). */
const change = (next: Rule, current: ForwardingRule): Content<ForwardingRule> => {
  for (const [field, value] of Object.entries(next)) {
    const before = current[field as keyof ForwardingRule];
    // The Node client sends an empty map of labels with every PATCH.
    const nothing = before === undefined && JSON.stringify(value) === '{}';
    if (field !== 'allowGlobalAccess' && !nothing && JSON.stringify(value) !== JSON.stringify(before)) {
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
