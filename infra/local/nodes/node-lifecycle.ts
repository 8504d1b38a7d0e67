import { isRefusal } from './api.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { healthTaints, silentConditions } from './node-health.ts';
import { conditionOf, isTrue, type Node, type Pod, timestamp } from './objects.ts';
import { nodes, pods } from './resources.ts';

/** Whom the node lifecycle controller, and what belongs to it, writes as. */
export const nodeController = serviceAccount('node-controller');

interface Beat {
  readonly mark: string;
  readonly at: number;
}

/**
 * Watches over the nodes as `node-controller`: one whose lease and status have not changed for `graceMs`, by our
 * own clock, is Unknown; Nodes that are not Ready get their taints, and their Pods are marked not Ready by a PUT
 * of the whole /status.
 */
export const startNodeLifecycle = (machinery: Machinery): void => {
  const { clock, timings } = machinery;
  const api = machinery.as(nodeController);
  const beats = new Map<string, Beat>();

  /** When the node was last seen to do anything: only differences count, never the times it writes itself. */
  const lastBeat = (node: Node): number => {
    const { name } = node.metadata;
    const heartbeat = conditionOf(node.status, 'Ready')?.lastHeartbeatTime;
    const lease = machinery.leases.get(`kube-node-lease/${name}`);
    const mark = `${node.metadata.uid} ${lease?.spec?.renewTime} ${heartbeat}`;
    const known = beats.get(name);
    if (known?.mark === mark) return known.at;
    const at = clock.now().getTime();
    beats.set(name, { mark, at });
    return at;
  };
  const markPods = async (node: Node): Promise<void> => {
    const ready = machinery.pods
      .all()
      .filter((pod) => pod.spec.nodeName === node.metadata.name && isTrue(pod.status, 'Ready'));
    for (const pod of ready) {
      const conditions = (pod.status?.conditions ?? []).map((condition) =>
        condition.type === 'Ready'
          ? { ...condition, status: 'False' as const, lastTransitionTime: timestamp(clock.now()) }
          : condition,
      );
      try {
        const next: Pod = { ...pod, status: { ...pod.status, conditions } };
        machinery.pods.accept(await api.update(pods, next, 'status'));
      } catch (error) {
        if (!isRefusal(error, 404)) throw error;
      }
    }
  };
  const worker = machinery.worker('node-controller', async (name) => {
    await machinery.synced;
    let node = machinery.nodes.get(name);
    if (node === undefined) {
      beats.delete(name);
      return undefined;
    }
    const now = clock.now();
    const silentAt = lastBeat(node) + timings.graceMs;
    const conditions = now.getTime() >= silentAt ? silentConditions(node, now) : undefined;
    if (conditions !== undefined) {
      node = await api.update<Node>(nodes, { ...node, status: { ...node.status, conditions } }, 'status');
      machinery.nodes.accept(node);
      // The heartbeat it shows now is not the node's.
      beats.set(name, { mark: beats.get(name)?.mark ?? '', at: silentAt - timings.graceMs });
    }
    const taints = healthTaints(node, now);
    if (taints !== undefined) {
      const { resourceVersion } = node.metadata;
      node = await api.patch<Node>(nodes, { name }, { metadata: { resourceVersion }, spec: { taints } });
      machinery.nodes.accept(node);
    }
    if (!isTrue(node.status, 'Ready')) await markPods(node);
    const left = silentAt - clock.now().getTime();
    return left > 0 ? left : undefined;
  });
  machinery.nodes.subscribe((node) => worker.add(node.metadata.name));
  machinery.leases.subscribe(({ metadata }) => {
    if (metadata.namespace === 'kube-node-lease') worker.add(metadata.name);
  });
};
