/**
 * How many turns all loops of one expression may take together. The API server counts cost units, of which a turn
 * takes several, and stops at 1,000,000 (apiserver `pkg/apis/cel/config.go`, PerCallLimit).
 */
const turns = 250_000;

/** What the API server says of an expression that goes on and on (cel-go `interpreter/runtimecost.go`). */
export const costExceeded = 'operation cancelled: actual cost limit exceeded';

/** Counts the turns of loops, so that no rule can hold the server up. Evaluation is synchronous: one run at a time. */
export class Meter {
  #left = turns;
  #running = 0;

  /** Runs an expression; one that is run by another, as a variable of a policy is, counts for that. */
  run<T>(evaluate: () => T): T {
    if (this.#running === 0) this.#left = turns;
    this.#running += 1;
    try {
      return evaluate();
    } finally {
      this.#running -= 1;
    }
  }

  /** @throws Error when nothing is left, and at every turn after that: CEL's `&&` and `all` forgive single errors */
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Error(costExceeded);
  }

  get exceeded(): boolean {
    return this.#left < 0;
  }
}
