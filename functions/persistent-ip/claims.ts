import { type Acceptance, acceptRoute, type RouteSeen } from './accept-route.ts';
import { contains, type Ipv4Block, overlaps, parseCidr, parseIp } from './cidr.ts';
import type { Address, ForwardingRule } from './cloud.ts';
import { findCondition, isTrueNow } from './conditions.ts';
import type { Route } from './objects.ts';
import { isOurs, isOwnedBy, type Owner, ownerName } from './ownership.ts';
import { hasGkeMarks } from './whose-route.ts';

/** What else speaks for a route's addresses; observed only while it is not accepted with all of them. */
export interface Contest {
  /** The other routes whose addresses overlap. */
  readonly rivals: readonly Rival[];
  /** Forwarding rules that use one of the addresses, whoever made them. */
  readonly rules: readonly ForwardingRule[];
  /** The reserved addresses of the region among them: also one of another scheme or network may have the IP. */
  readonly reserved: readonly Address[];
}

/** Another claimant, with what its own acceptance depends on. */
export interface Rival extends RouteSeen {
  /** The forwarding rules that carry its name. */
  readonly rules: readonly ForwardingRule[];
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

/** Each route's blocks once: who asks about one route asks about all of a cluster. */
const known = new WeakMap<Route['addresses'], readonly Ipv4Block[]>();

/** The blocks that a route's spec names, unreadable ones left out. */
export const blocksOf = ({ addresses }: Route): readonly Ipv4Block[] => {
  const blocks =
    known.get(addresses) ??
    addresses.flatMap(({ value }) => {
      const block = parseCidr(value);
      return typeof block === 'string' ? [] : [block];
    });
  known.set(addresses, blocks);
  return blocks;
};

/** Whether two routes claim one address, by containment of their prefixes. */
export const overlap = (a: Route, b: Route): boolean =>
  blocksOf(a).some((block) => blocksOf(b).some((other) => overlaps(block, other)));

const seniority = ({ metadata }: Route): string =>
  `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;

/**
 * Who stands before this route. An incumbent (the route under whose record an address's forwarding rule exists; of
 * GKE's routes an accepted one) keeps it; among the others the older wins, then the smaller namespace/name; a stranger
 * is asked about last. Prefixes may overlap where neither route has an address: the node agents map whole prefixes, so
 * one of the two must wait, and it is not the one that is in use.
 * Source: design/concepts.md, *Who gets an address that two routes claim*.
 */
export const defeatOf = (
  owner: Owner,
  route: Route,
  { ips, scheme }: Accepted,
  contest: Contest,
  network: string,
): Defeat | undefined => {
  // An internal address means something in its own network only.
  const here = (rule: ForwardingRule): boolean => scheme === 'EXTERNAL' || rule.network === network;
  const rules = contest.rules.filter((rule) => here(rule) && ips.includes(rule.ip));
  const held = rules.filter(({ description }) => isOwnedBy(owner, description)).map(({ ip }) => ip);
  const others = rules.filter(({ description }) => !isOwnedBy(owner, description));
  const taken = others.find(({ description }) => isOurs(description));
  if (taken !== undefined) return { by: 'route', winner: ownerName(taken.description), address: taken.ip };
  for (const rival of contest.rivals) {
    const theirs = rival.rules.filter((rule) => here(rule) && isOurs(rule.description)).map(({ ip }) => ip);
    const address = lostTo({ ...rival, held: theirs }, { route, ips, held });
    const { namespace, name } = rival.route.metadata;
    if (address !== undefined) return { by: 'route', winner: `${namespace}/${name}`, address };
  }
  // Beside a rule of ours, theirs is for some ports of the address: Google Cloud lets no other share it.
  const stranger = others.find(({ ip }) => !held.includes(ip));
  if (stranger !== undefined) return { by: 'stranger', rule: stranger.name, address: stranger.ip };
  const absent = ips.find(
    (ip) =>
      !held.includes(ip) &&
      !contest.reserved.some((address) => address.ip === ip && address.scheme === scheme),
  );
  return absent === undefined ? undefined : { by: 'absence', address: absent };
};

type Accepted = Extract<Acceptance, { accepted: true }>;

/** Addresses as text, and which of them have a forwarding rule under the route's record. */
interface Claim {
  readonly route: Route;
  readonly ips: readonly string[];
  readonly held: readonly string[];
}

/** The first of these addresses that a route's spec claims. */
export const within = (route: Route, ips: readonly string[]): string | undefined =>
  ips.find((ip) => blocksOf(route).some((block) => contains(block, parseIp(ip) ?? -1)));

/** An address, or a prefix without one, that the rival has or is first in line for. */
const lostTo = (rival: RouteSeen & { readonly held: readonly string[] }, mine: Claim): string | undefined => {
  const theirs = within(mine.route, rival.held);
  if (theirs !== undefined) return theirs;
  const address = within(rival.route, mine.ips);
  const prefix = address ?? mine.route.addresses.map(({ value }) => value).join(', ');
  // No two overlapping routes both name a Pod: also one that got its addresses at the same moment, or is about to lose them.
  const named = rival.held.length > 0 && rival.route.status.pods.length > 0;
  if (named && isTrueNow(rival.route, 'Accepted') && mine.route.status.pods.length === 0) return prefix;
  if (within(rival.route, mine.held) !== undefined) return undefined;
  if (hasGkeMarks(rival.route)) {
    const accepted = findCondition(rival.route.status.conditions, 'Accepted')?.status === 'True';
    return accepted && (address !== undefined || mine.held.length === 0) ? prefix : undefined;
  }
  const acceptance = acceptRoute(rival);
  if (!acceptance.accepted) return undefined;
  const older = seniority(rival.route) < seniority(mine.route);
  if (address !== undefined && acceptance.ips.includes(address)) return older ? address : undefined;
  // A rule of an address that its spec has given up is on its way out.
  const inUse = rival.held.some((ip) => acceptance.ips.includes(ip));
  const meInUse = mine.held.length > 0;
  return (inUse === meInUse ? older : inUse) ? prefix : undefined;
};
