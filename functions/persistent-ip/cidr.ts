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

/** Dotted decimal without leading zeros, which Go refuses too. */
const dotted = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** Reads a bare IPv4 address; `undefined` for anything else. */
export const parseIp = (value: string): number | undefined => {
  const octets = dotted.exec(value)?.slice(1).map(Number);
  return octets?.every((octet) => octet <= 255) === true ? toNumber(octets) : undefined;
};

/**
 * Reads a CIDR as Go's `net.ParseCIDR` does, because the node agents parse a route's values with it: dotted
 * decimal without leading zeros, a prefix length from 0 to 32.
 */
export const parseCidr = (value: string): Ipv4Block | CidrProblem => {
  const [address = '', prefix = '', ...rest] = value.split('/');
  if (address.includes(':')) return ipaddr.IPv6.isValid(address) ? 'ipv6' : 'not-a-cidr';
  const ip = parseIp(address);
  if (ip === undefined || !/^(0|[1-9]\d?)$/.test(prefix) || rest.length > 0) return 'not-a-cidr';
  const length = Number(prefix);
  if (length > 32) return 'not-a-cidr';
  const size = 2 ** (32 - length);
  const first = Math.floor(ip / size) * size;
  return { text: `${ipText(first)}/${length}`, first, last: first + size - 1 };
};

/** Dotted decimal of an address number. */
export const ipText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const overlaps = (a: Ipv4Block, b: Ipv4Block): boolean => a.first <= b.last && b.first <= a.last;

export const contains = (block: Ipv4Block, address: number): boolean =>
  block.first <= address && address <= block.last;
