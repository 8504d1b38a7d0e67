import type { Clock } from '../clock.ts';
import { type Predicate, parseFilter } from './filter.ts';

/** A LogEntry as it is kept. */
export interface StoredEntry extends Readonly<Record<string, unknown>> {
  readonly logName: string;
  readonly insertId: string;
  readonly timestamp: string;
}

/** A sink: what passes its filter is handed on. */
export interface Sink {
  /** In the Logging query language. */
  readonly filter: string;
  readonly route: (entry: StoredEntry) => void;
}

/** Entries that are kept, the newest. */
const keptEntries = 50_000;

/** Entries in the order of their arrival, and the sinks that they pass through. */
export class LogStore {
  readonly #clock: Clock;
  readonly #entries: StoredEntry[] = [];
  readonly #sinks: { readonly passes: Predicate; readonly route: Sink['route'] }[] = [];
  readonly #listeners = new Set<(entry: StoredEntry) => void>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws FilterError when the sink's filter cannot be read */
  addSink({ filter, route }: Sink): void {
    this.#sinks.push({ passes: parseFilter(filter), route });
  }

  onEntry(listener: (entry: StoredEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  add(entry: Readonly<Record<string, unknown>>): void {
    const now = this.#clock.now().toISOString();
    const text = (value: unknown, otherwise: string): string =>
      typeof value === 'string' && value !== '' ? value : otherwise;
    this.#lastId += 1;
    const stored: StoredEntry = {
      receiveTimestamp: now,
      ...entry,
      logName: text(entry.logName, ''),
      insertId: text(entry.insertId, `local-${this.#lastId}`),
      timestamp: text(entry.timestamp, now),
    };
    this.#entries.push(stored);
    if (this.#entries.length > keptEntries) this.#entries.shift();
    for (const { passes, route } of this.#sinks) if (passes(stored)) route(stored);
    for (const listener of this.#listeners) listener(stored);
  }

  /**
   * Oldest first. Of copies with equal log, insertId and timestamp one is shown, as when Cloud Logging is queried.
   */
  list(filter: string): readonly StoredEntry[] {
    const passes = parseFilter(filter);
    const seen = new Set<string>();
    return this.#entries
      .filter((entry) => {
        const key = JSON.stringify([entry.logName, entry.insertId, Date.parse(entry.timestamp)]);
        if (seen.has(key) || !passes(entry)) return false;
        seen.add(key);
        return true;
      })
      .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  }
}
