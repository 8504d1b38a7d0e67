import type { Cause, ClusterKey } from '../../events/reconcile-request.ts';
import { findCondition } from './conditions.ts';
import type { Holder, HolderRecord } from './holder-record.ts';
import type { Metadata } from './objects.ts';
import type { Noteworthy } from './route-status.ts';

/** One entry of the log `persistent-ip-audit`. Source: design/architecture.md, *Audit log*. */
export interface AuditEntry {
  readonly insertId: string;
  /** RFC 3339 with milliseconds. With `insertId` it tells copies of one entry. */
  readonly timestamp: string;
  readonly action: 'allocate' | 'move' | 'release' | 'refuse' | 'condition';
  readonly cluster: ClusterKey;
  readonly route: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly addresses: readonly string[];
  readonly from?: Holder;
  readonly to?: Holder;
  /** Absent where state and no event is the reason. */
  readonly cause?: Cause;
  /** From the event's time to the decision that the record carries, milliseconds. */
  readonly latencyMs?: number;
  /** The how-manieth change of holder it is: holder-record.ts. */
  readonly changes?: number;
  /** For `refuse` and `condition`: what changed. */
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
  readonly outcome: string;
}

/**
 * What tells an entry from every other, and is equal in its copies, whose time may come back written in another way.
 * Source: design/architecture.md, *Audit log*.
 */
export const identityOfEntry = ({
  insertId,
  timestamp,
}: Pick<AuditEntry, 'insertId' | 'timestamp'>): string => `${insertId} ${Date.parse(timestamp)}`;

const actionOf = (record: HolderRecord): 'allocate' | 'move' | 'release' => {
  if (record.holder === undefined) return 'release';
  return record.before === undefined ? 'allocate' : 'move';
};

/**
 * The entry of a change of holder, from the record that the PATCH wrote and from nothing else: whoever writes
 * it again after a crash writes the same.
 */
export const holderEntry = (
  cluster: ClusterKey,
  route: AuditEntry['route'],
  record: HolderRecord,
): AuditEntry => ({
  insertId: `${route.uid}-${record.replaced}-${record.holder?.uid ?? 'nobody'}`.replace(
    /[^A-Za-z0-9_-]/g,
    '_',
  ),
  timestamp: record.at,
  action: actionOf(record),
  cluster,
  route: { namespace: route.namespace, name: route.name, uid: route.uid },
  addresses: record.addresses,
  ...(record.before === undefined ? {} : { from: record.before }),
  ...(record.holder === undefined ? {} : { to: record.holder }),
  cause: record.cause,
  latencyMs: Math.max(0, Date.parse(record.at) - Date.parse(record.cause.at)),
  ...(record.changes === undefined ? {} : { changes: record.changes }),
  outcome: record.holder === undefined ? 'nobody' : 'held',
});

/** The outcome of an entry in which `Ready` says that no node agent has answered in time: its reason does not tell. */
export const agentSilent = 'AgentSilent';

/** The entry of a status write that changed a condition; `refuse` when it turned `Accepted` False. */
export const conditionEntry = (
  cluster: ClusterKey,
  route: Metadata,
  addresses: readonly string[],
  changed: Noteworthy,
  cause: Cause,
  at: Date,
): AuditEntry => {
  const { conditions } = changed;
  const refused = conditions.some((c) => c.type === 'Accepted' && c.status === 'False');
  return {
    insertId: `${route.uid}-rv${route.resourceVersion}`,
    timestamp: at.toISOString(),
    action: refused ? 'refuse' : 'condition',
    cluster,
    route: { namespace: route.namespace, name: route.name, uid: route.uid },
    addresses,
    cause,
    conditions: conditions.map(({ type, status, reason, message }) => ({ type, status, reason, message })),
    outcome: refused ? 'refused' : outcomeOf(changed),
  };
};

const outcomeOf = ({ conditions, agentSilent: silent }: Noteworthy): string =>
  silent ? agentSilent : (findCondition(conditions, 'Ready')?.reason ?? 'changed');

/** Days; Cloud Logging keeps an entry for 30, and stores none that is older. Source: Cloud Logging, *Quotas and limits*. */
const daysSaid = 28;
const period = daysSaid * 86_400_000;

/** Whether the log still takes an entry of this time, so that it can be said, or said again. */
export const isStillTaken = ({ timestamp }: Pick<AuditEntry, 'timestamp'>, now: Date): boolean =>
  now.getTime() - Date.parse(timestamp) < period;

/**
 * The time of an entry about what lasts: its beginning, or that of the four weeks that `now` is in. Who says it again
 * meanwhile says it with the same time, and Cloud Logging drops copies; later the first entry is about to be forgotten.
 * @param since RFC 3339; anything else where nobody knows
 */
const timeOfLasting = (since: string, now: Date): string => {
  const began = Math.floor(now.getTime() / period) * period;
  const made = Date.parse(since);
  const at = Number.isNaN(made) || made > now.getTime() ? began : Math.max(began, made);
  return new Date(at).toISOString();
};

/** The entry of a route that GKE's controller owns although a Gateway of ours is its parent; once in four weeks. */
export const leftToGkeEntry = (
  cluster: ClusterKey,
  route: Metadata,
  addresses: readonly string[],
  since: string,
  now: Date,
): AuditEntry => ({
  insertId: `${route.uid}-left-to-gke`,
  timestamp: timeOfLasting(since, now),
  action: 'refuse',
  cluster,
  route: { namespace: route.namespace, name: route.name, uid: route.uid },
  addresses,
  outcome:
    "left to GKE's controller, whose finalizer or networking.gke.io/pip- annotation the route carries: remove the route from its class, or create it anew",
});

/** What nobody but a person can mend, and whose it was. */
export interface LeftBehind {
  /** Tells it from everything else that is left. */
  readonly id: string;
  /** Empty names where nobody knows. */
  readonly route: AuditEntry['route'];
  readonly addresses: readonly string[];
  readonly outcome: string;
  /** When it was made, RFC 3339, where that is known. */
  readonly created?: string;
}

/** The entry of what is left behind, once in four weeks. */
export const leftBehindEntry = (
  cluster: ClusterKey,
  now: Date,
  { id, route, addresses, outcome, created = '' }: LeftBehind,
): AuditEntry => ({
  insertId: id.replace(/[^A-Za-z0-9_-]/g, '_'),
  timestamp: timeOfLasting(created, now),
  action: 'refuse',
  cluster,
  route: { namespace: route.namespace, name: route.name, uid: route.uid },
  addresses,
  outcome,
});
