import { conditional, problemOf, type Refused, refused } from './answer.ts';
import { explainNow, type RouteExplained, type RouteName } from './explain-route.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import { strangeParameter } from './place-of.ts';
import type { ReadAnswer } from './read-handler.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import type { Wiring } from './wiring.ts';

/** What the reconciler sees, says and would do now, in the one cluster that has a route of that name, or in `cluster`. */
export const lookUpRoute = async (
  wiring: Wiring,
  { namespace, name }: RouteName,
  query: URLSearchParams,
): Promise<RouteExplained | Refused> => {
  const strange = strangeParameter(query, ['cluster']);
  if (strange !== undefined) return refused(400, strange);
  const wanted = query.get('cluster');
  const clusters = wiring.readers().filter(({ cluster: { key } }) => wanted === null || key.name === wanted);
  if (clusters.length === 0) return refused(404, `no cluster "${wanted}" is configured`);
  try {
    const explained = (await Promise.all(clusters.map((deps) => explainIn(deps, namespace, name)))).flat();
    const [found, another] = explained;
    if (found === undefined) return refused(404, `there is no GKEIPRoute ${namespace}/${name}`);
    if (another === undefined) return found;
    const names = explained.map(({ cluster }) => cluster.name).join(', ');
    return refused(400, `several clusters have it: say which with cluster (${names})`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refused(503, `the route cannot be looked at: ${wordsOf(error)}`);
  }
};

/** `GET /v1/routes/NAMESPACE/NAME/explain`, as `lookUpRoute` has it. Nothing is written. */
export const onExplain = async (
  wiring: Wiring,
  route: RouteName,
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const found = await lookUpRoute(wiring, route, query);
  return 'refused' in found ? problemOf(found) : conditional(JSON.stringify(found), ifNoneMatch);
};

const explainIn = async (
  deps: ReadDependencies,
  namespace: string,
  name: string,
): Promise<readonly RouteExplained[]> => {
  const explanation = await explainNow(deps, { namespace, name });
  return explanation === undefined ? [] : [{ cluster: deps.cluster.key, namespace, name, ...explanation }];
};
