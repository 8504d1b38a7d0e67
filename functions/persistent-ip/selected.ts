import type { LabelSelector, Pod } from './objects.ts';
import { selects } from './selector.ts';

/**
 * Many selectors against many Pods, without trying each with each: whatever `matchLabels` asks for is looked up, and only
 * what has it is tried. Selectors without `matchLabels` are tried with every Pod of their namespace.
 */

type Labels = Pod['metadata']['labels'];
type Pair = readonly [key: string, value: string];

const textOf = ([key, value]: Pair): string => `${key}=${value}`;

const pairsOf = ({ matchLabels = {} }: LabelSelector): readonly Pair[] => Object.entries(matchLabels);

/** Each selector once, however many routes have it. */
export const distinct = (selectors: readonly LabelSelector[]): readonly LabelSelector[] => [
  ...new Map(selectors.map((selector) => [JSON.stringify(selector), selector])).values(),
];

/** Whether some of the selectors selects what has these labels. */
export const selectedByAny = (selectors: readonly LabelSelector[]): ((labels: Labels) => boolean) => {
  const each = distinct(selectors);
  const frequency = new Map<string, number>();
  for (const pair of each.flatMap(pairsOf).map(textOf)) frequency.set(pair, (frequency.get(pair) ?? 0) + 1);
  const byRarest = new Map<string, LabelSelector[]>();
  const others: LabelSelector[] = [];
  for (const selector of each) {
    const pairs = pairsOf(selector).map(textOf);
    const [rarest] = pairs.sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0));
    if (rarest === undefined) others.push(selector);
    else push(byRarest, rarest, selector);
  }
  return (labels) =>
    Object.entries(labels).some((pair) =>
      byRarest.get(textOf(pair))?.some((selector) => selects(selector, labels)),
    ) || others.some((selector) => selects(selector, labels));
};

/** The Pods of a cluster, to be asked by namespace and selector. */
export const podsBySelector = (
  pods: readonly Pod[],
): ((namespace: string, selector: LabelSelector) => readonly Pod[]) => {
  const byNamespace = new Map<string, Pod[]>();
  const byPair = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { namespace, labels } = pod.metadata;
    push(byNamespace, namespace, pod);
    for (const pair of Object.entries(labels)) push(byPair, `${namespace} ${textOf(pair)}`, pod);
  }
  return (namespace, selector) => {
    const having = pairsOf(selector).map((pair) => byPair.get(`${namespace} ${textOf(pair)}`) ?? []);
    const [fewest] = having.sort((a, b) => a.length - b.length);
    return (fewest ?? byNamespace.get(namespace) ?? []).filter(({ metadata }) =>
      selects(selector, metadata.labels),
    );
  };
};

const push = <T>(into: Map<string, T[]>, key: string, value: T): void => {
  const there = into.get(key);
  if (there === undefined) into.set(key, [value]);
  else there.push(value);
};
