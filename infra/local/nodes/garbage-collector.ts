import { isRefusal } from './api.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { isLeaving, type KubeObject, type OwnerReference } from './objects.ts';
import type { View } from './reflector.ts';
import { deployments, jobs, pods, type Resource, replicaSets, statefulSets } from './resources.ts';

type Kind = 'Pod' | 'ReplicaSet' | 'Deployment' | 'StatefulSet' | 'Job';

interface Found {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/**
 * Deletes what nobody owns any more, as `generic-garbage-collector` (Kubernetes, *Garbage Collection*). An owner
 * counts as gone when a fresh GET says so or finds another uid. Foreground: dependents first, then the owner's
 * finalizer. Orphan: the dependents' references first, then the finalizer. It knows the owners that the local
 * cluster's controllers make: Deployments, ReplicaSets, StatefulSets, Jobs and Pods.
 */
export const startGarbageCollector = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('generic-garbage-collector'));
  const graph = {
    Pod: { resource: pods, view: machinery.pods },
    ReplicaSet: { resource: replicaSets, view: machinery.replicaSets },
    Deployment: { resource: deployments, view: machinery.deployments },
    StatefulSet: { resource: statefulSets, view: machinery.statefulSets },
    Job: { resource: jobs, view: machinery.jobs },
  } satisfies Record<Kind, { resource: Resource; view: View<never> | View<KubeObject> | object }>;
  const kinds = Object.keys(graph) as Kind[];
  const isKnown = (kind: string): kind is Kind => kind in graph;

  const everything = (): Found[] =>
    kinds.flatMap((kind) => {
      const objects: readonly KubeObject[] = graph[kind].view.all();
      return objects.map((object) => ({ resource: graph[kind].resource, object }));
    });
  const dependentsOf = (uid: string): Found[] =>
    everything().filter(({ object }) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid));
  const refOf = ({ metadata: { namespace, name } }: KubeObject) => ({ namespace, name });

  const exists = async (owner: OwnerReference, namespace: string | undefined): Promise<boolean> => {
    if (!isKnown(owner.kind)) return true;
    const key = `${namespace}/${owner.name}`;
    if (graph[owner.kind].view.get(key)?.metadata.uid === owner.uid) return true;
    try {
      const found = await api.get(graph[owner.kind].resource, { namespace, name: owner.name });
      return found.metadata.uid === owner.uid;
    } catch (error) {
      if (isRefusal(error, 404)) return false;
      throw error;
    }
  };
  const remove = async ({ resource, object }: Found, propagationPolicy: string): Promise<void> => {
    const preconditions = { uid: object.metadata.uid };
    try {
      await api.remove(resource, refOf(object), { propagationPolicy, preconditions });
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const dropFinalizer = async ({ resource, object }: Found, finalizer: string): Promise<void> => {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    await api.update(resource, { ...object, metadata: { ...object.metadata, finalizers } });
  };
  const orphan = async ({ resource, object }: Found, uid: string): Promise<void> => {
    const ownerReferences = [{ $patch: 'delete', uid }];
    await api.patch(resource, refOf(object), { metadata: { uid: object.metadata.uid, ownerReferences } });
  };
  /** What the finalizers of an object that is being deleted ask for. */
  const finish = async (found: Found): Promise<void> => {
    const { uid, finalizers = [] } = found.object.metadata;
    const dependents = dependentsOf(uid);
    if (finalizers.includes('orphan')) {
      await Promise.all(dependents.map((dependent) => orphan(dependent, uid)));
      await dropFinalizer(found, 'orphan');
    } else if (finalizers.includes('foregroundDeletion')) {
      const staying = dependents.filter(({ object }) => !isLeaving(object));
      await Promise.all(staying.map((dependent) => remove(dependent, 'Foreground')));
      const blocking = dependents.filter(({ object }) =>
        object.metadata.ownerReferences?.some(
          (owner) => owner.uid === uid && owner.blockOwnerDeletion === true,
        ),
      );
      if (blocking.length === 0) await dropFinalizer(found, 'foregroundDeletion');
    }
  };
  const worker = machinery.worker('generic-garbage-collector', async (uid) => {
    await machinery.synced;
    const found = everything().find(({ object }) => object.metadata.uid === uid);
    if (found === undefined) return;
    if (isLeaving(found.object)) return finish(found);
    const { ownerReferences = [], namespace } = found.object.metadata;
    if (ownerReferences.length === 0) return;
    const live = await Promise.all(ownerReferences.map((owner) => exists(owner, namespace)));
    if (!live.includes(true)) await remove(found, 'Background');
  });
  for (const kind of kinds)
    graph[kind].view.subscribe((object: KubeObject, gone: boolean) => {
      worker.add(object.metadata.uid);
      for (const owner of object.metadata.ownerReferences ?? []) if (gone) worker.add(owner.uid);
      if (gone)
        for (const dependent of dependentsOf(object.metadata.uid)) worker.add(dependent.object.metadata.uid);
    });
};
