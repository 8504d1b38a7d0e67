import type { CloudStep } from './cloud.ts';
import { ruleName } from './names.ts';
import type { Gateway } from './objects.ts';
import { ownerOf, type RouteObservation } from './observation.ts';
import { describe, isOwnedBy } from './ownership.ts';
import { sourceRangesOf, sourceRangesProblem } from './source-ranges.ts';

/** What the world reaches, and through which Gateways' rules. */
export interface Exposure {
  readonly ips: readonly string[];
  readonly gateways: readonly Gateway[];
}

/** One forwarding rule an address; a rule of ours for another address, or that points elsewhere, goes first. */
export const planRules = (o: RouteObservation, stem: string, { ips }: Exposure) => {
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
      backendService: stem,
      description: describe(owner),
    }));
  return { remove, create };
};

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry) => b.includes(entry));

/** Traffic of a persistent IP bypasses NetworkPolicy on the node: this rule is its only filter. */
export const planFirewall = (
  o: RouteObservation,
  stem: string,
  { ips, gateways }: Exposure,
): readonly CloudStep[] => {
  // The Gateway is about to lose Accepted; until somebody mends the annotation the last good rule stays.
  if (gateways.some((gateway) => sourceRangesProblem(gateway) !== undefined)) return [];
  const destinationRanges = ips.map((ip) => `${ip}/32`);
  const sourceRanges = sourceRangesOf(gateways);
  const targetTags = o.cluster.nodeTag === undefined ? [] : [o.cluster.nodeTag];
  const seen = o.cloud.firewall;
  const same =
    seen !== undefined &&
    sameSet(seen.destinationRanges, destinationRanges) &&
    sameSet(seen.sourceRanges, sourceRanges) &&
    sameSet(seen.targetTags, targetTags);
  if (same) return [];
  return [
    {
      do: seen === undefined ? 'create-firewall' : 'patch-firewall',
      name: stem,
      network: o.cluster.network,
      sourceRanges,
      destinationRanges,
      targetTags,
      description: describe(ownerOf(o)),
    },
  ];
};
