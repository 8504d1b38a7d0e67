/** Which messages a Pub/Sub has taken and not yet delivered, seen from outside of it. */
export class Owed {
  readonly #owed = new Set<string>();
  /** A push can be faster than the answer to its publish. */
  readonly #settled = new Set<string>();
  #publishing = 0;
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #fault: Error | undefined;

  /** Runs a publish, which owes the deliveries that it causes; until it has resolved, nothing is idle. */
  async during<T>(publish: (owe: (delivery: string) => void) => Promise<T>): Promise<T> {
    this.#publishing += 1;
    try {
      return await publish((delivery) => {
        if (!this.#settled.has(delivery)) this.#owed.add(delivery);
      });
    } finally {
      this.#publishing -= 1;
      this.#wake();
    }
  }

  settle(delivery: string): void {
    this.#settled.add(delivery);
    this.#owed.delete(delivery);
    this.#wake();
  }

  /** Nothing will come any more: whoever waits, now or later, is told why. */
  fail(error: Error): void {
    this.#fault ??= error;
    this.#wake();
  }

  /** Resolves when nothing is owed. @throws Error that `fail` was given */
  idle(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#wake();
    });
  }

  #wake(): void {
    const fault = this.#fault;
    if (fault === undefined && (this.#publishing > 0 || this.#owed.size > 0)) return;
    const woken = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of woken) fault === undefined ? resolve() : reject(fault);
  }
}
