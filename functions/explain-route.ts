import { type Explanation, explainRoute } from './persistent-ip/explain.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import { observeNow } from './reconciler/observe-now.ts';

/** A route by its name, explained as the reconciler sees it now; nothing is written, nor could be. */
export const explainNow = async (
  deps: ReadDependencies,
  route: { readonly namespace: string; readonly name: string },
): Promise<Explanation | undefined> => {
  const observed = await observeNow(deps, route, 'explain');
  return observed && explainRoute(observed);
};
