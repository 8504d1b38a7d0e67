import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { findCondition } from '../persistent-ip/conditions.ts';
import { changesGateway, decideGateway } from '../persistent-ip/decide-gateway.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { Failure } from '../persistent-ip/failure.ts';
import { classConditions } from '../persistent-ip/gateway-class.ts';
import type { Gateway, GatewayClass, Route } from '../persistent-ip/objects.ts';
import { isLookDue, type SweepScope } from '../persistent-ip/sweep-times.ts';
import type { ReadDependencies } from '../reconciler/dependencies.ts';
import { observeForGateways } from '../reconciler/observe-for-gateways.ts';
import { orFailure } from '../reconciler/or-failure.ts';

/** The scope of the run that the schedule starts at `now`. */
export const scopeAt = (now: Date, fullEveryMinutes: number): SweepScope =>
  now.getUTCMinutes() % fullEveryMinutes === 0 ? 'full' : 'minute';

/** What a run found. */
export interface Sweep {
  readonly requests: readonly ReconcileRequest[];
  /** How long the route that has waited longest is not Ready, in whole seconds; 0 when none waits. */
  readonly longestUnreadySeconds: number;
}

/**
 * What a run asks for. The sweep decides nothing by itself: it makes the requests that lost events would have
 * made, and the reconciler finds out whether there is anything to do. Classes and Gateways, which lists show whole, are
 * asked for by the reconciler's own rules: where nothing would change, nothing is said.
 */
export const sweepCluster = async (
  deps: ReadDependencies,
  scope: SweepScope,
  cause: Cause,
): Promise<Sweep> => {
  const { shared, routes } = await look(deps, scope, cause);
  const now = deps.runtime.now();
  const requests = [
    ...shared,
    ...routes
      .filter((route) => isLookDue(route, scope, now))
      .map(({ metadata }) => requestFor(deps.cluster.key, 'route', metadata, cause)),
  ];
  return {
    requests,
    longestUnreadySeconds: Math.max(0, ...routes.map((route) => unreadySeconds(route, now))),
  };
};

/**
 * All routes, and requests for classes and Gateways: those that would change, and all when somebody asked, or Compute does
 * not answer. Each list is read once.
 */
const look = async (
  deps: ReadDependencies,
  scope: SweepScope,
  cause: Cause,
): Promise<{ readonly shared: readonly ReconcileRequest[]; readonly routes: readonly Route[] }> => {
  const { kubernetes } = deps;
  if (scope === 'minute') return { shared: [], routes: await kubernetes.routes() };
  const found = scope === 'full' ? await orFailure(observeForGateways(deps)) : undefined;
  if (found === undefined || found instanceof Failure) {
    const [classes, gateways, routes] = await Promise.all([
      kubernetes.gatewayClasses(),
      kubernetes.gateways(),
      kubernetes.routes(),
    ]);
    return { shared: sharedRequests(deps, classes, gateways, cause), routes };
  }
  const now = deps.runtime.now();
  const classes = found.classes.filter((one) => classConditions(one, deps.controllerName, now));
  const gateways = found.gateways.filter((one) => changesGateway(one, decideGateway(found.observe(one))));
  return { shared: sharedRequests(deps, classes, gateways, cause), routes: found.routes };
};

const sharedRequests = (
  { cluster }: ReadDependencies,
  classes: readonly GatewayClass[],
  gateways: readonly Gateway[],
  cause: Cause,
): readonly ReconcileRequest[] => [
  ...classes.map(({ metadata }) => requestFor(cluster.key, 'class', metadata, cause)),
  ...gateways.map(({ metadata }) => requestFor(cluster.key, 'gateway', metadata, cause)),
];

/** Since its Ready condition turned; one that never had a condition waits since it was made. */
const unreadySeconds = ({ status, metadata }: Route, now: Date): number => {
  const ready = findCondition(status.conditions, 'Ready');
  if (ready?.status === 'True') return 0;
  const since = Date.parse(ready?.lastTransitionTime ?? metadata.creationTimestamp);
  return Math.floor((now.getTime() - since) / 1000);
};
