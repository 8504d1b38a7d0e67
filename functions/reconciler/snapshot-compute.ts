import type { Address, BackendService, Firewall, ForwardingRule } from '../persistent-ip/cloud.ts';
import type { ComputeLists, ComputeReads, Listed, ListedNeg } from '../persistent-ip/ports.ts';
import { onceFor } from './once.ts';

/** All that is named as ours is, and every forwarding rule of the region. */
export interface ComputeListed {
  readonly services: readonly Listed<BackendService>[];
  readonly rules: readonly Listed<ForwardingRule>[];
  readonly firewalls: readonly Listed<Firewall>[];
  readonly negs: readonly ListedNeg[];
}

export const listCompute = async (lists: ComputeLists, zones: readonly string[]): Promise<ComputeListed> => {
  const [services, rules, firewalls, negs] = await Promise.all([
    lists.backendServices(),
    lists.forwardingRules(),
    lists.firewalls(),
    Promise.all(zones.map((zone) => lists.negs(zone))),
  ]);
  return { services, rules, firewalls, negs: negs.flat() };
};

/** The stem of a rule's or a NEG's name; `undefined` for one that is not named as ours are. */
const stemIn = (name: string): string | undefined => /^(.+)-[0-9a-f]{8}$/.exec(name)?.[1];

/**
 * The reads of an observation, answered from lists. VMs are listed zone by zone, at the first question about one.
 * @param endpointsOf of a NEG of the route whose resources have this stem
 */
export const serveCompute = (
  lists: ComputeLists,
  { services, rules, firewalls, negs }: ComputeListed,
  addresses: () => Promise<readonly Address[]>,
  endpointsOf: (neg: ListedNeg, stem: string) => Promise<readonly string[]>,
): ComputeReads => {
  const serviceOf = new Map(services.map((service) => [service.name, service]));
  const firewallOf = new Map(firewalls.map((firewall) => [firewall.name, firewall]));
  const rulesOfStem = Map.groupBy(rules, ({ name }) => stemIn(name));
  const rulesOfIp = Map.groupBy(rules.entries(), ([, { ip }]) => ip);
  const negsOfStem = Map.groupBy(negs, ({ name }) => stemIn(name));
  const vmsOf = onceFor((zone) => lists.vms(zone));
  return {
    backendService: (name) => Promise.resolve(serviceOf.get(name)),
    forwardingRulesNamed: (prefixes) =>
      Promise.resolve(prefixes.flatMap((prefix) => rulesOfStem.get(prefix) ?? [])),
    // In the order of the list: of several rivals the first is named.
    forwardingRulesOf: (ips) => {
      const found = ips.flatMap((ip) => rulesOfIp.get(ip) ?? []).sort(([a], [b]) => a - b);
      return Promise.resolve(found.map(([, rule]) => rule));
    },
    firewall: (name) => Promise.resolve(firewallOf.get(name)),
    negsNamed: (zone, prefix) =>
      Promise.all(
        (negsOfStem.get(prefix) ?? [])
          .filter((neg) => neg.zone === zone)
          .map(async ({ size, ...neg }) => ({
            ...neg,
            endpoints: await endpointsOf({ ...neg, size }, prefix),
          })),
      ),
    // Rejects where the zone cannot be listed: of no VM of it anything would be known, and the reconciler reads each.
    vm: async (zone, name) => (await vmsOf(zone)).get(name) ?? { state: 'gone', subnetworks: [] },
    addresses,
    addressesOf: async (ips) => (await addresses()).filter(({ ip }) => ips.includes(ip)),
  };
};
