import type { Claim } from './acceptance.ts';
import { networkOf } from './choice.ts';
import type { ARoute, Cluster } from './cluster.ts';

/** Where a route's addresses are reached. design/concepts.md, *The datapath contract*, *Deletion*. */

/** Scheme, network and subnetwork: what "cannot be patched". */
export const placeOf = (cluster: Cluster, route: ARoute, { scheme }: Claim): string => {
  if (networkOf(route) === 'default') return `${scheme} default default`;
  // "its parameter set names the VPC and subnet"
  const network = cluster.networks.find(({ name }) => name === networkOf(route));
  const params = cluster.paramSets.find(({ name }) => name === network?.paramSet);
  return `${scheme} ${params?.vpc} ${params?.subnet}`;
};

/** While there is no backend service, nothing has a scheme. */
export const fits = (before: string, after: string): boolean =>
  before === '' || before === after || (before.startsWith(' ') && after.endsWith(before));

/** "It opens what the Gateway's annotation says"; of several parents, what any of them says. Sorted, and for which addresses. */
export const rangesOf = ({ extra }: ARoute, { gateways, scheme, ips }: Claim): string => {
  // "default `0.0.0.0/0` for EXTERNAL; `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `100.64.0.0/10` for INTERNAL"
  const defaults =
    scheme === 'EXTERNAL' ? '0.0.0.0/0' : '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10';
  const ranges = new Set<string>();
  for (const { sourceRanges } of gateways)
    for (const range of (sourceRanges ?? defaults).split(',')) ranges.add(range.trim());
  // "internal addresses only: the forwarding rule's `allowGlobalAccess`"
  const from = extra.allowGlobalAccess === true ? ' from every region' : '';
  return `${[...ranges].sort().join()} for ${ips.toSorted().join()}${from}`;
};
