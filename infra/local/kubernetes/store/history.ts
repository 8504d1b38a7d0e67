import type { KubeObject } from '../objects/object.ts';

/** One write of one object, as those who watch are told. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  /** The object after the write; of a deletion its last state. */
  readonly object: KubeObject;
  /** The object before the write. */
  readonly previous: KubeObject | undefined;
}

/** The latest events of one resource: what a watch can still be told, and who is listening. */
export class History {
  /** The version of the youngest event that was dropped; a watch from before it would miss something. */
  forgotten = 0;
  readonly #window: number;
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #events: StoreEvent[] = [];

  constructor(window: number) {
    this.#window = window;
  }

  add(event: StoreEvent): void {
    this.#events.push(event);
    const dropped = this.#events[this.#events.length - 1 - this.#window];
    if (dropped !== undefined) this.forgotten = dropped.version;
    // Cut in bulk: one move of the array in `window` writes.
    if (this.#events.length > 2 * this.#window) this.#events = this.#events.slice(-this.#window);
    for (const listener of [...this.#listeners]) listener(event);
  }

  since(version: number): readonly StoreEvent[] {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
