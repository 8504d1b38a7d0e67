import type { Cluster, Target } from '../cluster.ts';
import { isDeleting } from '../objects/metadata.ts';
import { type Json, type JsonObject, type KubeObject, list, record } from '../objects/object.ts';
import { labelSelector, selectorText } from '../objects/selector.ts';
import { StatusError } from '../objects/status.ts';

export const budgetsKey = 'policy/poddisruptionbudgets';

/** How many Pods a budget counts, and how many of them may end now (policy/v1 PodDisruptionBudgetStatus). */
export interface Disruptions {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
}

const isReady = ({ status }: KubeObject): boolean =>
  list(record(status).conditions)
    .map(record)
    .some((condition) => condition.type === 'Ready' && condition.status === 'True');

const isEnded = ({ status }: KubeObject): boolean =>
  ['Succeeded', 'Failed'].includes(String(record(status).phase));

/** An empty selector selects every Pod of the namespace (policy/v1). */
const selects = (budget: KubeObject): ((pod: KubeObject) => boolean) => {
  const { selector } = record(budget.spec);
  return selector === undefined ? () => false : labelSelector(selectorText(record(selector)));
};

const podsOf = ({ store }: Cluster, budget: KubeObject): KubeObject[] =>
  [...store.list('/pods', String(budget.metadata.namespace))].filter(
    (pod) => !isEnded(pod) && selects(budget)(pod),
  );

const controllers: Readonly<Record<string, string>> = {
  ReplicaSet: 'apps/replicasets',
  StatefulSet: 'apps/statefulsets',
};

const controllerOf = ({ store }: Cluster, { metadata }: KubeObject): KubeObject | undefined => {
  const owners = list(metadata.ownerReferences).map(record);
  const { kind, name } = owners.find(({ controller }) => controller === true) ?? {};
  const key = controllers[String(kind)];
  return key === undefined ? undefined : store.get(key, String(metadata.namespace), String(name));
};

/** How many Pods there should be: what their controllers want; a Pod without one counts as itself. */
const expected = (cluster: Cluster, pods: readonly KubeObject[]): number => {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const controller = controllerOf(cluster, pod);
    const replicas = controller === undefined ? 1 : Number(record(controller.spec).replicas ?? 0);
    wanted.set((controller ?? pod).metadata.uid, replicas);
  }
  return [...wanted.values()].reduce((sum, replicas) => sum + replicas, 0);
};

/** `2`, or `50%` of all, rounded up as the disruption controller does. */
const share = (value: Json, of: number): number =>
  typeof value === 'string' ? Math.ceil((Number(value.replace('%', '')) / 100) * of) : Number(value);

/** What a budget allows now (`pkg/controller/disruption`). */
export const disruptionsOf = (cluster: Cluster, budget: KubeObject): Disruptions => {
  const pods = podsOf(cluster, budget);
  const { minAvailable, maxUnavailable } = record(budget.spec);
  const expectedPods = typeof minAvailable === 'number' ? pods.length : expected(cluster, pods);
  const desiredHealthy =
    maxUnavailable === undefined
      ? share(minAvailable ?? 1, expectedPods)
      : Math.max(0, expectedPods - share(maxUnavailable, expectedPods));
  const currentHealthy = pods.filter((pod) => isReady(pod) && !isDeleting(pod)).length;
  const spare = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed: spare };
};

/**
 * Lets an eviction through, or says which budget refuses it (`pkg/registry/core/pod/storage/eviction.go`). A Pod
 * that runs nothing any more is nobody's loss, nor is one that is not ready while enough others are.
 * @throws StatusError 429; 500 when more than one budget covers the Pod
 */
export const refuseDisruption = (cluster: Cluster, { namespace }: Target, pod: KubeObject): void => {
  if (isEnded(pod) || isDeleting(pod) || record(pod.status).phase === 'Pending') return;
  const budgets = [...cluster.store.list(budgetsKey, namespace)].filter((budget) => selects(budget)(pod));
  const [budget, ...others] = budgets;
  if (budget === undefined) return;
  if (others.length > 0) {
    throw new StatusError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = disruptionsOf(cluster, budget);
  if (disruptionsAllowed > 0) return;
  if (!isReady(pod) && desiredHealthy > 0 && currentHealthy >= desiredHealthy) return;
  const cause: JsonObject = {
    reason: 'DisruptionBudget',
    message: `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  };
  throw new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [cause] },
  );
};
