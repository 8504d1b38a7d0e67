import type { Cause, ClusterKey } from '../../events/reconcile-request.ts';
import type { AuditEntry } from './audit.ts';
import { covers, inOrder, isChange, routeOf, saysReady, timeOf } from './history-entries.ts';
import { type Holder, sameHolder } from './holder-record.ts';

/** A Pod that held an address, for which route. */
export interface HeldBy extends Holder {
  readonly cluster: ClusterKey;
  readonly route: AuditEntry['route'];
}

/**
 * Why an interval is not certain. `before-log`: no entry says when it began. `missing-entry`: the entries on its two
 * sides do not fit together, so at least one between them was lost or is still on its way.
 */
export interface Doubt {
  readonly kind: 'before-log' | 'missing-entry';
  readonly message: string;
  /** Who held the address in a later part of the interval, where an entry says so. */
  readonly laterHolder?: HeldBy;
}

/** A time during which one Pod, or nobody, held an address. */
export interface Interval {
  /** RFC 3339; null: before the first entry. */
  readonly from: string | null;
  /** RFC 3339, exclusive; null: no later entry. */
  readonly to: string | null;
  /** null: nobody. */
  readonly holder: HeldBy | null;
  /** What began it; null before the first entry. */
  readonly began: {
    readonly insertId: string;
    readonly action: AuditEntry['action'];
    readonly cause: Cause | null;
    /** From the event's time to the decision, milliseconds. */
    readonly latencyMs: number | null;
  } | null;
  readonly certain: boolean;
  readonly doubts: readonly Doubt[];
}

/** What the entries so far say of one route. */
interface RouteState {
  readonly holder: Holder | undefined;
  /** The number of the last change that was seen, where it has one. */
  readonly changes: number | undefined;
  /** A change of holder was seen; before, nobody knows who held its addresses. */
  readonly known: boolean;
  /** The address is among its own. */
  readonly has: boolean;
}

const beginning = (readFrom: number | undefined): Interval => {
  const message =
    readFrom === undefined
      ? 'No entry says who held the address before'
      : `There are more entries than are read at once: none before ${new Date(readFrom).toISOString()} was, so ask for a range that ends earlier`;
  return {
    from: null,
    to: null,
    holder: null,
    began: null,
    certain: false,
    doubts: [{ kind: 'before-log', message }],
  };
};

/**
 * Who held an address, from the audit entries alone: intervals without a gap between them, *nobody* among them, oldest
 * first. Entries may come in any order and repeatedly; entries of routes that never had the address do no harm. What is missing
 * is found where one entry's `from` is not the `to` of the one before it; two that are both missing and lead back to the
 * same holder, where the numbers of changes leave one out. A missing last one leaves no trace, nor do two of an earlier
 * release, whose entries have no numbers.
 * @param readFrom the log has older entries than this, milliseconds since 1970, which are not among these: what there is of
 * such a time is left out, because what else there was of it is not known
 */
export const historyOf = (
  entries: readonly AuditEntry[],
  ip: string,
  readFrom?: number,
): readonly Interval[] => {
  const routes = new Map<string, RouteState>();
  const past: Interval[] = [];
  let present = beginning(readFrom);
  for (const entry of inOrder(entries)) {
    if (readFrom !== undefined && timeOf(entry) < readFrom) continue;
    const key = routeOf(entry);
    const before = routes.get(key);
    const after = stateAfter(entry, before, ip);
    routes.set(key, after);
    present = doubted(present, entry, before, ip);
    const next = successor(present, entry, after);
    if (next === undefined) continue;
    past.push({ ...takenFrom(present, next), to: entry.timestamp });
    present = next;
  }
  return [...past, present];
};

const stateAfter = (entry: AuditEntry, before: RouteState | undefined, ip: string): RouteState => {
  const named = covers(entry, ip);
  if (isChange(entry)) return { holder: entry.to, changes: entry.changes, known: true, has: named };
  // A status loses an address at once; it gains one only when Google Cloud has made the rule.
  const has = named && (before?.has === true || saysReady(entry));
  return { holder: before?.holder, changes: before?.changes, known: before?.known === true, has };
};

/** What the entry says about the time before it, where that does not fit what was known. */
const doubted = (
  present: Interval,
  entry: AuditEntry,
  before: RouteState | undefined,
  ip: string,
): Interval => {
  if (!isChange(entry)) return present;
  const from = entry.from && heldBy(entry, entry.from);
  if (before?.known !== true) return firstSeen(present, entry, from, ip);
  const lost = lostBetween(before.changes, entry.changes);
  const fits = sameHolder(before.holder, entry.from);
  if (fits && lost === 0) return present;
  const concerned = before.has && (isOf(present.holder, entry) || present.holder === null);
  if (!concerned) return present;
  return withDoubt(present, fits ? thereAndBack(lost, from) : missing(present, from));
};

/** Entries that are missing between two, by their numbers. One that does not go up is of a backend service made anew. */
const lostBetween = (before: number | undefined, after: number | undefined): number =>
  before === undefined || after === undefined ? 0 : Math.max(0, after - before - 1);

const thereAndBack = (lost: number, later: HeldBy | undefined): Doubt => ({
  kind: 'missing-entry',
  message: `${lost === 1 ? 'An entry is' : `${lost} entries are`} missing by the numbers of those before and after: ${nameOf(later)} held the address at both ends, and others may have meanwhile`,
  ...(later === undefined ? {} : { laterHolder: later }),
});

/** The first entry of a route: it may have held the address for long. */
const firstSeen = (present: Interval, entry: AuditEntry, from: HeldBy | undefined, ip: string): Interval => {
  if (from === undefined || !covers(entry, ip)) return present;
  if (present.from === null && present.holder === null) return { ...present, holder: from };
  return withDoubt(present, missing(present, from));
};

/** The interval that the entry begins, if it begins one. */
const successor = (present: Interval, entry: AuditEntry, after: RouteState): Interval | undefined => {
  const holder = after.has && after.holder !== undefined ? heldBy(entry, after.holder) : null;
  if (holder === null && present.holder !== null && !isOf(present.holder, entry)) return undefined;
  if (sameHeld(present.holder, holder)) return undefined;
  const { insertId, action, cause = null, latencyMs = null } = entry;
  return {
    from: entry.timestamp,
    to: null,
    holder,
    began: { insertId, action, cause, latencyMs },
    certain: true,
    doubts: [],
  };
};

/** Google Cloud gives no address to two: whoever had it let go before another route took it. */
const takenFrom = (present: Interval, { holder }: Interval): Interval => {
  const other = holder !== null && present.holder !== null && holder.route.uid !== present.holder.route.uid;
  return other && present.doubts.length === 0 ? withDoubt(present, missing(present, undefined)) : present;
};

const heldBy = ({ cluster, route }: AuditEntry, holder: Holder): HeldBy => ({ ...holder, cluster, route });

const isOf = (holder: HeldBy | null, { route }: AuditEntry): boolean => holder?.route.uid === route.uid;

const sameHeld = (a: HeldBy | null, b: HeldBy | null): boolean =>
  a === b || (a !== null && b !== null && a.route.uid === b.route.uid && sameHolder(a, b));

const nameOf = (holder: HeldBy | null | undefined): string =>
  holder ? `Pod ${holder.route.namespace}/${holder.pod} (${holder.uid})` : 'nobody';

const missing = (present: Interval, later: HeldBy | undefined): Doubt => ({
  kind: 'missing-entry',
  message: `At the end ${nameOf(later)} held the address and not ${nameOf(present.holder)}: no entry says when that changed`,
  ...(later === undefined ? {} : { laterHolder: later }),
});

const withDoubt = (interval: Interval, doubt: Doubt): Interval => ({
  ...interval,
  certain: false,
  doubts: [...interval.doubts, doubt],
});
