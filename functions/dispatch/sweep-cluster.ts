import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { findCondition } from '../persistent-ip/conditions.ts';
import { changesGateway, decideGateway } from '../persistent-ip/decide-gateway.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { Failure, wordsOf } from '../persistent-ip/failure.ts';
import { classConditions } from '../persistent-ip/gateway-class.ts';
import type { Unclear } from '../persistent-ip/leftovers.ts';
import type { Gateway, GatewayClass, Route } from '../persistent-ip/objects.ts';
import { isLookDue, minutesBetweenFull, type SweepScope } from '../persistent-ip/sweep-times.ts';
import type { SweepDependencies } from '../reconciler/dependencies.ts';
import { forGateways } from '../reconciler/observe-for-gateways.ts';
import { orFailure, orRefusal } from '../reconciler/or-failure.ts';
import { type Snapshot, takeSnapshot } from '../reconciler/snapshot.ts';
import { listCompute } from '../reconciler/snapshot-compute.ts';
import { type LeftoversFound, leftoversToAsk, nothingLeft } from './leftovers-to-ask.ts';
import { routesToAsk } from './routes-to-ask.ts';
import type { Run } from './sweep-run.ts';

/** The scope of the run that the schedule starts at `now`. */
export const scopeAt = (now: Date): SweepScope =>
  now.getUTCMinutes() % minutesBetweenFull === 0 ? 'full' : 'minute';

/** What a run found. */
export interface Sweep {
  readonly requests: readonly ReconcileRequest[];
  /** What has nobody any more and only a person can judge. */
  readonly unclear: readonly Unclear[];
  /** How long the route that has waited longest is not Ready, in whole seconds; 0 when none waits. */
  readonly longestUnreadySeconds: number;
  /** Why routes, or Gateways and classes, are asked for that could not be decided about by lists; empty when all could. */
  readonly undecided: readonly string[];
}

/**
 * What a run asks for. The sweep decides nothing by itself: it makes the requests that lost events would have made. A full
 * run lists everything, asks the reconciler's own rules about each class, Gateway and Ready route, and says nothing where
 * nothing would change. Where it cannot list it asks for all, and the reconciler finds out.
 */
export const sweepCluster = async (deps: SweepDependencies, run: Run): Promise<Sweep> => {
  if (run.scope === 'minute') return sweepOf(deps, run, await listAll(deps, run), nothingLeft, []);
  if (run.scope === 'asked') {
    // Compute first, then the cluster, as in a snapshot.
    const compute = await orFailure(listCompute(deps.lists, deps.cluster.zones));
    const [all, clusterUid] = await Promise.all([listAll(deps, run), deps.kubernetes.clusterUid()]);
    const living = { ...all, clusterUid };
    const left = await leftoversToAsk(deps, compute, () => deps.compute.addresses(), living, run);
    return sweepOf(deps, run, all, left, []);
  }
  const snapshot = await orFailure(takeSnapshot(deps));
  if (snapshot instanceof Failure)
    return sweepOf(deps, run, await listAll(deps, { scope: 'asked' }), nothingLeft, [wordsOf(snapshot)]);
  const shared = await orFailure(sharedToAsk(deps, snapshot));
  const { classes, gateways, routes } = snapshot.cluster;
  const due = routes.filter((route) => isLookDue(route, 'full', deps.runtime.now()));
  const { asked, undecided } = await routesToAsk(deps, snapshot, due, run);
  const left = await leftoversToAsk(deps, snapshot.compute, snapshot.addresses, snapshot.cluster, run);
  return sweepOf(
    deps,
    run,
    { ...(shared instanceof Failure ? { classes, gateways } : shared), routes, due: asked },
    left,
    [...(shared instanceof Failure ? [wordsOf(shared)] : []), ...undecided],
  );
};

/** Classes and Gateways to ask for, all routes, and those among them to ask for. */
interface Found {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  readonly due: readonly Route[];
}

/** Without a decision: everything, or each minute the routes whose minute it is. */
const listAll = async (
  { kubernetes, runtime }: SweepDependencies,
  { scope }: Pick<Run, 'scope'>,
): Promise<Found> => {
  const everything = scope === 'minute' ? [] : undefined;
  const [classes, gateways, routes] = await Promise.all([
    everything ?? kubernetes.gatewayClasses(),
    everything ?? kubernetes.gateways(),
    kubernetes.routes(),
  ]);
  const now = runtime.now();
  return { classes, gateways, routes, due: routes.filter((route) => isLookDue(route, scope, now)) };
};

/** Classes and Gateways that would change. */
const sharedToAsk = async (
  deps: SweepDependencies,
  { cluster, addresses }: Snapshot,
): Promise<Pick<Found, 'classes' | 'gateways'>> => {
  const { observe } = forGateways(deps, cluster, await orRefusal(addresses()));
  const now = deps.runtime.now();
  return {
    classes: cluster.classes.filter((one) => classConditions(one, deps.controllerName, now)),
    gateways: cluster.gateways.filter((one) => changesGateway(one, decideGateway(observe(one)))),
  };
};

const sweepOf = (
  { cluster, runtime }: SweepDependencies,
  { cause }: Run,
  { classes, gateways, routes, due }: Found,
  left: LeftoversFound,
  undecided: readonly string[],
): Sweep => {
  const request = (kind: ReconcileRequest['kind']) => (one: GatewayClass | Gateway | Route) =>
    requestFor(cluster.key, kind, one.metadata, cause);
  const now = runtime.now();
  return {
    requests: [
      ...classes.map(request('class')),
      ...gateways.map(request('gateway')),
      ...due.map(request('route')),
      ...left.requests,
    ],
    unclear: left.unclear,
    longestUnreadySeconds: routes.reduce((most, route) => Math.max(most, unreadySeconds(route, now)), 0),
    undecided: [...new Set([...undecided, ...left.unlisted])],
  };
};

/** Since its Ready condition turned; one that never had a condition waits since it was made. */
const unreadySeconds = ({ status, metadata }: Route, now: Date): number => {
  const ready = findCondition(status.conditions, 'Ready');
  if (ready?.status === 'True') return 0;
  const since = Date.parse(ready?.lastTransitionTime ?? metadata.creationTimestamp);
  return Math.floor((now.getTime() - since) / 1000);
};
