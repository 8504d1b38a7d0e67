import type { ClusterKey } from '../../events/reconcile-request.ts';
import type { Address, BackendService, Firewall, ForwardingRule } from './cloud.ts';
import { partForm, stemForm, stemOf } from './names.ts';
import type { Gateway, Route } from './objects.ts';
import { identityOf } from './observation.ts';
import { isReturnable } from './plan-leftovers.ts';
import type { Listed, ListedNeg } from './ports.ts';
import { type Recorded, recordedIn } from './recorded.ts';

/** Who looks: what others have recorded is theirs to judge. */
export interface Us {
  readonly deployment: string;
  readonly cluster: ClusterKey;
  readonly region: string;
  readonly clusterUid: string;
}

/** Everything of the region, listed before the routes and Gateways were: what is new has its object in their lists. */
export interface RegionListed {
  readonly services: readonly Listed<BackendService>[];
  readonly rules: readonly Listed<ForwardingRule>[];
  readonly firewalls: readonly Listed<Firewall>[];
  readonly negs: readonly ListedNeg[];
  readonly addresses: readonly Address[];
}

/** The objects that exist. */
export interface Living {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
}

/** A resource that is named as ours are, that nobody serves, and that only a person can judge. */
export interface Unclear {
  /** `backend service`, `forwarding rule`, `firewall rule`, `network endpoint group`, `address`. */
  readonly what: string;
  /** With the zone of a network endpoint group before it. */
  readonly name: string;
  /** When it was made, RFC 3339; empty where Google Cloud does not say. */
  readonly created: string;
  /** What is wrong, and what to do. */
  readonly problem: string;
}

export interface Leftovers {
  /** Routes and Gateways that are gone, and of which something is left: the reconciler looks at each, and lets it go. */
  readonly orphaned: readonly Recorded[];
  readonly unclear: readonly Unclear[];
}

/**
 * What has nobody any more of the resources that are named as ours are. An object that is gone never comes back: one of
 * its name has another uid, and its resources other names. So what is left of it is nobody's, however new it is, and
 * what a delivery still makes of it meanwhile is found by the next look.
 * Source: design/google-cloud.md, *Orphans*.
 */
export const findLeftovers = (us: Us, listed: RegionListed, living: Living): Leftovers => {
  const uids = new Set([...living.routes, ...living.gateways].map(({ metadata }) => metadata.uid));
  const stems = new Set(
    [...living.routes, ...living.gateways].map((one) => stemOf(identityOf(us.cluster, one))),
  );
  const orphaned = new Map<string, Recorded>();
  const unclear: Unclear[] = [];
  for (const one of namedOurs(us, listed, living)) {
    const verdict = judge(us, one, uids, stems);
    if (typeof verdict === 'object') orphaned.set(verdict.identity.uid, verdict);
    else if (verdict !== undefined) {
      const { what, name, created } = one;
      unclear.push({ what, name, created, problem: verdict });
    }
  }
  return { orphaned: [...orphaned.values()], unclear };
};

interface Named extends Omit<Unclear, 'problem'> {
  readonly stem: string;
  /** Where the ownership record should be. */
  readonly text: string | undefined;
}

const whole = new RegExp(`^(${stemForm})$`);
const part = new RegExp(`^(${stemForm})${partForm}$`);
const reservation = new RegExp(`^(${stemForm})-\\d+$`);

/** An address that somebody uses, or names, is no leftover yet. */
const namedOurs = (
  { cluster, region }: Us,
  { services, rules, firewalls, negs, addresses }: RegionListed,
  { gateways }: Living,
): readonly Named[] => {
  const named = (
    what: string,
    form: RegExp,
    one: { readonly name: string; readonly created?: string },
    text: string | undefined,
    name = one.name,
  ): readonly Named[] => {
    const stem = form.exec(one.name)?.[1];
    return stem === undefined ? [] : [{ what, name, stem, text, created: one.created ?? '' }];
  };
  return [
    ...services.flatMap((one) => named('backend service', whole, one, one.description)),
    ...rules.flatMap((one) => named('forwarding rule', part, one, one.description)),
    ...firewalls.flatMap((one) => named('firewall rule', whole, one, one.description)),
    ...negs.flatMap((one) =>
      named('network endpoint group', part, one, one.owner, `${one.zone}/${one.name}`),
    ),
    ...addresses
      .filter((one) => isReturnable(one, cluster, region, gateways))
      .flatMap((one) => named('address', reservation, one, one.description)),
  ];
};

/** @returns the object whose orphan it is; or what is unclear about it; `undefined`: it is as it should be, or not ours */
const judge = (
  us: Us,
  { stem, text }: Named,
  uids: ReadonlySet<string>,
  stems: ReadonlySet<string>,
): Recorded | string | undefined => {
  const recorded = recordedIn(text);
  const cluster = us.cluster.name;
  // Where the object exists, its own reconciler sees the resource, and says in a condition what is wrong with it.
  if (recorded === undefined)
    return stems.has(stem)
      ? undefined
      : `it is named as ours are, has no ownership record, and no GKEIPRoute or Gateway of cluster ${cluster} is called so: somebody has taken the record away, or made it. Delete it by hand if nobody needs it`;
  const { kind, identity, clusterUid, deployment } = recorded;
  const { project, location, name } = identity.cluster;
  const isHere =
    project === us.cluster.project && location === us.cluster.location && name === us.cluster.name;
  if (deployment !== us.deployment || !isHere) return undefined;
  const object = `${kind === 'route' ? 'GKEIPRoute' : 'Gateway'} ${identity.namespace}/${identity.name}`;
  if (clusterUid !== us.clusterUid)
    return `its ownership record is that of ${object} of an earlier cluster ${cluster} (uid ${clusterUid}): nobody can ask that cluster any more. Delete it by hand`;
  if (stem !== stemOf(identity))
    return `its ownership record is that of ${object}, whose resources have other names: somebody has copied the record. Delete it by hand, or its record`;
  return uids.has(identity.uid) ? undefined : recorded;
};

/** Objects whose leftovers one run asks for: a mistake, whoever makes it, is then a small one. */
export const mostOrphaned = 20;

/**
 * Those that a run asks for. Where there are more, each run goes on where the one before it ended, so that some that Google
 * Cloud does not let go of do not stand before the others.
 * @param run a number that grows by one with each run
 */
export const orphanedNow = (orphaned: readonly Recorded[], run: number): readonly Recorded[] => {
  if (orphaned.length <= mostOrphaned) return orphaned;
  const sorted = orphaned.toSorted((a, b) => (a.identity.uid < b.identity.uid ? -1 : 1));
  const first = (run * mostOrphaned) % sorted.length;
  return [...sorted.slice(first), ...sorted.slice(0, first)].slice(0, mostOrphaned);
};
