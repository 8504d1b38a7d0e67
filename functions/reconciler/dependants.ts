import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { dependantsOfRoute, dependantsOfVanished } from '../persistent-ip/dependants.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { ClusterDependencies } from './dependencies.ts';

/**
 * Our own writes are filtered out of the sink, so whoever depends on them is told by us, before the delivery is
 * acknowledged. Source: design/events.md, *Dependants*.
 */
export const publishDependants = async (
  deps: ClusterDependencies,
  route: Route,
  cause: Cause,
): Promise<void> => {
  const all = await deps.kubernetes.routes();
  await deps.requests.publish(dependantsOfRoute(deps.cluster.key, route, all, cause));
};

export const publishVanished = async (
  deps: ClusterDependencies,
  { cause }: ReconcileRequest,
): Promise<void> => {
  const [gateways, routes] = await Promise.all([deps.kubernetes.gateways(), deps.kubernetes.routes()]);
  await deps.requests.publish(dependantsOfVanished(deps.cluster.key, gateways, routes, cause));
};
