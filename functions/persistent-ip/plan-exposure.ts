import type { CloudStep, Reach, Scheme } from './cloud.ts';
import { ruleName } from './names.ts';
import type { Gateway } from './objects.ts';
import { ownerOf, type RouteObservation } from './observation.ts';
import { describe, isOwnedBy } from './ownership.ts';
import { routeNetwork } from './route-network.ts';
import { sourceRangesOf, sourceRangesProblem } from './source-ranges.ts';

/** What the world reaches, and through which Gateways' rules. */
export interface Exposure {
  readonly ips: readonly string[];
  readonly gateways: readonly Gateway[];
  readonly scheme: Scheme;
}

/**
 * One forwarding rule an address; a rule of ours for another address, or that points elsewhere, goes first. Of one
 * that stays only `allowGlobalAccess` can change.
 */
export const planRules = (o: RouteObservation, stem: string, { ips, scheme }: Exposure) => {
  const owner = ownerOf(o);
  const ours = o.cloud.rules.filter(({ description }) => isOwnedBy(owner, description));
  const good = ours.filter(({ ip, backendService }) => ips.includes(ip) && backendService === stem);
  const remove: CloudStep[] = ours
    .filter((rule) => !good.includes(rule))
    .map(({ name }) => ({ do: 'delete-forwarding-rule', name }));
  const create: CloudStep[] = ips
    .filter((ip) => !good.some((rule) => rule.ip === ip))
    .map((ip) => ({
      do: 'create-forwarding-rule',
      name: ruleName(stem, ip),
      ip,
      reach: reachOf(o, scheme, ip),
      backendService: stem,
      description: describe(owner),
    }));
  const globally = o.route.extra.allowGlobalAccess === true;
  const patch: CloudStep[] = good
    .filter(({ allowGlobalAccess }) => scheme === 'INTERNAL' && allowGlobalAccess !== globally)
    .map(({ name, fingerprint }) => ({
      do: 'patch-forwarding-rule',
      name,
      fingerprint,
      allowGlobalAccess: globally,
    }));
  return { remove, create, patch };
};

/**
 * An internal rule lies in the subnetwork of its address; an external one has its tier. Of several internal
 * addresses with the IP, each of another network, the one of the route's own subnetwork is meant.
 */
const reachOf = (o: RouteObservation, scheme: Scheme, ip: string): Reach => {
  const found = (o.contest?.reserved ?? []).filter((one) => one.ip === ip && one.scheme === scheme);
  if (scheme === 'EXTERNAL') return { scheme, networkTier: found[0]?.networkTier ?? 'PREMIUM' };
  const { network, subnetwork } = routeNetwork(o);
  const own = found.find((one) => one.subnetwork === subnetwork) ?? found[0];
  return {
    scheme,
    network,
    subnetwork: own?.subnetwork ?? subnetwork,
    allowGlobalAccess: o.route.extra.allowGlobalAccess === true,
  };
};

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry) => b.includes(entry));

/** Traffic of a persistent IP bypasses NetworkPolicy on the node: this rule is its only filter. */
export const planFirewall = (
  o: RouteObservation,
  stem: string,
  { ips, gateways, scheme }: Exposure,
): readonly CloudStep[] => {
  // The Gateway is about to lose Accepted; until somebody mends the annotation the last good rule stays.
  if (gateways.some((gateway) => sourceRangesProblem(gateway) !== undefined)) return [];
  const destinationRanges = ips.map((ip) => `${ip}/32`);
  const sourceRanges = sourceRangesOf(gateways, scheme);
  const targetTags = o.cluster.nodeTag === undefined ? [] : [o.cluster.nodeTag];
  const seen = o.cloud.firewall;
  const same =
    seen !== undefined &&
    seen.narrowed !== true &&
    sameSet(seen.destinationRanges, destinationRanges) &&
    sameSet(seen.sourceRanges, sourceRanges) &&
    sameSet(seen.targetTags, targetTags);
  if (same) return [];
  return [
    {
      do: seen === undefined ? 'create-firewall' : 'patch-firewall',
      name: stem,
      network: routeNetwork(o).network,
      sourceRanges,
      destinationRanges,
      targetTags,
      description: describe(ownerOf(o)),
    },
  ];
};
