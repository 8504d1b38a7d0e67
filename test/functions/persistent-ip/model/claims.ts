import { acceptApart, type Claim, type Refusal } from './acceptance.ts';
import { isGkes, whoseIs } from './classes.ts';
import { type ARoute, type Cluster, elsewhere, keyOf, type Past } from './cluster.ts';
import { blocksOverlap, inBlock, readBlock } from './reading.ts';

/** design/concepts.md, *Who gets an address that two routes claim*. */

const rulerOf = (past: Past, ip: string): string | undefined => past.rules.find((rule) => rule.ip === ip)?.by;

/** To whom a claim loses, and by which rule. */
export interface Loss {
  to: string;
  because: 'incumbent' | 'another cluster' | 'GKE' | 'older' | 'smaller name' | 'in use';
}

/** *Who gets an address that two routes claim*. */
const lossOf = (cluster: Cluster, past: Past, route: ARoute, claim: Claim): Loss | undefined => {
  const me = keyOf(route);
  const ruledBy = (key: string): string[] => past.rules.filter(({ by }) => by === key).map(({ ip }) => ip);
  const named = (past.routes.get(me)?.pods.length ?? 0) > 0;
  const mine = ruledBy(me).filter((ip) => claim.ips.includes(ip));
  // "The incumbent of an address is the route under whose record its forwarding rule exists; it keeps the address through
  // edits of its spec, and while it is being deleted until its finalizer goes." "or two clusters"
  for (const { ip, by } of past.rules)
    if (claim.ips.includes(ip) && by !== me && by !== 'stranger')
      return by === 'another-cluster'
        ? { to: elsewhere, because: 'another cluster' }
        : { to: by, because: 'incumbent' };
  for (const other of cluster.routes) {
    if (other === route) continue;
    const to = keyOf(other);
    const blocks = other.addresses.flatMap(({ value }) => readBlock(value) ?? []);
    // "by containment of prefixes"
    if (!blocks.some((theirs) => claim.blocks.some((block) => blocksOverlap(block, theirs)))) continue;
    const inBoth = (ips: string[]): string[] =>
      ips.filter(
        (ip) =>
          claim.blocks.some((block) => inBlock(block, ip)) && blocks.some((block) => inBlock(block, ip)),
      );
    // An incumbent of any address in the overlap keeps it, so the other, which takes all or nothing, gets none.
    if (ruledBy(to).some((ip) => claim.blocks.some((block) => inBlock(block, ip))))
      return { to, because: 'incumbent' };
    const before = past.routes.get(to);
    // "no two overlapping routes of ours both have a non-empty `status.pods`", whoever is to lose in the end.
    const accepted = before?.conditions.get('Accepted');
    const serves = before !== undefined && before.pods.length > 0 && ruledBy(to).length > 0;
    if (serves && accepted?.status === 'True' && accepted.generation === other.generation && !named)
      return { to, because: 'in use' };
    if (inBoth(mine).length > 0) continue;
    if (isGkes(other)) {
      // "(of GKE's routes: `Accepted=True` at any generation)"; where only the prefixes overlap, who is in use stays.
      const inUse = mine.length > 0 && inBoth(claim.ips).length === 0;
      if (before?.conditions.get('Accepted')?.status === 'True' && !inUse) return { to, because: 'GKE' };
      continue;
    }
    if (whoseIs(cluster, other, before?.finalizer ?? false) !== 'ours') continue;
    // "A *claimant* is a route that is valid apart from overlap."
    const rival = acceptApart(cluster, past, other);
    if (typeof rival === 'string') continue;
    // The specification has no word on prefixes that overlap where the two claim no address in common. The node agents map
    // prefixes, so only one of the two can be served; a route that is in use does not lose to one that is not.
    if (!inBoth(claim.ips).some((ip) => rival.ips.includes(ip))) {
      const theirs = ruledBy(to).filter((ip) => rival.ips.includes(ip));
      if (theirs.length > 0 && mine.length === 0) return { to, because: 'in use' };
      if (theirs.length === 0 && mine.length > 0) continue;
    }
    // "Among the others the older `creationTimestamp` wins, then the smaller `namespace/name`."
    if (other.created < route.created) return { to, because: 'older' };
    if (other.created === route.created && to < me) return { to, because: 'smaller name' };
  }
  return undefined;
};

/** The loss of a route of ours that is valid apart from overlap. */
export const lossIn = (cluster: Cluster, past: Past, route: ARoute): Loss | undefined => {
  const claim = acceptApart(cluster, past, route);
  return typeof claim === 'string' ? undefined : lossOf(cluster, past, route, claim);
};

/** What the route holds addresses for, or the reason of `Accepted=False`; for a route of ours. */
export const acceptedOf = (cluster: Cluster, past: Past, route: ARoute): Claim | Refusal => {
  const claim = acceptApart(cluster, past, route);
  if (typeof claim === 'string') return claim;
  // "The loser is `Accepted=False/InvalidAddresses`"
  if (lossOf(cluster, past, route, claim) !== undefined) return 'InvalidAddresses';
  return claim;
};

/** Whether one of the addresses is another's, beyond this cluster's routes, so that Google Cloud would refuse its rule. */
export const usedByStranger = (past: Past, claim: Claim): boolean =>
  claim.ips.some((ip) => rulerOf(past, ip) === 'stranger');
