import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { findCondition } from '../persistent-ip/conditions.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';

/** Which routes a run looks at: every minute those that are not Ready, every five minutes all. */
export type SweepScope = 'unready' | 'all';

/** The scope of the run that the schedule starts at `now`. */
export const scopeAt = (now: Date, fullEveryMinutes: number): SweepScope =>
  now.getUTCMinutes() % fullEveryMinutes === 0 ? 'all' : 'unready';

/**
 * What a run asks for. The sweep decides nothing by itself: it makes the requests that lost events would have
 * made, and the reconciler finds out whether there is anything to do.
 */
export const sweepCluster = async (
  { kubernetes, cluster }: Pick<ClusterDependencies, 'kubernetes' | 'cluster'>,
  scope: SweepScope,
  cause: Cause,
): Promise<readonly ReconcileRequest[]> => {
  const [classes, gateways, routes] = await Promise.all([
    scope === 'all' ? kubernetes.gatewayClasses() : [],
    scope === 'all' ? kubernetes.gateways() : [],
    kubernetes.routes(),
  ]);
  return [
    ...classes.map(({ metadata }) => requestFor(cluster.key, 'class', metadata, cause)),
    ...gateways.map(({ metadata }) => requestFor(cluster.key, 'gateway', metadata, cause)),
    ...routes
      .filter((route) => scope === 'all' || !isReady(route))
      .map(({ metadata }) => requestFor(cluster.key, 'route', metadata, cause)),
  ];
};

const isReady = ({ status, metadata }: Route): boolean => {
  const ready = findCondition(status.conditions, 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
};
