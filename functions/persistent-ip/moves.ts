import { type AuditEntry, identityOfEntry } from './audit.ts';
import { isChange, timeOf } from './history-entries.ts';
import type { Range } from './history-range.ts';
import { sweepMethod } from './sweep-times.ts';

/** How often holders changed in some time, and how long it took. */
export interface MoveCounts {
  /** From one Pod to another. */
  readonly moves: number;
  /** From nobody to a Pod. */
  readonly allocations: number;
  /** From a Pod to nobody. */
  readonly releases: number;
  /** Of moves and allocations: those that no event told of and a sweep found, whose latency nobody knows. */
  readonly foundBySweep: number;
  /** Of the other moves and allocations, from the event's time to the decision, milliseconds; null: there are none. */
  readonly medianMs: number | null;
  readonly worstMs: number | null;
}

/** The same of one hour of the clock (UTC), as far as it lies in the range. */
export interface MovesOfHour extends MoveCounts {
  /** When the hour begins, RFC 3339. */
  readonly hour: string;
}

export interface MovesReport extends MoveCounts {
  /** RFC 3339; every change from then on is counted, until `to`, exclusive. */
  readonly from: string;
  readonly to: string;
  /** False: there were more changes than are read at once, so `from` is later than was asked for. */
  readonly complete: boolean;
  /** The one that took longest; null without any. */
  readonly worst: SlowChange | null;
  /** Oldest first, without a gap; an hour without changes is there, too. */
  readonly hours: readonly MovesOfHour[];
}

/** A change of holder that took long. */
export interface SlowChange {
  readonly at: string;
  readonly latencyMs: number;
  readonly cluster: AuditEntry['cluster'];
  readonly route: AuditEntry['route'];
  readonly pod: string;
}

/** Whose changes are meant; absent: everybody's. */
export interface MovesFilter {
  readonly cluster?: string;
  readonly namespace?: string;
}

type Change = Pick<AuditEntry, 'action' | 'cluster' | 'route' | 'timestamp'> & {
  readonly at: number;
  readonly pod: string;
  /** Absent where nobody knows it. */
  readonly latencyMs?: number;
};

const hourMs = 3_600_000;

/**
 * Changes of holder, counted from audit entries that come page by page, in any order and repeatedly. Of each change it keeps
 * what is counted, and not the entry.
 */
export class MovesTally {
  readonly #changes = new Map<string, Change>();
  readonly #filter: MovesFilter;

  constructor(filter: MovesFilter = {}) {
    this.#filter = filter;
  }

  add(entries: readonly AuditEntry[]): void {
    const { cluster, namespace } = this.#filter;
    for (const entry of entries) {
      // The log compares texts without regard to case.
      if (!isChange(entry) || (cluster ?? entry.cluster.name) !== entry.cluster.name) continue;
      if ((namespace ?? entry.route.namespace) !== entry.route.namespace) continue;
      this.#changes.set(identityOfEntry(entry), changeOf(entry));
    }
  }

  /** @param readFrom absent when every entry of the range was added; otherwise those from this time on, ms since 1970 */
  report(asked: Range, readFrom?: number): MovesReport {
    const from = Math.min(asked.to, Math.max(asked.from, readFrom ?? asked.from));
    const changes = [...this.#changes.values()].filter(({ at }) => from <= at && at < asked.to);
    return {
      from: new Date(from).toISOString(),
      to: new Date(asked.to).toISOString(),
      complete: from === asked.from,
      ...counted(changes),
      worst: slowest(changes),
      hours: byHour(changes, { from, to: asked.to }),
    };
  }
}

const changeOf = (entry: AuditEntry): Change => {
  const { action, cluster, route, timestamp, to, cause, latencyMs } = entry;
  const known = action !== 'release' && cause?.method !== sweepMethod && latencyMs !== undefined;
  return {
    action,
    cluster,
    route,
    timestamp,
    at: timeOf(entry),
    pod: to?.pod ?? '',
    ...(known ? { latencyMs } : {}),
  };
};

const counted = (changes: readonly Change[]): MoveCounts => {
  const count = (action: Change['action']): number =>
    changes.filter((change) => change.action === action).length;
  const [moves, allocations] = [count('move'), count('allocate')];
  const latencies = changes
    .flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))
    .sort((a, b) => a - b);
  return {
    moves,
    allocations,
    releases: count('release'),
    foundBySweep: moves + allocations - latencies.length,
    medianMs: medianOf(latencies),
    worstMs: latencies.at(-1) ?? null,
  };
};

/** Of an even number the middle of the two, in whole milliseconds. */
const medianOf = (sorted: readonly number[]): number | null => {
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2);
};

/** Of several that took as long the latest. */
const slowest = (changes: readonly Change[]): SlowChange | null => {
  const known = changes.flatMap(({ latencyMs, timestamp: at, cluster, route, pod }) =>
    latencyMs === undefined ? [] : [{ at, latencyMs, cluster, route, pod }],
  );
  return known.reduce<SlowChange | null>(
    (worst, one) => (worst !== null && isWorse(worst, one) ? worst : one),
    null,
  );
};

const isWorse = (a: SlowChange, b: SlowChange): boolean =>
  a.latencyMs > b.latencyMs || (a.latencyMs === b.latencyMs && a.at > b.at);

const hourOf = (time: number): number => Math.floor(time / hourMs);

const byHour = (changes: readonly Change[], { from, to }: Range): readonly MovesOfHour[] => {
  const [first, last] = [hourOf(from), hourOf(Math.max(from, to - 1))];
  const hours = Array.from({ length: last - first + 1 }, (): Change[] => []);
  for (const change of changes) hours[hourOf(change.at) - first]?.push(change);
  return hours.map((of, index) => ({
    hour: new Date((first + index) * hourMs).toISOString(),
    ...counted(of),
  }));
};
