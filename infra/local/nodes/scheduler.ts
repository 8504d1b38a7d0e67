import { isRefusal } from './api.ts';
import { chooseNode } from './choose-node.ts';
import type { Machinery } from './machinery.ts';
import { conditionOf, isLeaving, isOver, type Pod, timestamp } from './objects.ts';
import { pods } from './resources.ts';

const waits = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined &&
  !isLeaving(pod) &&
  !isOver(pod) &&
  (pod.spec.schedulingGates ?? []).length === 0 &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler';

/**
 * Binds Pods to nodes as `system:kube-scheduler`, oldest first. A Pod that fits nowhere is told so by a
 * condition, once, and tried again whenever a Node or a Pod changes.
 */
export const startScheduler = (machinery: Machinery): void => {
  const api = machinery.as('system:kube-scheduler');
  // Bound by us, not yet seen by the watch: they count as load at once (the scheduler's *assumed* Pods).
  const assumed = new Map<string, string>();
  const placed = (): Pod[] =>
    machinery.pods.all().map((pod) => {
      const nodeName = assumed.get(pod.metadata.uid);
      return nodeName === undefined ? pod : { ...pod, spec: { ...pod.spec, nodeName } };
    });

  const bind = async (pod: Pod, node: string): Promise<void> => {
    const { namespace, name, uid } = pod.metadata;
    assumed.set(uid, node);
    try {
      await api.create(
        { ...pods, kind: 'Binding' },
        { namespace, name, subresource: 'binding' },
        {
          metadata: { name, namespace, uid },
          target: { apiVersion: 'v1', kind: 'Node', name: node },
        },
      );
    } catch (error) {
      assumed.delete(uid);
      // Gone: the watch tells. Bound by somebody else or replaced: tried again on what it then shows.
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const explain = async (pod: Pod, message: string): Promise<void> => {
    const known = conditionOf(pod.status, 'PodScheduled');
    if (known?.status === 'False' && known.message === message) return;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime:
        known?.status === 'False' ? known.lastTransitionTime : timestamp(machinery.clock.now()),
    };
    const { namespace, name } = pod.metadata;
    try {
      const status = { '$setElementOrder/conditions': [{ type: 'PodScheduled' }], conditions: [condition] };
      machinery.pods.accept(
        await api.patch<Pod>(pods, { namespace, name, subresource: 'status' }, { status }),
      );
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const worker = machinery.worker('scheduler', async () => {
    await machinery.synced;
    const waiting = machinery.pods.all().filter((pod) => waits(pod) && !assumed.has(pod.metadata.uid));
    waiting.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
    for (const pod of waiting) {
      const choice = chooseNode(pod, machinery.nodes.all(), placed());
      if (choice.kind === 'node') await bind(pod, choice.name);
      else await explain(pod, choice.message);
    }
  });
  machinery.nodes.subscribe(() => worker.add('all'));
  machinery.pods.subscribe((pod, gone) => {
    if (gone || pod.spec.nodeName !== undefined) assumed.delete(pod.metadata.uid);
    worker.add('all');
  });
};
