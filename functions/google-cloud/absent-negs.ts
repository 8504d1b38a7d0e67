import { BoundedMap } from '../bounded-map.ts';
import type { NegRef } from '../persistent-ip/cloud.ts';

/** NEGs that an instance remembers: some of each route of a large cluster. */
const most = 10_000;

/**
 * Network endpoint groups that were not there when their endpoints were last asked for: these are not asked for again before
 * a list shows the group. It saves reads and decides nothing: what exists is what the list says, and a group that somebody
 * has made meanwhile costs one more round, once.
 */
export class AbsentNegs {
  readonly #names = new BoundedMap<true>(most);

  has(neg: NegRef): boolean {
    return this.#names.has(keyOf(neg));
  }

  add(neg: NegRef): void {
    this.#names.set(keyOf(neg), true);
  }

  delete(neg: NegRef): void {
    this.#names.delete(keyOf(neg));
  }
}

const keyOf = ({ zone, name }: NegRef): string => `${zone}/${name}`;
