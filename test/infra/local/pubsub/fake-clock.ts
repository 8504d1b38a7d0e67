import type { Clock } from '../../../../infra/local/clock.ts';

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #now: number;
  readonly #tasks = new Set<{ readonly at: number; readonly task: () => void }>();

  constructor(start = '2026-01-01T00:00:00Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(ms: number, task: () => void): () => void {
    const planned = { at: this.#now + ms, task };
    this.#tasks.add(planned);
    return () => void this.#tasks.delete(planned);
  }

  /** Lets `ms` pass, running what falls due, in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks.delete(due);
      this.#now = due.at;
      due.task();
    }
    this.#now = end;
  }
}
