import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { RouteObservation } from '../persistent-ip/observation.ts';
import type { ReadDependencies } from './dependencies.ts';
import { observeRoute } from './observe-route.ts';

/**
 * A route as a delivery would observe it now, for who looks and changes nothing.
 * @param why stands where a delivery has its event
 */
export const observeNow = (
  deps: ReadDependencies,
  route: Pick<ReconcileRequest, 'namespace' | 'name' | 'uid'>,
  why: 'explain' | 'plan',
): Promise<RouteObservation | undefined> => {
  const { namespace, name, uid } = route;
  const cause = { insertId: why, method: why, principal: '', at: deps.runtime.now().toISOString() };
  const which = { kind: 'route', namespace, name, ...(uid === undefined ? {} : { uid }) } as const;
  return observeRoute(deps, { cluster: deps.cluster.key, ...which, cause });
};
