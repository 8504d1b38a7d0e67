import { parseCidr } from './cidr.ts';
import type { Gateway } from './objects.ts';

const annotation = 'persistent-ip.dev/source-ranges';
const everywhere = ['0.0.0.0/0'];

/**
 * What the firewall rule opens, from the Gateways' annotation; unset: everywhere, as for external addresses.
 * Ask `sourceRangesProblem` first: an empty list would open everything.
 * Source: design/concepts.md, *The datapath contract*.
 */
export const sourceRangesOf = (gateways: readonly Gateway[]): readonly string[] => {
  const ranges = gateways.flatMap(({ metadata }) => {
    const value = metadata.annotations[annotation];
    if (value === undefined) return everywhere;
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
