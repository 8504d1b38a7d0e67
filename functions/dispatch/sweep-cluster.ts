import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { findCondition, isTrueNow } from '../persistent-ip/conditions.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';

/** Which routes a run looks at: every minute those that are not Ready, every five minutes all. */
export type SweepScope = 'unready' | 'all';

/** The scope of the run that the schedule starts at `now`. */
export const scopeAt = (now: Date, fullEveryMinutes: number): SweepScope =>
  now.getUTCMinutes() % fullEveryMinutes === 0 ? 'all' : 'unready';

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
    scope === 'all' ? kubernetes.gatewayClasses() : [],
    scope === 'all' ? kubernetes.gateways() : [],
    kubernetes.routes(),
  ]);
  const requests = [
    ...classes.map(({ metadata }) => requestFor(cluster.key, 'class', metadata, cause)),
    ...gateways.map(({ metadata }) => requestFor(cluster.key, 'gateway', metadata, cause)),
    ...routes
      .filter((route) => scope === 'all' || !isTrueNow(route, 'Ready'))
      .map(({ metadata }) => requestFor(cluster.key, 'route', metadata, cause)),
  ];
  const now = runtime.now();
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
