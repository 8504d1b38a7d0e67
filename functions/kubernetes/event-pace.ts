import { BoundedMap } from '../bounded-map.ts';

/** Events of one route that may go at once. */
const burst = 30;
/** Then one more each, milliseconds: twelve a minute, twice what flapping under its default protection comes to. */
const interval = 5_000;
/** Routes that are remembered. */
const mostRoutes = 10_000;

/**
 * How many Events one instance writes about one route: a fault that writes without end must not fill the cluster's etcd.
 * What it forgets costs some Events more; the audit log has every change all the same.
 */
export class EventPace {
  /** When the Events so far would have been over at the steady rate, ms, by the route's uid. */
  readonly #owed = new BoundedMap<number>(mostRoutes);

  /** Whether one more may be written now; then it counts. */
  allows(route: string, now: Date): boolean {
    const at = now.getTime();
    // One that lies further ahead than a whole burst was written by a clock that has since been set right.
    const start = Math.min(Math.max(this.#owed.get(route) ?? 0, at), at + burst * interval);
    const allowed = start - at <= (burst - 1) * interval;
    this.#owed.set(route, allowed ? start + interval : start);
    return allowed;
  }
}
