import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { findCondition } from '../persistent-ip/conditions.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import type { Route } from '../persistent-ip/objects.ts';
import { isLookDue, type SweepScope } from '../persistent-ip/sweep-times.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';

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
 * made, and the reconciler finds out whether there is anything to do.
 */
export const sweepCluster = async (
  { kubernetes, cluster, runtime }: Pick<ClusterDependencies, 'kubernetes' | 'cluster' | 'runtime'>,
  scope: SweepScope,
  cause: Cause,
): Promise<Sweep> => {
  const [classes, gateways, routes] = await Promise.all([
    scope === 'minute' ? [] : kubernetes.gatewayClasses(),
    scope === 'minute' ? [] : kubernetes.gateways(),
    kubernetes.routes(),
  ]);
  const now = runtime.now();
  const requests = [
    ...classes.map(({ metadata }) => requestFor(cluster.key, 'class', metadata, cause)),
    ...gateways.map(({ metadata }) => requestFor(cluster.key, 'gateway', metadata, cause)),
    ...routes
      .filter((route) => isLookDue(route, scope, now))
      .map(({ metadata }) => requestFor(cluster.key, 'route', metadata, cause)),
  ];
  return {
    requests,
    longestUnreadySeconds: Math.max(0, ...routes.map((route) => unreadySeconds(route, now))),
  };
};

/** Since its Ready condition turned; one that never had a condition waits since it was made. */
const unreadySeconds = ({ status, metadata }: Route, now: Date): number => {
  const ready = findCondition(status.conditions, 'Ready');
  if (ready?.status === 'True') return 0;
  const since = Date.parse(ready?.lastTransitionTime ?? metadata.creationTimestamp);
  return Math.floor((now.getTime() - since) / 1000);
};
