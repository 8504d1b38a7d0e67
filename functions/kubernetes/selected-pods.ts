import type { CoreV1Api } from '@kubernetes/client-node';
import type { LabelSelector, Pod } from '../persistent-ip/objects.ts';
import { distinct, selectedByAny } from '../persistent-ip/selected.ts';
import { sideBySide } from '../side-by-side.ts';
import type { Narrow } from './calls.ts';
import { isIdentified } from './identity.ts';
import { toPod } from './objects.ts';
import { allPages, countOf, pageSize } from './pages.ts';
import { type Json, object, text, texts } from './read.ts';
import { selectorText } from './selector-text.ts';

type Selectors = ReadonlyMap<string, readonly LabelSelector[]>;
type Core = Pick<Narrow<CoreV1Api, 'CoreV1Api'>, 'listNamespacedPod' | 'listPodForAllNamespaces'>;

/** Namespaces that are listed one by one without asking whether one list of the cluster is shorter. */
const few = 4;
/** Lists that are read side by side. */
const atOnce = 8;

/**
 * The Pods that some selector of their namespace selects. One list of the whole cluster where that has no more pages than
 * there are namespaces, else one of each namespace: a list is a page at least. What nobody selects is dropped page by page,
 * and of the others only what the rules read is kept: a cluster's Pods need not fit into memory.
 */
export const selectedPods = async (core: Core, by: Selectors): Promise<readonly Pod[]> => {
  const selected = new Map([...by].map(([namespace, selectors]) => [namespace, selectedByAny(selectors)]));
  const take = (raw: Json): readonly Pod[] => {
    const { namespace, labels } = object(raw.metadata);
    const isSelected = selected.get(text(namespace));
    return isSelected?.(texts(labels)) === true && isIdentified(raw, 'namespaced') ? [slim(toPod(raw))] : [];
  };
  const whole = (page: object) => core.listPodForAllNamespaces(page);
  if (by.size > few) {
    const total = await countOf(whole);
    if (total === undefined || Math.ceil(total / pageSize) <= by.size) return allPages(whole, take);
  }
  const found: Pod[] = [];
  await sideBySide([...by], atOnce, async ([namespace, selectors]) => {
    // Several selectors have no query in common.
    const [only, ...others] = distinct(selectors);
    const query = only === undefined || others.length > 0 ? {} : { labelSelector: selectorText(only) };
    const list = (page: object) => core.listNamespacedPod({ namespace, ...query, ...page });
    for (const pod of await allPages(list, take)) found.push(pod);
  });
  return found;
};

/** Annotations are most of many Pods, and no rule reads them: what they say of networks is in `networks`. */
const slim = ({ metadata, ...pod }: Pod): Pod => ({
  ...pod,
  metadata: { ...metadata, annotations: {}, finalizers: [] },
});
