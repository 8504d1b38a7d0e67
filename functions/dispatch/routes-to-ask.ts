import { changesRoute, decideRoute } from '../persistent-ip/decide-route.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { Failure, wordsOf } from '../persistent-ip/failure.ts';
import type { Route } from '../persistent-ip/objects.ts';
import { deliveryFrom } from '../persistent-ip/plan-service.ts';
import { isLookDue } from '../persistent-ip/sweep-times.ts';
import type { ObservationDependencies, SweepDependencies } from '../reconciler/dependencies.ts';
import { observeRoute } from '../reconciler/observe-route.ts';
import { orFailure } from '../reconciler/or-failure.ts';
import { type Snapshot, serve } from '../reconciler/snapshot.ts';
import { sideBySide } from '../side-by-side.ts';
import type { Run } from './sweep-run.ts';

/** Routes that are decided about side by side: a few of them wait for the endpoints of a NEG. */
const atOnce = 8;

/** Which routes the reconciler must look at, and why some of them could not be decided about; each reason once. */
export interface ToAsk {
  readonly asked: readonly Route[];
  readonly undecided: readonly string[];
}

/**
 * Routes at which each minute's run looks are asked for as they are: what those wait for is often in no list. Of the others
 * the reconciler's own observation and rules, fed from lists, say whether it would do anything.
 * @param due whose time it is
 */
export const routesToAsk = async (
  deps: SweepDependencies,
  snapshot: Snapshot,
  due: readonly Route[],
  { cause, deadline }: Pick<Run, 'cause' | 'deadline'>,
): Promise<ToAsk> => {
  const now = deps.runtime.now();
  const looked = due.filter((route) => !isLookDue(route, 'minute', now));
  if (looked.length === 0) return { asked: due, undecided: [] };
  if (snapshot.compute instanceof Failure) return { asked: due, undecided: [wordsOf(snapshot.compute)] };
  const served = serve(deps, snapshot, snapshot.compute, looked);
  const well = new Set<Route>();
  const undecided = new Set<string>();
  const decide = async (route: Route): Promise<void> => {
    const changes = await orFailure(wouldChange(served, route, cause));
    if (changes instanceof Failure) undecided.add(wordsOf(changes));
    if (changes === false) well.add(route);
  };
  const left = await sideBySide(looked, atOnce, decide, () => deps.runtime.now() < deadline);
  if (left > 0) undecided.add(`the time is over with ${left} routes left`);
  return { asked: due.filter((route) => !well.has(route)), undecided: [...undecided] };
};

/** Whether a delivery for the route, with this cause, would do or write anything. */
export const wouldChange = async (
  deps: ObservationDependencies,
  { metadata }: Route,
  cause: Run['cause'],
): Promise<boolean> => {
  const observed = await observeRoute(deps, requestFor(deps.cluster.key, 'route', metadata, cause));
  return observed === undefined || changesRoute(observed, decideRoute(observed, deliveryFrom(observed)));
};
