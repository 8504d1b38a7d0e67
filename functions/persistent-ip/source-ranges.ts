import { parseCidr } from './cidr.ts';
import type { Scheme } from './cloud.ts';
import type { Gateway } from './objects.ts';

const annotation = 'persistent-ip.dev/source-ranges';
const unset: Readonly<Record<Scheme, readonly string[]>> = {
  EXTERNAL: ['0.0.0.0/0'],
  // RFC 1918, and RFC 6598, which clusters use for Pods.
  INTERNAL: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
};

/**
 * What the firewall rule opens, from the Gateways' annotation; unset: everything that can reach the scheme.
 * Ask `sourceRangesProblem` first: an empty list would open everything.
 * Source: design/concepts.md, *The datapath contract*.
 */
export const sourceRangesOf = (gateways: readonly Gateway[], scheme: Scheme): readonly string[] => {
  const ranges = gateways.flatMap(({ metadata }) => {
    const value = metadata.annotations[annotation];
    if (value === undefined) return unset[scheme];
    return value.split(',').flatMap((part) => {
      const block = parseCidr(part.trim());
      return typeof block === 'string' ? [] : [block.text];
    });
  });
  return [...new Set(ranges)].sort();
};

/** The annotation's first entry that is no IPv4 CIDR; `undefined` when all of it can be used. */
export const sourceRangesProblem = (gateway: Gateway): string | undefined => {
  const value = gateway.metadata.annotations[annotation];
  const parts = value?.split(',').map((part) => part.trim()) ?? [];
  const bad = parts.find((part) => typeof parseCidr(part) === 'string');
  return bad === undefined
    ? undefined
    : `The annotation ${annotation} holds "${bad}", which is not an IPv4 CIDR: write a comma-separated list like 203.0.113.0/24,198.51.100.7/32`;
};
