import { Shelf } from './shelf.ts';

/**
 * What the local cloud's APIs keep, in memory only: collections of values by space and name. It knows no rule of
 * any API; versions and history (Kubernetes) and claims (Compute) are layers of their own upon it.
 * @typeParam Kinds the type of each collection's values
 */
export class KeyedStore<Kinds extends object> {
  readonly #shelves = new Map<keyof Kinds, unknown>();

  /** The shelf of a collection; an empty one at first. */
  of<C extends keyof Kinds>(collection: C): Shelf<Kinds[C]> {
    // The one cast: this method alone adds shelves, and ties each collection to its type.
    const known = this.#shelves.get(collection) as Shelf<Kinds[C]> | undefined;
    if (known !== undefined) return known;
    const shelf = new Shelf<Kinds[C]>();
    this.#shelves.set(collection, shelf);
    return shelf;
  }
}
