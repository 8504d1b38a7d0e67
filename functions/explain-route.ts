import type { ReconcileRequest } from '../events/reconcile-request.ts';
import { type Explanation, explainRoute } from './persistent-ip/explain.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import { observeRoute } from './reconciler/observe-route.ts';

/** A route by its name, explained as the reconciler sees it now; nothing is written, nor could be. */
export const explainNow = async (
  deps: ReadDependencies,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Explanation | undefined> => {
  const at = deps.runtime.now().toISOString();
  const cause = { insertId: 'explain', method: 'explain', principal: '', at };
  const request: ReconcileRequest = { cluster: deps.cluster.key, kind: 'route', namespace, name, cause };
  const observed = await observeRoute(deps, request);
  return observed && explainRoute(observed);
};
