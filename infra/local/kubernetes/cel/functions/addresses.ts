import { isIPv4, isIPv6 } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import ipaddr from 'ipaddr.js';

/** `net.IP` of CEL. */
class Address {
  readonly at: ipaddr.IPv4 | ipaddr.IPv6;
  constructor(at: ipaddr.IPv4 | ipaddr.IPv6) {
    this.at = at;
  }
  get isV4(): boolean {
    return this.at.kind() === 'ipv4';
  }
  toString(): string {
    // RFC 5952, which Go prints: the longest run of zeros is shortened.
    return this.at instanceof ipaddr.IPv6 ? this.at.toRFC5952String() : this.at.toString();
  }
}

/** `net.CIDR` of CEL: an address with the length of its prefix. */
class Prefix {
  readonly address: Address;
  readonly bits: number;
  constructor(address: Address, bits: number) {
    this.address = address;
    this.bits = bits;
  }
  contains({ at }: Address): boolean {
    return at.kind() === this.address.at.kind() && at.match([this.address.at, this.bits] as never);
  }
  masked(): Prefix {
    const bytes = this.address.at.toByteArray().map((byte, index) => {
      const kept = Math.min(8, Math.max(0, this.bits - index * 8));
      return byte & (0xff << (8 - kept)) & 0xff;
    });
    return new Prefix(new Address(ipaddr.fromByteArray(bytes)), this.bits);
  }
  toString(): string {
    return `${this.address.toString()}/${this.bits}`;
  }
}

/** @throws Error in the API server's words (`pkg/cel/library/ip.go`) */
const addressOf = (text: string): Address => {
  const quoted = JSON.stringify(text);
  if (text.includes('%') && isIPv6(text))
    throw new Error(`IP address ${quoted} with zone value is not allowed`);
  if (!isIPv4(text) && !isIPv6(text)) {
    throw new Error(
      `IP Address ${quoted} parse error during conversion from string: ParseAddr(${quoted}): unable to parse IP`,
    );
  }
  const at = ipaddr.parse(text);
  if (at instanceof ipaddr.IPv6 && at.isIPv4MappedAddress()) {
    throw new Error(`IPv4-mapped IPv6 address ${quoted} is not allowed`);
  }
  return new Address(at);
};

const badPrefix = (text: string): Error => {
  const during = 'network address parse error during conversion from string';
  return new Error(
    `${during}: ${during}: netip.ParsePrefix(${JSON.stringify(text)}): unable to parse prefix`,
  );
};

/** @throws Error in the API server's words (`pkg/cel/library/cidr.go`) */
const prefixOf = (text: string): Prefix => {
  const [, address, length] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  if (address === undefined || address.includes('%')) throw badPrefix(text);
  const bits = Number(length);
  if (!isIPv4(address) && !isIPv6(address)) throw badPrefix(text);
  const parsed = addressOf(address);
  if (bits > (parsed.isV4 ? 32 : 128)) throw badPrefix(text);
  return new Prefix(parsed, bits);
};

const parses = (parse: () => unknown): boolean => {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
};

const within = ({ at }: Address, ...ranges: readonly string[]): boolean => ranges.includes(at.range());
const covers = (outer: Prefix, inner: Prefix): boolean =>
  outer.bits <= inner.bits && outer.contains(inner.address);

/** The namespace of `ip.isCanonical`. */
class Addresses {}

/** `ip`, `isIP`, `cidr`, `isCIDR` and what they lead to (apiserver `pkg/cel/library/ip.go` and `cidr.go`). */
export const addressFunctions = (env: Environment): void => {
  env
    .registerType('net.IP', Address)
    .registerType('net.CIDR', Prefix)
    .registerType('net.Addresses', Addresses)
    .registerConstant('ip', 'net.Addresses', new Addresses())
    .registerFunction('ip(string): net.IP', addressOf)
    .registerFunction('isIP(string): bool', (text: string) => parses(() => addressOf(text)))
    .registerFunction(
      'net.Addresses.isCanonical(string): bool',
      (_: Addresses, text: string) => addressOf(text).toString() === text,
    )
    .registerFunction('string(net.IP): string', String)
    .registerFunction('net.IP.family(): int', ({ isV4 }: Address) => (isV4 ? 4n : 6n))
    .registerFunction(
      'net.IP.isUnspecified(): bool',
      (ip: Address) => within(ip, 'unspecified') && /^(0\.0\.0\.0|::)$/.test(ip.toString()),
    )
    .registerFunction('net.IP.isLoopback(): bool', (ip: Address) => within(ip, 'loopback'))
    .registerFunction('net.IP.isLinkLocalMulticast(): bool', (ip: Address) =>
      /^(224\.0\.0\.|ff.2:)/.test(ip.toString()),
    )
    .registerFunction('net.IP.isLinkLocalUnicast(): bool', (ip: Address) => within(ip, 'linkLocal'))
    .registerFunction(
      'net.IP.isGlobalUnicast(): bool',
      (ip: Address) =>
        !within(ip, 'loopback', 'multicast', 'linkLocal', 'broadcast') &&
        !/^(0\.0\.0\.0|::)$/.test(ip.toString()),
    )
    .registerOperator('net.IP == net.IP', (a: Address, b: Address) => a.toString() === b.toString())
    .registerFunction('cidr(string): net.CIDR', prefixOf)
    .registerFunction('isCIDR(string): bool', (text: string) => parses(() => prefixOf(text)))
    .registerFunction('string(net.CIDR): string', String)
    .registerFunction('net.CIDR.containsIP(net.IP): bool', (cidr: Prefix, ip: Address) => cidr.contains(ip))
    .registerFunction('net.CIDR.containsIP(string): bool', (cidr: Prefix, ip: string) =>
      cidr.contains(addressOf(ip)),
    )
    .registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', covers)
    .registerFunction('net.CIDR.containsCIDR(string): bool', (outer: Prefix, inner: string) =>
      covers(outer, prefixOf(inner)),
    )
    .registerFunction('net.CIDR.ip(): net.IP', ({ address }: Prefix) => address)
    .registerFunction('net.CIDR.prefixLength(): int', ({ bits }: Prefix) => BigInt(bits))
    .registerFunction('net.CIDR.masked(): net.CIDR', (cidr: Prefix) => cidr.masked())
    .registerOperator('net.CIDR == net.CIDR', (a: Prefix, b: Prefix) => a.toString() === b.toString());
};
