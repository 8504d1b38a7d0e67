import { invalid, ipInUse, required } from '../errors.ts';
import { keyOf, parseReference, urlOf } from '../resource-url.ts';
import type { Address, BackendService, ForwardingRule, Key } from '../types.ts';
import { type IpSpace, ipClaim, reservation } from '../world/claims.ts';
import { networkOf, newExternal, newInternal } from './addresses.ts';
import { isIp, isUsable } from './ip-pool.ts';
import type { At, Draft } from './kind.ts';

type Rule = Draft<ForwardingRule>;

/** The reserved address that a rule names, by IP, URL or name; `undefined` if no reservation has the IP. */
const reserved = (value: string, space: IpSpace, at: At): Address | undefined => {
  const { store } = at.world;
  if (isIp(value)) {
    const [key] = store.usersOf(reservation(space, value));
    return key && at.world.find('addresses', key);
  }
  const bare = /^[^/]+$/.test(value);
  const key = bare ? keyOf(at.scope, 'addresses', value) : parseReference(value, 'addresses', at.project);
  if (key === undefined) throw invalid('resource.IPAddress', value, 'The URL is malformed.');
  return at.world.find('addresses', key);
};

/**
 * The external address of a rule: reserved in the rule's region and tier and used by nobody, or a new one.
 * @throws ComputeError 400, where the address is in use too
 */
export const externalIp = (draft: Rule, at: At): string => {
  const value = draft.IPAddress;
  if (value === undefined) return newExternal(at.world);
  const address = reserved(value, 'internet', at);
  // hashicorp/terraform #19231 has the text for an address that is not reserved where the rule may use it.
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

/**
 * The internal address of a rule: of its subnetwork, reserved or not, and used by nobody.
 * @throws ComputeError 400; 409 in the operation where the address is in use
 */
export const internalIp = (draft: Rule, service: BackendService, at: At): { ip: string; network: Key } => {
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
  const ip = address?.address ?? value ?? newInternal(at.world, resource);
  if (!isUsable(resource.ipCidrRange, ip)) {
    throw invalid('resource.IPAddress', ip, 'The IP address is not in the range of the subnetwork.');
  }
  if (at.world.store.usersOf(ipClaim(network, ip)).length > 0) throw ipInUse(ip);
  return { ip, network };
};
