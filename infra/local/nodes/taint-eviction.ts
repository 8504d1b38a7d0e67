import { isRefusal } from './api.ts';
import { tolerates } from './choose-node.ts';
import type { Machinery } from './machinery.ts';
import { nodeController } from './node-lifecycle.ts';
import { conditionOf, isLeaving, isOver, keyOf, type Node, type Pod, timestamp } from './objects.ts';
import { pods } from './resources.ts';

/**
 * When a Pod has to leave its node, in milliseconds: at once if it does not tolerate a NoExecute taint, never if it
 * tolerates all of them for ever (`undefined`), else when the shortest `tolerationSeconds` of the tolerations that
 * it uses has passed (Kubernetes, *Taint based Evictions*).
 */
export const evictAt = (pod: Pod, node: Node, now: number): number | undefined => {
  const times = (node.spec?.taints ?? [])
    .filter(({ effect }) => effect === 'NoExecute')
    .flatMap((taint) => {
      const since = taint.timeAdded === undefined ? now : Date.parse(taint.timeAdded);
      const using = (pod.spec.tolerations ?? []).filter((toleration) => tolerates([toleration], taint));
      if (using.length === 0) return [now];
      return using.flatMap(({ tolerationSeconds }) =>
        tolerationSeconds === undefined ? [] : [since + tolerationSeconds * 1_000],
      );
    });
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Deletes the Pods of tainted nodes when their toleration ends, and says why on the Pod first. */
export const startTaintEviction = (machinery: Machinery): void => {
  const api = machinery.as(nodeController);

  const evict = async (pod: Pod): Promise<void> => {
    const { namespace, name, uid } = pod.metadata;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastProbeTime: null,
      lastTransitionTime: timestamp(machinery.clock.now()),
    };
    try {
      if (conditionOf(pod.status, condition.type) === undefined)
        await api.patch(
          pods,
          { namespace, name, subresource: 'status' },
          { metadata: { uid }, status: { conditions: [condition] } },
        );
      await api.remove(pods, { namespace, name }, { preconditions: { uid } });
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const worker = machinery.worker('taint-eviction-controller', async (key) => {
    await machinery.synced;
    const pod = machinery.pods.get(key);
    const node = pod?.spec.nodeName === undefined ? undefined : machinery.nodes.get(pod.spec.nodeName);
    if (pod === undefined || node === undefined || isLeaving(pod) || isOver(pod)) return undefined;
    const now = machinery.clock.now().getTime();
    const at = evictAt(pod, node, now);
    if (at === undefined) return undefined;
    if (at > now) return at - now;
    return evict(pod).then(() => undefined);
  });
  machinery.pods.subscribe((pod) => worker.add(keyOf(pod)));
  machinery.nodes.subscribe(({ metadata: { name } }) => {
    for (const pod of machinery.pods.all()) if (pod.spec.nodeName === name) worker.add(keyOf(pod));
  });
};
