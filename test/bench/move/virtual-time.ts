import { setTimeout } from 'node:timers/promises';

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/** Real milliseconds without anything happening, after which nothing more will happen at this virtual time. */
const quietMs = 4;

/**
 * A clock that stands still while anything happens and then jumps to the next thing that is due. What is measured does real
 * calls, which count as nothing, and waits here for as long as each answer is said to take: exact, and fast.
 */
export class VirtualTime {
  #now = 0;
  #working = 0;
  #waiting: Waiting[] = [];

  now(): number {
    return this.#now;
  }

  /** Runs `work` while the clock stands still. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
    }
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((wake) => {
      this.#waiting.push({ at: this.#now + ms, wake });
    });
  }

  /** Lets time pass until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const ending = work.finally(() => {
      ended = true;
    });
    ending.catch(() => {});
    while (!ended) {
      await setTimeout(quietMs);
      if (ended || this.#working > 0 || this.#waiting.length === 0) continue;
      const next = Math.min(...this.#waiting.map(({ at }) => at));
      const due = this.#waiting.filter(({ at }) => at === next);
      this.#waiting = this.#waiting.filter(({ at }) => at !== next);
      this.#now = next;
      for (const { wake } of due) wake();
    }
    return ending;
  }
}
