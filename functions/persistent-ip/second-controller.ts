import { findCondition, stamp, type Verdict } from './conditions.ts';
import type { Condition, Route, StatusWriter } from './objects.ts';

/**
 * Another controller, or a person, that writes what of a route's status is ours to write: `status.pods` and every
 * condition but the node agents' `DPV2Ready`. Whoever writes back at once is in a war of writes, and every write wakes
 * the node agents of the whole cluster. So ours says who it is, in a condition of its own, which another controller's
 * write of its own conditions leaves alone, and once in the audit log; and it slows down.
 *
 * - overwritten: the other's entry in `metadata.managedFields` is as young as ours, or younger
 * - a delivery that finds the status overwritten writes only when our last write is a minute ago, and then three times at
 *   most, which a move needs; without a write nothing else is done either. A route that is being deleted is not held up
 * - the condition goes when nobody has overwritten for an hour what we wrote
 *
 * Pure functions of `now` and of times that the API server stored. Source: design/concepts.md, invariant 7.
 */

/** Whose writes are ours, in `metadata.managedFields`. */
export const fieldManager = 'persistent-ip.dev';

/** The condition that says so. */
const type = 'SecondController';

/** Between our last write and the next while somebody overwrites them, milliseconds. */
const pause = 60_000;
/** Writes of one delivery: the Pod is named, the leader has moved, one for what came in between. */
const mostWrites = 3;
/** How long what we wrote must have stood before we say no more, milliseconds. */
const quiet = 3_600_000;

type Written = Pick<Route, 'statusWriters'>;

/** Who has overwritten what we wrote; `undefined`: nobody, or we never wrote. */
export const overwriterOf = ({ statusWriters }: Written): StatusWriter | undefined => {
  const ours = lastOf(statusWriters.filter(({ manager }) => manager === fieldManager));
  const other = lastOf(statusWriters.filter(({ manager }) => manager !== fieldManager));
  return ours !== undefined && other !== undefined && timeOf(other) >= timeOf(ours) ? other : undefined;
};

/**
 * Whether the status may be written now.
 * @param writes how often this delivery has written it already
 */
export const mayWrite = (route: Written & Pick<Route, 'metadata'>, now: Date, writes: number): boolean => {
  if (overwriterOf(route) === undefined || route.metadata.deletionTimestamp !== undefined) return true;
  return writes === 0 ? now.getTime() - ourLastWrite(route) >= pause : writes < mostWrites;
};

/** Our conditions with the one that names a second controller, where there is one. */
export const withSecondController = (
  route: Pick<Route, 'metadata' | 'status' | 'statusWriters'>,
  conditions: readonly Condition[],
  now: Date,
): readonly Condition[] => {
  const rest = conditions.filter((condition) => condition.type !== type);
  const overwriter = overwriterOf(route);
  const before = findCondition(route.status.conditions, type);
  if (overwriter !== undefined) return [...rest, ...noticed(route, overwriter, now)];
  const lasts = before !== undefined && now.getTime() - ourLastWrite(route) < quiet;
  return lasts ? [...rest, before] : rest;
};

const noticed = (
  { metadata, status }: Pick<Route, 'metadata' | 'status'>,
  { manager }: StatusWriter,
  now: Date,
): readonly Condition[] => {
  const verdict: Verdict<'SecondController'> = {
    type,
    status: 'True',
    reason: 'StatusRewritten',
    message: `"${manager}" writes this status, too (metadata.managedFields): let only one controller serve the route. Until it stops, ours writes at most once a minute`,
  };
  return stamp(status.conditions, [verdict], metadata.generation, now).slice(0, 1);
};

const ourLastWrite = ({ statusWriters }: Written): number => {
  const ours = lastOf(statusWriters.filter(({ manager }) => manager === fieldManager));
  return ours === undefined ? 0 : timeOf(ours);
};

const lastOf = (writers: readonly StatusWriter[]): StatusWriter | undefined =>
  writers.toSorted((a, b) => timeOf(b) - timeOf(a))[0];

const timeOf = ({ at }: StatusWriter): number => Date.parse(at) || 0;
