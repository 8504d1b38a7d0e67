/** The key of a value below its collection, as etcd spells it: what lists are ordered by. */
export const shelfKey = (space: string, name: string): string => (space === '' ? name : `${space}/${name}`);

/** The values of one collection, by their space (a namespace, a scope; empty for none) and name. */
export class Shelf<T> {
  readonly #spaces = new Map<string, Map<string, T>>();
  /** The names of a space in order, and the spaces, as long as nothing comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>();
  #sortedSpaces: readonly string[] | undefined;
  #size = 0;

  get(space: string, name: string): T | undefined {
    return this.#spaces.get(space)?.get(name);
  }

  put(space: string, name: string, value: T): void {
    let values = this.#spaces.get(space);
    if (values === undefined) {
      values = new Map();
      this.#spaces.set(space, values);
      this.#sortedSpaces = undefined;
    }
    if (!values.has(name)) {
      this.#sorted.delete(space);
      this.#size += 1;
    }
    values.set(name, value);
  }

  /** @returns whether it was there */
  delete(space: string, name: string): boolean {
    const values = this.#spaces.get(space);
    if (values?.delete(name) !== true) return false;
    this.#size -= 1;
    this.#sorted.delete(space);
    if (values.size > 0) return true;
    this.#spaces.delete(space);
    this.#sortedSpaces = undefined;
    return true;
  }

  /** How many values a space has, or all of them together. */
  count(space?: string): number {
    return space === undefined ? this.#size : (this.#spaces.get(space)?.size ?? 0);
  }

  /** The spaces that hold something, ordered as their keys are, so that `a-b/` comes before `a/`. */
  get spaces(): readonly string[] {
    this.#sortedSpaces ??= [...this.#spaces.keys()].sort((a, b) => (`${a}/` < `${b}/` ? -1 : 1));
    return this.#sortedSpaces;
  }

  /** The values of a space, or all, in the order in which they came. */
  *values(space?: string): Generator<T> {
    if (space !== undefined) yield* this.#spaces.get(space)?.values() ?? [];
    else for (const values of this.#spaces.values()) yield* values.values();
  }

  /** The values of a space, or all, in the order of their keys; those after the key `after` only. */
  *ordered(space?: string, after = ''): Generator<T> {
    for (const each of space === undefined ? this.spaces : [space]) {
      const values = this.#spaces.get(each);
      if (values === undefined) continue;
      const names = this.#names(each, values);
      for (let at = firstAfter(names, each, after); at < names.length; at += 1) {
        const value = values.get(names[at] ?? '');
        if (value !== undefined) yield value;
      }
    }
  }

  #names(space: string, values: ReadonlyMap<string, T>): readonly string[] {
    let names = this.#sorted.get(space);
    if (names === undefined) {
      names = [...values.keys()].sort();
      this.#sorted.set(space, names);
    }
    return names;
  }
}

/** The index of the first name whose key is greater than `after`. */
const firstAfter = (names: readonly string[], space: string, after: string): number => {
  if (after === '') return 0;
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shelfKey(space, names[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
};
