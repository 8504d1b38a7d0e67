import { isDeepStrictEqual } from 'node:util';
import { isRefusal } from './api.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { conditionOf, controllerOf, isLeaving, isOver, isTrue, keyOf, type Pod } from './objects.ts';
import { pods, replicaSets } from './resources.ts';
import type { ReplicaSet } from './workloads.ts';

/** When a Pod becomes available: it has been Ready for `minReadySeconds`. `undefined` while it is not Ready. */
export const availableAt = (pod: Pod, minReadySeconds = 0): number | undefined => {
  const ready = conditionOf(pod.status, 'Ready');
  if (ready?.status !== 'True') return undefined;
  return Date.parse(ready.lastTransitionTime ?? '') + minReadySeconds * 1_000;
};

/** What a Pod is worth: those with less go first when there are too many (`controller.ActivePods`). */
const worth = (pod: Pod): number[] => [
  pod.spec.nodeName === undefined ? 0 : 1,
  pod.status?.phase === 'Running' ? 1 : 0,
  isTrue(pod.status, 'Ready') ? 1 : 0,
  // Of equals, the younger goes.
  -Date.parse(pod.metadata.creationTimestamp),
];

const byWorth = (a: Pod, b: Pod): number => {
  const theirs = worth(b);
  const difference = worth(a)
    .map((value, at) => value - (theirs[at] ?? 0))
    .find((value) => value !== 0);
  return difference ?? (a.metadata.name < b.metadata.name ? -1 : 1);
};

/** How many Pods to make, or which to delete, so that `wanted` live ones remain. */
export const planReplicas = (
  wanted: number,
  live: readonly Pod[],
): { readonly create: number; readonly remove: readonly Pod[] } => ({
  create: Math.max(0, wanted - live.length),
  remove: live.length > wanted ? [...live].sort(byWorth).slice(0, live.length - wanted) : [],
});

/** A Pod from the template of `set`, named by the server after it. */
const podOf = (set: ReplicaSet): object => ({
  metadata: {
    ...set.spec.template.metadata,
    generateName: `${set.metadata.name}-`,
    ownerReferences: [
      {
        apiVersion: replicaSets.apiVersion,
        kind: replicaSets.kind,
        name: set.metadata.name,
        uid: set.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  },
  spec: set.spec.template.spec,
});

/** Keeps as many Pods of every ReplicaSet as it asks for, as `replicaset-controller`. */
export const startReplicaSets = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('replicaset-controller'));
  // Deleted by us, not yet seen by the watch.
  const doomed = new Set<string>();

  const owned = (set: ReplicaSet): Pod[] =>
    machinery.pods.all().filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
  const live = (set: ReplicaSet): Pod[] =>
    owned(set).filter((pod) => !isOver(pod) && !isLeaving(pod) && !doomed.has(pod.metadata.uid));

  const remove = async ({ metadata: { namespace, name, uid } }: Pod): Promise<void> => {
    doomed.add(uid);
    try {
      await api.remove(pods, { namespace, name }, { preconditions: { uid } });
    } catch (error) {
      if (!isRefusal(error, 404)) {
        doomed.delete(uid);
        throw error;
      }
    }
  };
  const report = async (set: ReplicaSet): Promise<number | undefined> => {
    const now = machinery.clock.now().getTime();
    const { minReadySeconds } = set.spec;
    const times = live(set).flatMap((pod) => availableAt(pod, minReadySeconds) ?? []);
    const available = times.filter((at) => at <= now).length;
    const labels = Object.keys(set.spec.template.metadata?.labels ?? {}).length;
    const status = {
      replicas: live(set).length,
      ...(labels > 0 && live(set).length > 0 ? { fullyLabeledReplicas: live(set).length } : {}),
      ...(times.length > 0 ? { readyReplicas: times.length } : {}),
      ...(available > 0 ? { availableReplicas: available } : {}),
      observedGeneration: set.metadata.generation,
    };
    if (!isDeepStrictEqual(set.status, status))
      machinery.replicaSets.accept(await api.update(replicaSets, { ...set, status } as ReplicaSet, 'status'));
    const later = times.filter((at) => at > now);
    return later.length === 0 ? undefined : Math.min(...later) - now;
  };
  const worker = machinery.worker('replicaset-controller', async (key) => {
    await machinery.synced;
    const set = machinery.replicaSets.get(key);
    if (set === undefined) return undefined;
    if (!isLeaving(set)) {
      const { create, remove: surplus } = planReplicas(set.spec.replicas ?? 1, live(set));
      for (let made = 0; made < create; made++)
        machinery.pods.accept(await api.create<Pod>(pods, { namespace: set.metadata.namespace }, podOf(set)));
      await Promise.all(surplus.map(remove));
    }
    return await report(machinery.replicaSets.get(key) ?? set);
  });
  machinery.replicaSets.subscribe((set) => worker.add(keyOf(set)));
  machinery.pods.subscribe((pod, gone) => {
    if (gone || isLeaving(pod)) doomed.delete(pod.metadata.uid);
    const owner = controllerOf(pod);
    if (owner?.kind === replicaSets.kind) worker.add(`${pod.metadata.namespace}/${owner.name}`);
  });
};
