import type { ClusterKey } from '../events/reconcile-request.ts';
import { type Explanation, explainRoute } from './persistent-ip/explain.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import { observeNow } from './reconciler/observe-now.ts';

export interface RouteName {
  readonly namespace: string;
  readonly name: string;
}

/** A route, explained, and where it is. */
export interface RouteExplained extends RouteName, Explanation {
  readonly cluster: ClusterKey;
}

/** A route by its name, explained as the reconciler sees it now; nothing is written, nor could be. */
export const explainNow = async (
  deps: ReadDependencies,
  route: RouteName,
): Promise<Explanation | undefined> => {
  const observed = await observeNow(deps, route, 'explain');
  return observed && explainRoute(observed);
};
