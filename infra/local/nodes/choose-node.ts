import { controllerOf, isOver, type Node, type Pod, type Taint, type Toleration } from './objects.ts';
import { selects } from './selector.ts';

/** Whether a Pod may be where `taint` is (Kubernetes, *Taints and Tolerations*). */
export const tolerates = (tolerations: readonly Toleration[] | undefined, taint: Taint): boolean =>
  (tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (key === undefined || key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );

const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Whether a Pod of `mine`'s kind of rule keeps `pod` off the Node: only terms whose topology is the host. */
const repelled = (pod: Pod, neighbours: readonly Pod[]): boolean => {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms
    .filter(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname')
    .some(({ labelSelector }) =>
      neighbours.some(
        ({ metadata }) =>
          metadata.namespace === pod.metadata.namespace && selects(labelSelector, metadata.labels),
      ),
    );
};

const refusal = (pod: Pod, node: Node, neighbours: readonly Pod[]): string | undefined => {
  const taints = [...(node.spec?.taints ?? []), ...(node.spec?.unschedulable === true ? [cordoned] : [])];
  const untolerated = taints.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
  );
  if (untolerated?.key === cordoned.key) return 'node(s) were unschedulable';
  if (untolerated !== undefined)
    return `node(s) had untolerated taint {${untolerated.key}: ${untolerated.value ?? ''}}`;
  if (!selects({ matchLabels: pod.spec.nodeSelector ?? {} }, node.metadata.labels))
    return "node(s) didn't match Pod's node affinity/selector";
  // The rule is symmetric: a neighbour's may keep this Pod away as well.
  if (repelled(pod, neighbours) || neighbours.some((other) => repelled(other, [pod])))
    return "node(s) didn't match pod anti-affinity rules";
  return undefined;
};

/** Where a Pod goes, or why it goes nowhere. */
export type Choice =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'none'; readonly message: string };

/**
 * The node for `pod`: of those that its nodeSelector, the taints, cordons and required anti-affinity by host admit,
 * the one with the fewest Pods of the same owner, then with the fewest Pods, then the first by name.
 * @param placed every Pod that has a node, or was just given one
 */
export const chooseNode = (pod: Pod, nodes: readonly Node[], placed: readonly Pod[]): Choice => {
  const owner = controllerOf(pod)?.uid;
  const reasons = new Map<string, number>();
  const fitting = nodes.flatMap((node) => {
    const { name } = node.metadata;
    const neighbours = placed.filter((other) => other.spec.nodeName === name && !isOver(other));
    const why = refusal(pod, node, neighbours);
    if (why !== undefined) {
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
      return [];
    }
    const siblings = neighbours.filter((other) => owner !== undefined && controllerOf(other)?.uid === owner);
    return [{ name, siblings: siblings.length, load: neighbours.length }];
  });
  fitting.sort((a, b) => a.siblings - b.siblings || a.load - b.load || (a.name < b.name ? -1 : 1));
  const [best] = fitting;
  if (best !== undefined) return { kind: 'node', name: best.name };
  const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return { kind: 'none', message: `0/${nodes.length} nodes are available: ${why.join(', ')}.` };
};
