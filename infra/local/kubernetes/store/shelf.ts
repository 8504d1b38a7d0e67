import { type KubeObject, text } from '../objects/object.ts';
import { History } from './history.ts';

/** etcd's key below the resource: what lists are ordered by. */
export const storeKey = (namespace: string, name: string): string =>
  namespace === '' ? name : `${namespace}/${name}`;

export const keyOf = (object: KubeObject): string =>
  storeKey(text(object.metadata.namespace) ?? '', object.metadata.name);

/** The objects of one resource, by namespace and name, with their keys in order. */
export class Shelf {
  readonly byNamespace = new Map<string, Map<string, KubeObject>>();
  readonly history: History;
  size = 0;
  readonly #sorted = new Map<string, readonly string[]>();
  #namespaces: readonly string[] | undefined;

  constructor(window: number) {
    this.history = new History(window);
  }

  put(namespace: string, name: string, object: KubeObject): void {
    let objects = this.byNamespace.get(namespace);
    if (objects === undefined) {
      objects = new Map();
      this.byNamespace.set(namespace, objects);
      this.#namespaces = undefined;
    }
    if (!objects.has(name)) {
      this.#sorted.delete(namespace);
      this.size += 1;
    }
    objects.set(name, object);
  }

  delete(namespace: string, name: string): void {
    const objects = this.byNamespace.get(namespace);
    if (objects?.delete(name) !== true) return;
    this.size -= 1;
    this.#sorted.delete(namespace);
    if (objects.size > 0) return;
    this.byNamespace.delete(namespace);
    this.#namespaces = undefined;
  }

  names(namespace: string): readonly string[] {
    let names = this.#sorted.get(namespace);
    if (names === undefined) {
      names = [...(this.byNamespace.get(namespace)?.keys() ?? [])].sort();
      this.#sorted.set(namespace, names);
    }
    return names;
  }

  /** Ordered as their keys are, so that `a-b/` comes before `a/`. */
  get namespaces(): readonly string[] {
    this.#namespaces ??= [...this.byNamespace.keys()].sort((a, b) => (`${a}/` < `${b}/` ? -1 : 1));
    return this.#namespaces;
  }
}

/** The index of the first name whose key is greater than `after`. */
export const firstAfter = (names: readonly string[], namespace: string, after: string): number => {
  if (after === '') return 0;
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (storeKey(namespace, names[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
};
