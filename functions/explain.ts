import { conditional, problem } from './answer.ts';
import { explainNow } from './explain-route.ts';
import { Failure } from './persistent-ip/failure.ts';
import type { ReadAnswer } from './read-handler.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import type { Wiring } from './wiring.ts';

/**
 * `GET /v1/routes/NAMESPACE/NAME/explain`: what the reconciler sees, says and would do now, in the one cluster that has a
 * route of that name, or in `cluster`. Nothing is written.
 */
export const onExplain = async (
  wiring: Wiring,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const strange = [...query.keys()].find((key) => key !== 'cluster');
  if (strange !== undefined) return problem(400, `there is no parameter "${strange}": there is cluster`);
  const wanted = query.get('cluster');
  const clusters = wiring.readers().filter(({ cluster: { key } }) => wanted === null || key.name === wanted);
  if (clusters.length === 0) return problem(404, `no cluster "${wanted}" is configured`);
  try {
    const explained = (await Promise.all(clusters.map((deps) => explainIn(deps, namespace, name)))).flat();
    const [found, another] = explained;
    if (found === undefined) return problem(404, `there is no GKEIPRoute ${namespace}/${name}`);
    if (another !== undefined)
      return problem(
        400,
        `several clusters have it: say which with cluster (${explained.map(({ cluster }) => cluster.name).join(', ')})`,
      );
    return conditional(JSON.stringify(found), ifNoneMatch);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return problem(503, `the route cannot be looked at: ${error.code}: ${error.message}`, {
      'retry-after': '5',
    });
  }
};

const explainIn = async (deps: ReadDependencies, namespace: string, name: string) => {
  const explanation = await explainNow(deps, { namespace, name });
  return explanation === undefined ? [] : [{ cluster: deps.cluster.key, namespace, name, ...explanation }];
};
