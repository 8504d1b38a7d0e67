import ipaddr from 'ipaddr.js';

/** An IPv4 block as the node agents read it. */
export interface Ipv4Block {
  /** Canonical text: network address and prefix length. */
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

export type CidrProblem = 'not-a-cidr' | 'ipv6';

const toNumber = (octets: readonly number[]): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);

/**
 * Reads a CIDR as Go's `net.ParseCIDR` does, because the node agents parse a route's values with it: dotted
 * decimal without leading zeros, a prefix length from 0 to 32.
 */
export const parseCidr = (value: string): Ipv4Block | CidrProblem => {
  const [address, prefix, ...rest] = value.split('/');
  if (address?.includes(':') === true) return ipaddr.IPv6.isValid(address) ? 'ipv6' : 'not-a-cidr';
  if (address === undefined || prefix === undefined || rest.length > 0) return 'not-a-cidr';
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) || !/^(0|[1-9]\d?)$/.test(prefix)) return 'not-a-cidr';
  if (address.split('.').some((octet) => octet.length > 1 && octet.startsWith('0'))) return 'not-a-cidr';
  const length = Number(prefix);
  if (length > 32) return 'not-a-cidr';
  const size = 2 ** (32 - length);
  const first = Math.floor(toNumber(ipaddr.IPv4.parse(address).octets) / size) * size;
  return { text: `${ipText(first)}/${length}`, first, last: first + size - 1 };
};

/** Reads a bare IPv4 address; `undefined` for anything else. */
export const parseIp = (value: string): number | undefined => {
  const block = parseCidr(`${value}/32`);
  return typeof block === 'string' ? undefined : block.first;
};

/** Dotted decimal of an address number. */
export const ipText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const overlaps = (a: Ipv4Block, b: Ipv4Block): boolean => a.first <= b.last && b.first <= a.last;

export const contains = (block: Ipv4Block, address: number): boolean =>
  block.first <= address && address <= block.last;
