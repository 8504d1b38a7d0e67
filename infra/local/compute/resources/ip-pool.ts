import ipaddr from 'ipaddr.js';

const toNumber = (ip: ipaddr.IPv4): number => ip.octets.reduce((sum, octet) => sum * 256 + octet, 0);
const toText = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');

/** The first and the last address of an IPv4 CIDR, or `undefined` if it is none. */
const bounds = (cidr: string): { readonly first: number; readonly last: number } | undefined => {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return undefined;
  const [, bits] = ipaddr.IPv4.parseCIDR(cidr);
  const first = toNumber(ipaddr.IPv4.networkAddressFromCIDR(cidr));
  return { first, last: first + 2 ** (32 - bits) - 1 };
};

/** True for an IPv4 address in its dotted form. */
export const isIp = (value: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(value);

/** True for a CIDR of either family, as firewalls take them; a bare address counts as one. */
export const isCidr = (value: string): boolean =>
  isIp(value) ||
  ipaddr.IPv4.isValidCIDRFourPartDecimal(value) ||
  ipaddr.IPv6.isValid(value) ||
  ipaddr.IPv6.isValidCIDR(value);

/** True if `ip` can be given to somebody in a subnet: not its network, gateway or two last addresses. */
export const isUsable = (cidr: string, ip: string): boolean => {
  const range = bounds(cidr);
  if (range === undefined || !isIp(ip)) return false;
  const n = toNumber(ipaddr.IPv4.parse(ip));
  // https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet
  return n >= range.first + 2 && n <= range.last - 2;
};

/** The gateway of a subnet: its second address. */
export const gatewayOf = (cidr: string): string | undefined => {
  const range = bounds(cidr);
  return range && toText(range.first + 1);
};

/** The lowest address of a range that `taken` does not have. @param reserved addresses kept at both ends */
export const firstFree = (cidr: string, taken: (ip: string) => boolean, reserved = 2): string | undefined => {
  const range = bounds(cidr);
  if (range === undefined) return undefined;
  for (let n = range.first + reserved; n <= range.last - reserved; n += 1) {
    if (!taken(toText(n))) return toText(n);
  }
  return undefined;
};

/** Where external addresses come from: the ranges of the documentation (RFC 5737) and of RFC 2544. */
const external = ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24', '198.18.0.0/15'];

const everyExternal = function* (): Generator<string> {
  for (const range of external) {
    const { first, last } = bounds(range) ?? { first: 0, last: 0 };
    for (let n = first + 1; n < last; n += 1) yield toText(n);
  }
};

/** Google's external addresses. */
export class IpPool {
  #rest = everyExternal();
  #next: string | undefined;

  /** The next address that is asked for is this one: the luck that no client can order. */
  offer(ip: string): void {
    this.#next = ip;
  }

  /** @returns `undefined` when there is none left */
  take(taken: (ip: string) => boolean): string | undefined {
    const offered = this.#next;
    this.#next = undefined;
    if (offered !== undefined && !taken(offered)) return offered;
    return this.#fresh(taken) ?? this.#again(taken);
  }

  #fresh(taken: (ip: string) => boolean): string | undefined {
    for (let step = this.#rest.next(); step.done !== true; step = this.#rest.next()) {
      if (!taken(step.value)) return step.value;
    }
    return undefined;
  }

  /** All were given once: those that were given back. */
  #again(taken: (ip: string) => boolean): string | undefined {
    this.#rest = everyExternal();
    return this.#fresh(taken);
  }
}
