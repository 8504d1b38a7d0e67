import { isRefusal } from './api.ts';
import type { Machinery } from './machinery.ts';
import { nodeController } from './node-lifecycle.ts';
import { isTrue } from './objects.ts';
import { nodes } from './resources.ts';

export interface CloudNodes {
  /** What the cloud says about the VM of `node`. */
  setVm(node: string, state: 'present' | 'absent'): void;
}

/**
 * The cloud node lifecycle controller: a Node that is not Ready and whose VM does not exist any more is deleted
 * (`k8s.io/cloud-provider/controllers/nodelifecycle`). It writes as the principal that `design/events.md` names.
 */
export const startCloudNodes = (machinery: Machinery): CloudNodes => {
  const api = machinery.as(nodeController);
  const absent = new Set<string>();
  const worker = machinery.worker('cloud-node-lifecycle-controller', async (name) => {
    await machinery.synced;
    const node = machinery.nodes.get(name);
    if (!absent.has(name)) return;
    if (node === undefined || isTrue(node.status, 'Ready')) return;
    try {
      await api.remove(nodes, { name }, { preconditions: { uid: node.metadata.uid } });
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  });
  machinery.nodes.subscribe(({ metadata: { name } }) => worker.add(name));
  return {
    setVm(node, state) {
      if (state === 'absent') absent.add(node);
      else absent.delete(node);
      worker.add(node);
    },
  };
};
