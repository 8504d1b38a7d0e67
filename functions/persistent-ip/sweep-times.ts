import { createHash } from 'node:crypto';
import { findCondition, isTrueNow } from './conditions.ts';
import type { Route } from './objects.ts';
import { overwriterOf } from './second-controller.ts';

/**
 * When a sweep looks at a route, from `now` and the times in its status alone. A scheduled sweep asks with
 * {@link isLookDue} whether this minute is one of the route's; what it then does with it is the reconciler's.
 * Source: design/architecture.md, *Time*; design/google-cloud.md, *Concurrency and idempotency* (a user error is
 * tried again by the sweep ten minutes apart).
 */

/** How a cause says that a sweep asks. */
export const sweepMethod = 'sweep';

/** Minutes between two runs that look at every route. */
export const minutesBetweenFull = 5;

/** Hours within which every route has its turn of what a full run does not do for all of them. */
export const hoursBetweenTurns = 12;

/** Minutes between two tries of what only a person can mend. */
export const minutesBetweenTries = 10;

/** For how long a route that has turned Ready is still looked at each minute, milliseconds. */
const settling = 120_000;

/** `minute`: the run of each minute; `full`: the one in five that looks at all; `asked`: a person's, of all at once. */
export type SweepScope = 'minute' | 'full' | 'asked';

type Seen = Pick<Route, 'status' | 'metadata' | 'statusWriters'>;

/** Whether a sweep that runs at `now` looks at the route. */
export const isLookDue = (route: Seen, scope: SweepScope, now: Date): boolean => {
  if (scope === 'asked') return true;
  if (isWaitingForPerson(route, now)) return false;
  const looks = !isTrueNow(route, 'Ready') || isSettling(route, now) || overwriterOf(route) !== undefined;
  return scope === 'full' || looks;
};

/**
 * Google Cloud refused what only a person can mend (`GCPFailed`, of this generation), and this minute is no time for
 * another try. The tries are ten minutes apart, counted on the clock's minutes since `GCPReady` turned False: a sweep a
 * minute meets each of them once, however late in it it runs. A first try may come sooner, where the route was not
 * ready before it was refused. Events are another matter: they say that something has changed. So is a Gateway: its
 * condition does not tell a refused reservation from one that is under way, and each full run tries it.
 */
export const isWaitingForPerson = ({ status, metadata }: Seen, now: Date): boolean => {
  const gcp = findCondition(status.conditions, 'GCPReady');
  if (gcp?.reason !== 'GCPFailed' || gcp.observedGeneration !== metadata.generation) return false;
  const minutes = minuteOf(now) - minuteOf(new Date(gcp.lastTransitionTime));
  return !(minutes > 0 && minutes % minutesBetweenTries === 0) && !Number.isNaN(minutes);
};

/**
 * It has turned Ready a moment ago. The next move of a route that flaps becomes possible a minute after its last one at
 * the latest, which is about when it turned Ready: see flap-protection.ts. No event tells of that.
 */
const isSettling = ({ status }: Seen, now: Date): boolean => {
  const since = Date.parse(findCondition(status.conditions, 'Ready')?.lastTransitionTime ?? '');
  return now.getTime() - since < settling;
};

/**
 * Whether a full run at `now` is the one in many that does for this object what it does not do for all: by its uid, so that
 * the objects of a cluster are spread evenly, and nothing is remembered. A run that falls out takes its turns with it.
 */
export const isTurnOf = (uid: string, now: Date): boolean => {
  const turns = (hoursBetweenTurns * 60) / minutesBetweenFull;
  const turn = createHash('sha256').update(uid).digest().readUInt32BE() % turns;
  return Math.floor(minuteOf(now) / minutesBetweenFull) % turns === turn;
};

const minuteOf = (time: Date): number => Math.floor(time.getTime() / 60_000);
