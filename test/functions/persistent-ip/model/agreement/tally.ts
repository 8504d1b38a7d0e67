import { readPage, strangerTo } from '../../../../docs/conditions-page.ts';
import type { Kind } from '../../../../sayings.ts';

interface Words {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

const page = readPage();

/** How often each thing occurred: a generator that never makes a case proves nothing about it. */
export class Tally {
  readonly counts = new Map<string, number>();
  /** Messages that have no form in docs/conditions.md. */
  readonly strangers = new Set<string>();
  readonly #heard = new Set<string>();

  add(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** Takes down what a condition says. */
  hear(kind: Kind, conditions: readonly Words[]): void {
    for (const { type, status, reason, message } of conditions) {
      const words = `${kind} ${type} ${status} ${reason} ${message}`;
      if (this.#heard.has(words)) continue;
      this.#heard.add(words);
      const stranger = strangerTo(page, kind, { type, status, reason, message });
      if (stranger !== undefined) this.strangers.add(stranger);
    }
  }

  /** Those of `wanted` that occurred fewer than `least` times, each with its number. */
  rare(wanted: readonly string[], least: number): readonly string[] {
    return wanted
      .filter((what) => (this.counts.get(what) ?? 0) < least)
      .map((what) => `${what}: ${this.counts.get(what) ?? 0}`);
  }

  toString(): string {
    return [...this.counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `${String(times).padStart(7)} ${what}`)
      .join('\n');
  }
}
