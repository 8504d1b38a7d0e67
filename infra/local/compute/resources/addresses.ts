import { ComputeError, invalid, ipInUse, notImplemented, required } from '../errors.ts';
import { fullUrl, placeOf, type Scope, urlOf } from '../resource-url.ts';
import type { Address, Key, PublicDelegatedPrefix, Subnetwork } from '../types.ts';
import { type IpSpace, ipClaim, reservation } from '../world/claims.ts';
import type { World } from '../world/world.ts';
import { firstFree, isIp, isUsable } from './ip-pool.ts';
import type { At, Content, Draft, Kind } from './kind.ts';

/** True if an address resource, a rule or an instance has this IP. */
export const isTaken = (world: World, space: IpSpace, ip: string): boolean =>
  world.store.usersOf(ipClaim(space, ip)).length > 0 ||
  world.store.usersOf(reservation(space, ip)).length > 0;

/** The network of a subnetwork, as a key. */
export const networkOf = (subnetwork: Subnetwork): Key => subnetwork.network.slice(urlOf('').length) as Key;

/** In which space the IP of an address means something. */
export const spaceOf = (world: World, address: Pick<Address, 'subnetwork'>, project: string): IpSpace =>
  address.subnetwork === undefined
    ? 'internet'
    : networkOf(world.refer('subnetworks', address.subnetwork, 'resource.subnetwork', project).resource);

/** 403, as the real service says that a range or Google itself has no address left. */
const exhausted = (where: string): ComputeError =>
  new ComputeError(403, 'quotaExceeded', `No IP address is left in ${where}.`);

/** An external address that nobody has. @throws ComputeError 403 when Google has none left */
export const newExternal = (world: World): string => {
  const ip = world.pool.take((candidate) => isTaken(world, 'internet', candidate));
  if (ip === undefined) throw exhausted('the external addresses');
  return ip;
};

/** The lowest free address of a subnetwork. @throws ComputeError 403 when it has none left */
export const newInternal = (world: World, subnetwork: Subnetwork): string => {
  const space = networkOf(subnetwork);
  const ip = firstFree(subnetwork.ipCidrRange, (candidate) => isTaken(world, space, candidate));
  if (ip === undefined) throw exhausted(subnetwork.name);
  return ip;
};

const external = (draft: Draft<Address>, { world, project, scope }: At): string => {
  if (draft.subnetwork !== undefined) {
    throw invalid('resource.subnetwork', draft.subnetwork, 'An external address has no subnetwork.');
  }
  if (draft.ipCollection !== undefined) {
    const prefix = world.refer(
      'publicDelegatedPrefixes',
      draft.ipCollection,
      'resource.ipCollection',
      project,
    ).resource;
    return fromPrefix(prefix, draft, scope, (ip) => isTaken(world, 'internet', ip));
  }
  if (draft.address === undefined) {
    return newExternal(world);
  }
  // Nobody may choose an external address; one that is in use and not reserved can be kept (promoted).
  const used = world.store.usersOf(ipClaim('internet', draft.address)).length > 0;
  if (used && world.store.usersOf(reservation('internet', draft.address)).length === 0) return draft.address;
  throw invalid(
    'resource.address',
    draft.address,
    'Specified IP address is not an in-use ephemeral address.',
  );
};

const fromPrefix = (
  prefix: PublicDelegatedPrefix,
  draft: Draft<Address>,
  scope: Scope,
  taken: (ip: string) => boolean,
): string => {
  if (urlOf(scope) !== prefix.region) {
    throw invalid('resource.ipCollection', draft.ipCollection, 'It must be of the region of the address.');
  }
  if (draft.address !== undefined) {
    throw invalid('resource.address', draft.address, 'It cannot be given together with ipCollection.');
  }
  const ip = firstFree(prefix.ipCidrRange, taken, 0);
  if (ip === undefined) throw exhausted(prefix.name);
  return ip;
};

const internal = (draft: Draft<Address>, { world, project, scope }: At): string => {
  const { key, resource } = world.refer('subnetworks', draft.subnetwork, 'resource.subnetwork', project);
  if (placeOf(key) !== placeOf(scope)) {
    throw invalid('resource.subnetwork', draft.subnetwork, 'It must be of the region of the address.');
  }
  const space = networkOf(resource);
  if (draft.address === undefined) return newInternal(world, resource);
  if (!isUsable(resource.ipCidrRange, draft.address)) {
    throw invalid('resource.address', draft.address, 'The IP address is not in the range of the subnetwork.');
  }
  const reserved = world.store.usersOf(reservation(space, draft.address)).length > 0;
  const byInstance = world.store
    .usersOf(ipClaim(space, draft.address))
    .some((k) => k.includes('/instances/'));
  if (reserved || byInstance) throw ipInUse(draft.address);
  return draft.address;
};

/** Proto comment of `purpose`: of internal addresses; those for single IPs of a subnetwork are here. */
const checkPurpose = (purpose: string | undefined, isExternal: boolean): void => {
  if (purpose === undefined) return;
  if (isExternal) throw invalid('resource.purpose', purpose, 'It can be set on INTERNAL addresses only.');
  if (!['GCE_ENDPOINT', 'SHARED_LOADBALANCER_VIP'].includes(purpose))
    throw notImplemented(`addresses of purpose ${purpose}`);
};

const insert = (draft: Draft<Address>, at: At): Content<Address> => {
  const addressType = draft.addressType ?? 'EXTERNAL';
  if (!['EXTERNAL', 'INTERNAL'].includes(addressType)) throw required('resource.addressType');
  if (draft.address !== undefined && !isIp(draft.address)) {
    throw invalid('resource.address', draft.address, 'It must be an IPv4 address.');
  }
  const isExternal = addressType === 'EXTERNAL';
  checkPurpose(draft.purpose, isExternal);
  const networkTier = draft.networkTier ?? 'PREMIUM';
  if (!isExternal && networkTier !== 'PREMIUM') {
    throw invalid('resource.networkTier', networkTier, 'Internal addresses are always Premium Tier.');
  }
  const address = isExternal ? external(draft, at) : internal(draft, at);
  return {
    ...draft,
    address,
    addressType,
    networkTier,
    region: urlOf(at.scope),
    status: 'RESERVED',
    ...(draft.subnetwork === undefined
      ? {}
      : {
          purpose: draft.purpose ?? 'GCE_ENDPOINT',
          subnetwork: fullUrl('subnetworks', draft.subnetwork, at.project),
        }),
  };
};

/** Regional addresses: external ones as Google gives them, internal ones of a subnetwork. */
export const addresses: Kind<'addresses'> = {
  collection: 'addresses',
  service: 'Addresses',
  message: 'Address',
  title: 'address',
  scopes: ['global', 'regions'],
  labels: true,
  insert,
  claims: (content, { world, project }) => [reservation(spaceOf(world, content, project), content.address)],
  users: (resource, { world, project }) =>
    world.store.usersOf(ipClaim(spaceOf(world, resource, project), resource.address)),
  show: (resource, _key, world) => {
    const users = world.store
      .usersOf(ipClaim(spaceOf(world, resource, world.project), resource.address))
      .filter((key) => world.locks.of(key) !== 'insert');
    return users.length === 0 ? { status: 'RESERVED' } : { status: 'IN_USE', users: users.map(urlOf) };
  },
};
