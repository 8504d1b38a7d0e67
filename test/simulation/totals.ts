import type { Outcome } from './simulate.ts';

/** What many stories add up to. */
export class Totals {
  readonly #counts = new Map<string, number>();
  readonly failed: number[] = [];
  #seeds = 0;
  #longestRestMs = 0;

  add({ seed, violation, counts, restMs }: Outcome): void {
    this.#seeds += 1;
    if (violation !== undefined) this.failed.push(seed);
    for (const [kind, times] of counts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
    this.#longestRestMs = Math.max(this.#longestRestMs, restMs);
  }

  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** @param seconds how long it took */
  text(seconds: number): string {
    const lines = [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, times]) => `  ${kind}: ${times}`);
    return [
      ...lines,
      `${this.#seeds} seeds in ${seconds.toFixed(0)} s (${(this.#seeds / seconds).toFixed(1)} a second), ${this.failed.length} failed${this.failed.length === 0 ? '' : `: ${this.failed.join(' ')}`}`,
      `longest way from the last fault to rest: ${(this.#longestRestMs / 1000).toFixed(0)} simulated seconds`,
    ].join('\n');
  }
}
