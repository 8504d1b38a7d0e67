import { isRefusal } from './api.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { isOver, keyOf, type Pod, timestamp } from './objects.ts';
import { nodes, pods } from './resources.ts';

/**
 * Removes the Pods of Nodes that are gone, as `pod-garbage-collector` (`pkg/controller/podgc`): when the Node has
 * been missing for `podGcMs` and a fresh GET finds none, the Pod is marked Failed and deleted without grace.
 */
export const startPodGc = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('pod-garbage-collector'));
  const missingSince = new Map<string, number>();

  const isGone = async (name: string): Promise<boolean> => {
    try {
      await api.get(nodes, { name });
      return false;
    } catch (error) {
      if (isRefusal(error, 404)) return true;
      throw error;
    }
  };
  const collect = async (pod: Pod): Promise<void> => {
    const { namespace, name, uid } = pod.metadata;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastProbeTime: null,
      lastTransitionTime: timestamp(machinery.clock.now()),
    };
    try {
      if (!isOver(pod))
        await api.patch(
          pods,
          { namespace, name, subresource: 'status' },
          {
            metadata: { uid },
            status: { phase: 'Failed', conditions: [condition] },
          },
        );
      await api.remove(pods, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const worker = machinery.worker('pod-garbage-collector', async (key) => {
    await machinery.synced;
    const pod = machinery.pods.get(key);
    const node = pod?.spec.nodeName;
    if (pod === undefined || node === undefined) return undefined;
    if (machinery.nodes.get(node) !== undefined) {
      missingSince.delete(node);
      return undefined;
    }
    const now = machinery.clock.now().getTime();
    const since = missingSince.get(node) ?? now;
    missingSince.set(node, since);
    const left = since + machinery.timings.podGcMs - now;
    if (left > 0) return left;
    if (await isGone(node)) await collect(pod);
    return undefined;
  });
  machinery.pods.subscribe((pod, gone) => {
    if (!gone) worker.add(keyOf(pod));
  });
  machinery.nodes.subscribe(({ metadata: { name } }, gone) => {
    if (!gone) missingSince.delete(name);
    else for (const pod of machinery.pods.all()) if (pod.spec.nodeName === name) worker.add(keyOf(pod));
  });
};
