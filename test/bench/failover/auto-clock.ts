import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../infra/local/clock.ts';

/** Real milliseconds without a request under way, after which nothing more happens by itself. */
const quietMs = 6;

interface Planned {
  readonly at: number;
  readonly task: () => void;
}

/**
 * A clock that jumps to the next thing that is planned as soon as nothing is under way: what takes a minute of the cluster's
 * time takes a moment, and whatever is asked and answered meanwhile takes no time at all.
 */
export class AutoClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  readonly #planned = new Set<Planned>();
  #underWay = 0;
  #stopped = false;
  readonly #real = globalThis.fetch;

  now(): Date {
    return new Date(this.#now);
  }

  after(ms: number, task: () => void): () => void {
    const planned = { at: this.#now + ms, task };
    this.#planned.add(planned);
    return () => void this.#planned.delete(planned);
  }

  /** Runs until `stop`. Requests of this process are under way until their answer begins. */
  async start(): Promise<void> {
    globalThis.fetch = async (...request) => {
      this.#underWay += 1;
      try {
        return await this.#real(...request);
      } finally {
        this.#underWay -= 1;
      }
    };
    let quiet = 0;
    while (!this.#stopped) {
      const began = performance.now();
      await setTimeout(quietMs / 3);
      // A turn that took longer had work to do.
      const isIdle = performance.now() - began < quietMs;
      quiet = this.#underWay === 0 && isIdle ? quiet + 1 : 0;
      if (quiet < 5) continue;
      quiet = 0;
      this.#jump();
    }
  }

  stop(): void {
    this.#stopped = true;
    globalThis.fetch = this.#real;
  }

  #jump(): void {
    const [next] = [...this.#planned].sort((a, b) => a.at - b.at);
    if (next === undefined) return;
    this.#planned.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.task();
  }
}
