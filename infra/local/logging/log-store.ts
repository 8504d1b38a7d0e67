import type { Clock } from '../clock.ts';
import { nanosOf } from '../time.ts';
import { type Predicate, parseFilter } from './filter.ts';

/** A LogEntry as it is kept. */
export interface StoredEntry extends Readonly<Record<string, unknown>> {
  readonly logName: string;
  readonly insertId: string;
  readonly timestamp: string;
}

/** A sink: what passes its filter is handed on, copies included, once for each time it is written. */
export interface Sink {
  /** `projects/P/sinks/S`; a sink without a name is not shown. */
  readonly name?: string;
  /** Where it writes to, as the API shows it. */
  readonly destination?: string;
  /** In the Logging query language. */
  readonly filter: string;
  readonly route: (entry: StoredEntry) => void;
}

/** An entry with its place in the order of a query. */
export interface Placed {
  readonly entry: StoredEntry;
  readonly nanos: bigint;
  /** The order of arrival, which decides between equal times. */
  readonly arrival: number;
}

/** Entries that are kept, the newest. */
const keptEntries = 50_000;

/**
 * A query shows no entry from further away; a sink exports it all the same. Source: comments of
 * `WriteLogEntriesRequest.entries` in logging.proto; retention of the _Default bucket.
 */
const shownPast = 30n * 24n * 3_600_000_000_000n;
const shownFuture = 24n * 3_600_000_000_000n;

/** Entries in the order of their arrival, and the sinks that they pass through. */
export class LogStore {
  readonly #clock: Clock;
  readonly #entries: Placed[] = [];
  #sinks: readonly { readonly passes: Predicate; readonly sink: Sink }[] = [];
  readonly #listeners = new Set<(entry: StoredEntry) => void>();
  #arrivals = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws FilterError when the sink's filter cannot be read */
  addSink(sink: Sink): void {
    this.#sinks = [...this.#sinks, { passes: parseFilter(sink.filter), sink }];
  }

  /** The sink of this name, with the filter that it applies. */
  sink(name: string): Sink | undefined {
    return this.#sinks.find(({ sink }) => sink.name === name)?.sink;
  }

  /** Gives a sink another filter, or takes it away. @throws FilterError when the filter cannot be read */
  changeSink(name: string, filter: string | undefined): void {
    const passes = filter === undefined ? undefined : parseFilter(filter);
    this.#sinks = this.#sinks.flatMap((one) => {
      if (one.sink.name !== name) return [one];
      return passes === undefined || filter === undefined ? [] : [{ passes, sink: { ...one.sink, filter } }];
    });
  }

  onEntry(listener: (entry: StoredEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  add(entry: Readonly<Record<string, unknown>>): void {
    const now = this.#clock.now().toISOString();
    this.#arrivals += 1;
    const stored: StoredEntry = {
      ...entry,
      logName: text(entry.logName, ''),
      insertId: text(entry.insertId, `local${this.#arrivals.toString(36).padStart(8, '0')}`),
      timestamp: text(entry.timestamp, now),
      receiveTimestamp: now,
    };
    this.#entries.push({ entry: stored, nanos: nanosOf(stored.timestamp) ?? 0n, arrival: this.#arrivals });
    if (this.#entries.length > keptEntries) this.#entries.shift();
    for (const { passes, sink } of this.#sinks) if (passes(stored)) sink.route(stored);
    for (const listener of this.#listeners) listener(stored);
  }

  /**
   * Oldest first. Of copies with equal log, insertId and timestamp the first is shown, as when Cloud Logging is
   * queried. Source: comment of `LogEntry.insert_id` in log_entry.proto.
   * @throws FilterError
   */
  query(filter: string): readonly Placed[] {
    const passes = parseFilter(filter);
    const now = BigInt(this.#clock.now().getTime()) * 1_000_000n;
    const seen = new Set<string>();
    const found = this.#entries.filter(({ entry, nanos }) => {
      if (nanos < now - shownPast || nanos > now + shownFuture || !passes(entry)) return false;
      const copy = JSON.stringify([entry.logName, entry.insertId, String(nanos)]);
      if (seen.has(copy)) return false;
      seen.add(copy);
      return true;
    });
    return found.sort((a, b) => (a.nanos === b.nanos ? a.arrival - b.arrival : a.nanos < b.nanos ? -1 : 1));
  }
}

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;
