import { notReady } from '../errors.ts';
import type { Key } from '../types.ts';

/** What a running operation does to a resource. `endpoints`: others of the same sort may run beside it. */
export type Hold = 'insert' | 'change' | 'delete' | 'endpoints';

/** Which resources have a running operation: a second write on them is refused with `resourceNotReady`. */
export class Locks {
  readonly #held = new Map<Key, { readonly hold: Hold; count: number }>();

  of(key: Key): Hold | undefined {
    return this.#held.get(key)?.hold;
  }

  /** @throws ComputeError 400 `resourceNotReady` */
  check(key: Key, hold: Hold): void {
    const held = this.of(key);
    // ingress-gce attaches and detaches batches of one NEG at the same time.
    if (held !== undefined && !(held === 'endpoints' && hold === 'endpoints')) throw notReady(key);
  }

  /**
   * Holds `key` until the returned function is called.
   * @throws ComputeError 400 `resourceNotReady`
   */
  take(key: Key, hold: Hold): () => void {
    this.check(key, hold);
    const held = this.#held.get(key) ?? { hold, count: 0 };
    held.count += 1;
    this.#held.set(key, held);
    return () => {
      held.count -= 1;
      if (held.count === 0) this.#held.delete(key);
    };
  }
}
