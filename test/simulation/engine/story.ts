import type { SimTime } from './time.ts';

/** What happened, a line each, and how often each kind of thing did. */
export class Story {
  readonly lines: string[] = [];
  readonly counts = new Map<string, number>();
  readonly #time: SimTime;
  readonly #start: number;

  constructor(time: SimTime) {
    this.#time = time;
    this.#start = time.ms;
  }

  tell(who: string, what: string): void {
    const seconds = ((this.#time.ms - this.#start) / 1000).toFixed(3).padStart(9);
    this.lines.push(`${seconds}  ${who.padEnd(12)} ${what}`);
  }

  count(kind: string, times = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times);
  }
}
