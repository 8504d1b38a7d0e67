import { type Condition, conditionOf, type Node, type Taint, timestamp } from './objects.ts';

const watched = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];

/**
 * The conditions of a node that has gone silent: all that its kubelet reported is unknown now
 * (`pkg/controller/nodelifecycle`, tryUpdateNodeHealth). `undefined` when they say so already.
 */
export const silentConditions = (node: Node, at: Date): Condition[] | undefined => {
  const now = timestamp(at);
  const known = node.status?.conditions ?? [];
  if (conditionOf(node.status, 'Ready')?.status === 'Unknown') return undefined;
  const unknown = (type: string): Condition => ({
    type,
    status: 'Unknown',
    lastHeartbeatTime: conditionOf(node.status, type)?.lastHeartbeatTime ?? now,
    lastTransitionTime: now,
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  const others = known.filter(({ type }) => !watched.includes(type));
  return [...others, ...watched.map(unknown)];
};

const unreachable = 'node.kubernetes.io/unreachable';
const notReady = 'node.kubernetes.io/not-ready';
const unschedulable = 'node.kubernetes.io/unschedulable';
const ours = [unreachable, notReady, unschedulable];

/**
 * The taints that a node's condition asks for (Kubernetes, *Taint based Evictions*); everybody else's stay.
 * `undefined` when they are there already.
 */
export const healthTaints = (node: Node, at: Date): Taint[] | undefined => {
  const taints = node.spec?.taints ?? [];
  const ready = conditionOf(node.status, 'Ready')?.status;
  const key = ready === 'True' ? undefined : ready === 'False' ? notReady : unreachable;
  const wanted: Taint[] = [
    ...(node.spec?.unschedulable === true ? [{ key: unschedulable, effect: 'NoSchedule' }] : []),
    ...(key === undefined
      ? []
      : [
          { key, effect: 'NoSchedule' },
          { key, effect: 'NoExecute' },
        ]),
  ];
  const same = (a: Taint) => (b: Taint) => a.key === b.key && a.effect === b.effect;
  const missing = wanted.filter((taint) => !taints.some(same(taint)));
  const kept = taints.filter((taint) => !ours.includes(taint.key) || wanted.some(same(taint)));
  if (missing.length === 0 && kept.length === taints.length) return undefined;
  return [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: timestamp(at) }))];
};
