import { contains, ipText, parseCidr, parseIp } from './cidr.ts';
import type { Address, Scheme } from './cloud.ts';
import { classFor } from './gateway-class.ts';
import type { Gateway, GatewayAddress } from './objects.ts';

/** The most addresses that `status.addresses` of a Gateway holds, and that one route may have. */
export const mostAddresses = 16;

export const cidrType = 'gke.networking.io/cidr';

/** An address of a pool, with the spec entry's type. */
export interface PoolAddress {
  readonly type: string;
  /** IPv4, no prefix. */
  readonly value: string;
}

/** What a Gateway holds and what it cannot: the good addresses beside a bad one stay in use. */
export interface Pool {
  readonly held: readonly PoolAddress[];
  readonly problems: readonly string[];
}

/** What a pool is made from. */
export interface PoolSources {
  /** Every reserved address of the region. */
  readonly reserved: readonly Address[];
  /** Ours, one for each entry without a value, in their order. */
  readonly ours: readonly Address[];
  readonly region: string;
  readonly scheme: Scheme;
}

/** An entry that asks us to reserve an address. Source: Gateway API, *GatewaySpecAddress*, optional value. */
export const asksForAddress = ({ type, value }: GatewayAddress): boolean =>
  type === 'IPAddress' && value === undefined;

/** Address types that no class of ours knows. */
export const unknownTypes = ({ addresses }: Gateway): readonly string[] => [
  ...new Set(addresses.map(({ type }) => type).filter((type) => !knownTypes.includes(type))),
];

const knownTypes = ['IPAddress', cidrType, 'NamedAddress'];

/**
 * Every address must be a static regional address of the region and of the class's scheme, reserved and free for us.
 * Source: design/concepts.md, *Gateway*.
 */
export const evaluatePool = (gateway: Gateway, sources: PoolSources): Pool => {
  const held: PoolAddress[] = [];
  const problems: string[] = [];
  const ours = [...sources.ours];
  for (const entry of gateway.addresses) {
    const found = asksForAddress(entry) ? ours.splice(0, 1) : resolve(entry, sources);
    if (typeof found === 'string') problems.push(found);
    else
      for (const address of found) {
        const problem = addressProblem(address, sources.scheme);
        if (problem !== undefined) problems.push(problem);
        const stays = problem === undefined || (address.scheme === sources.scheme && isHeld(address));
        if (stays && !held.some(({ value }) => value === address.ip))
          held.push({ type: entry.type, value: address.ip });
      }
  }
  if (held.length <= mostAddresses) return { held, problems };
  const kept = mostLasting(held, gateway);
  const beyond = held.filter((address) => !kept.includes(address)).map(({ value }) => value);
  problems.push(
    `the addresses are ${held.length} after expansion and a Gateway holds at most ${mostAddresses}: split the pool over several Gateways; ${beyond.join(', ')} not used`,
  );
  return { held: kept, problems };
};

/** Of too many those that the Gateway's status offers already: one that is reserved later takes nobody's address. */
const mostLasting = (held: readonly PoolAddress[], { status }: Gateway): readonly PoolAddress[] => {
  const offered = new Set(status.addresses.map(({ value }) => value));
  const isNew = ({ value }: PoolAddress): number => (offered.has(value) ? 0 : 1);
  const kept = [...held].sort((a, b) => isNew(a) - isNew(b)).slice(0, mostAddresses);
  return held.filter((address) => kept.includes(address));
};

/** The reserved addresses that an entry names, or why there is none. */
const resolve = (
  { type, value = '' }: GatewayAddress,
  { reserved, region, scheme }: PoolSources,
): readonly Address[] | string => {
  const subnet = scheme === 'INTERNAL' ? ' --subnet=SUBNET' : '';
  const reserve = `reserve it with: gcloud compute addresses create NAME --region=${region}${subnet}`;
  if (type === 'NamedAddress') {
    const found = reserved.filter((address) => isMeantBy(value, address, region));
    return found.length > 0
      ? found
      : `no reserved address of region ${region} is named "${value}": gcloud compute addresses list --regions=${region} shows their names`;
  }
  const block = parseCidr(type === 'IPAddress' ? `${value}/32` : value);
  if (block === 'ipv6') return `${value} is IPv6: persistent IP addresses are IPv4`;
  if (block === 'not-a-cidr')
    return type === 'IPAddress'
      ? `"${value}" is not an IPv4 address: write it like 34.1.2.3`
      : `"${value}" is not an IPv4 CIDR: write it like 34.1.2.3/32`;
  const single = block.first === block.last ? ipText(block.first) : undefined;
  // There is one way to write an address: a sweep compares each entry of every Gateway with all of a region.
  const inside = reserved.filter(({ ip }) =>
    single === undefined ? contains(block, parseIp(ip) ?? -1) : ip === single,
  );
  if (inside.length > 0) return inside.sort((a, b) => (parseIp(a.ip) ?? 0) - (parseIp(b.ip) ?? 0));
  return type === 'IPAddress'
    ? `${value} is not a reserved address of region ${region}: ${reserve} --addresses=${value}`
    : `${block.text} holds no reserved address of region ${region}: ${reserve} --addresses=${ipText(block.first)}`;
};

/**
 * Whether a `NamedAddress` means this address: by its name alone, or by its URL, which also says in which project it is.
 * Source: design/google-cloud.md, *Shared VPC*.
 */
const isMeantBy = (value: string, { project, name }: Address, region: string): boolean => {
  const url = /(?:^|\/)projects\/([^/]+)\/regions\/([^/]+)\/addresses\/([^/]+)$/.exec(value);
  return url === null ? value === name : url[1] === project && url[2] === region && url[3] === name;
};

/** What internal addresses of a subnetwork are reserved for, where a forwarding rule may use them. */
const usablePurposes = ['GCE_ENDPOINT', 'SHARED_LOADBALANCER_VIP'];

const isOurs = (user: string): boolean => /\/forwardingRules\/pip-[^/]+$/.test(user);

/**
 * A rule of ours uses it. Google Cloud lets rules for single ports share the address of one for all of them; who makes
 * such a rule must not make us release an address that a Pod has.
 * Source: Cloud Load Balancing, *forwarding rules that use a common IP address*.
 */
const isHeld = ({ users }: Address): boolean => users.some(isOurs);

const addressProblem = (address: Address, wanted: Scheme): string | undefined => {
  const { ip, name, scheme, purpose, status, users } = address;
  if (parseIp(ip) === undefined) return `${ip} (${name}) is IPv6: persistent IP addresses are IPv4`;
  if (scheme !== wanted)
    return `${ip} (${name}) is an ${scheme.toLowerCase()} address and the class takes ${wanted.toLowerCase()} ones: name it in a Gateway of class ${classFor(scheme)}`;
  if (scheme === 'INTERNAL' && !usablePurposes.includes(purpose))
    return `${ip} (${name}) is reserved for ${purpose}: reserve one with --purpose=GCE_ENDPOINT`;
  if (status === 'RESERVING')
    return `${ip} (${name}) is still being reserved: it is used as soon as that is done`;
  const stranger = users.find((user) => !isOurs(user));
  if (stranger === undefined) return undefined;
  const beside = isHeld(address) ? ' beside the route that has it, which takes traffic from its Pod' : '';
  return `${ip} (${name}) is in use by ${stranger.split('/').slice(-2).join('/')}${beside}: free it there or take another address`;
};

/** Whether the Gateway's spec speaks of this address, usable or not. */
export const specMentions = (gateway: Gateway, ip: number): boolean =>
  gateway.addresses.some(({ type, value }) => {
    if (value === undefined || (type !== 'IPAddress' && type !== cidrType)) return false;
    const block = parseCidr(type === 'IPAddress' ? `${value}/32` : value);
    return typeof block !== 'string' && contains(block, ip);
  });

/** Whether an entry of the spec means this very address, by value or by name. */
export const specNames = (gateway: Gateway, address: Address, region: string): boolean =>
  specMentions(gateway, parseIp(address.ip) ?? -1) ||
  gateway.addresses.some(
    ({ type, value = '' }) => type === 'NamedAddress' && isMeantBy(value, address, region),
  );

/** The addresses that routes may use: in the spec now, and found usable when the Gateway was last looked at. */
export const usableIps = (gateway: Gateway): readonly number[] =>
  gateway.status.addresses.flatMap(({ type, value }) => {
    const ip = parseIp(value);
    if (ip === undefined) return [];
    // A name, or no value, says nothing about the address it stands for: such an entry must still be there.
    const stillInSpec =
      type === 'NamedAddress'
        ? gateway.addresses.some((entry) => entry.type === 'NamedAddress')
        : specMentions(gateway, ip) || (type === 'IPAddress' && gateway.addresses.some(asksForAddress));
    return stillInSpec ? [ip] : [];
  });
