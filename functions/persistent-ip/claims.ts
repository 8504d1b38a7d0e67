import { type Acceptance, acceptRoute, type RouteSeen } from './accept-route.ts';
import { contains, type Ipv4Block, overlaps, parseCidr, parseIp } from './cidr.ts';
import type { Address, ForwardingRule } from './cloud.ts';
import { findCondition } from './conditions.ts';
import type { Route } from './objects.ts';
import { isOurs, isOwnedBy, type Owner, ownerName } from './ownership.ts';
import { hasGkeMarks } from './whose-route.ts';

/** What else speaks for a route's addresses; observed only while the route does not hold them all. */
export interface Contest {
  /** The other routes whose addresses overlap, each with what its own acceptance depends on. */
  readonly rivals: readonly RouteSeen[];
  /** Forwarding rules that use one of the addresses, whoever made them. */
  readonly rules: readonly ForwardingRule[];
  /** The reserved addresses of the region among them: also one of another scheme or network may have the IP. */
  readonly reserved: readonly Address[];
}

/**
 * Why the route does not get its addresses: another route of ours has them or is first in line (it is told and
 * waits), or a stranger's forwarding rule uses one of them (Google Cloud would refuse).
 */
export type Defeat =
  | { readonly by: 'route'; readonly winner: string; readonly address: string }
  | { readonly by: 'stranger'; readonly rule: string; readonly address: string }
  /** Nobody: the reservation is gone since the Gateway was looked at. */
  | { readonly by: 'absence'; readonly address: string };

/** The blocks that a route's spec names, unreadable ones left out. */
export const blocksOf = (route: Route): readonly Ipv4Block[] =>
  route.addresses.flatMap(({ value }) => {
    const block = parseCidr(value);
    return typeof block === 'string' ? [] : [block];
  });

/** Whether two routes claim one address, by containment of their prefixes. */
export const overlap = (a: Route, b: Route): boolean =>
  blocksOf(a).some((block) => blocksOf(b).some((other) => overlaps(block, other)));

const seniority = ({ metadata }: Route): string =>
  `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;

/**
 * Who stands before this route. An incumbent (the route under whose record the address's forwarding rule exists;
 * of GKE's routes an accepted one) keeps it; among the others the older wins, then the smaller namespace/name.
 * Source: design/concepts.md, *Who gets an address that two routes claim*.
 */
export const defeatOf = (
  owner: Owner,
  route: Route,
  { ips, scheme }: Extract<Acceptance, { accepted: true }>,
  contest: Contest,
  network: string,
): Defeat | undefined => {
  // An internal address means something in its own network only.
  const rules = contest.rules.filter((rule) => scheme === 'EXTERNAL' || rule.network === network);
  for (const rule of rules) {
    if (!ips.includes(rule.ip) || isOwnedBy(owner, rule.description)) continue;
    return isOurs(rule.description)
      ? { by: 'route', winner: ownerName(rule.description), address: rule.ip }
      : { by: 'stranger', rule: rule.name, address: rule.ip };
  }
  const missing = ips.filter(
    (ip) => !rules.some((rule) => rule.ip === ip && isOwnedBy(owner, rule.description)),
  );
  for (const rival of contest.rivals) {
    const theirs = blocksOf(rival.route);
    const address = missing.find((ip) => theirs.some((block) => contains(block, parseIp(ip) ?? -1)));
    if (address === undefined || !standsBefore(rival, route)) continue;
    return { by: 'route', winner: `${rival.route.metadata.namespace}/${rival.route.metadata.name}`, address };
  }
  const absent = missing.find(
    (ip) => !contest.reserved.some((address) => address.ip === ip && address.scheme === scheme),
  );
  return absent === undefined ? undefined : { by: 'absence', address: absent };
};

const standsBefore = (rival: RouteSeen, route: Route): boolean => {
  if (hasGkeMarks(rival.route))
    return findCondition(rival.route.status.conditions, 'Accepted')?.status === 'True';
  return acceptRoute(rival).accepted && seniority(rival.route) < seniority(route);
};
