import type { Clock } from '../../../infra/local/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
  cancelled: boolean;
}

const earlier = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * Simulated time: nothing passes but what is waited for. One task runs at a time, in the order of their times; of equal
 * times the one that was asked for first.
 */
export class SimTime implements Clock {
  readonly #heap: Timer[] = [];
  #ms: number;
  #order = 0;

  constructor(start: Date) {
    this.#ms = start.getTime();
  }

  get ms(): number {
    return this.#ms;
  }

  now(): Date {
    return new Date(this.#ms);
  }

  after(ms: number, task: () => void): () => void {
    this.#order += 1;
    const timer = { at: this.#ms + Math.max(0, Math.round(ms)), order: this.#order, task, cancelled: false };
    this.#push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** When the next task is due; `undefined` when there is none. */
  get next(): number | undefined {
    while (this.#heap[0]?.cancelled === true) this.#pop();
    return this.#heap[0]?.at;
  }

  /**
   * Runs the next task, and all that follows from it without waiting: promises that it settles have been followed to
   * their ends when this resolves.
   */
  async step(): Promise<void> {
    if (this.next === undefined) throw new Error('nothing is waited for');
    const timer = this.#pop();
    this.#ms = timer.at;
    timer.task();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!earlier(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): Timer {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= heap.length) break;
      const child = right < heap.length && earlier(heap[right]!, heap[left]!) ? right : left;
      if (!earlier(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
