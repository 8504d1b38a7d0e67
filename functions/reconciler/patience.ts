import { type Failure, wordsOf } from '../persistent-ip/failure.ts';
import type { Outcome, Runtime } from './dependencies.ts';

/** 412 answers in a row, each with a fresh fingerprint, that mean an organization policy and no race. */
const mostStale = 3;
/** For how long something of ours that is on its way out may use what is to be deleted, milliseconds: then it is somebody else's. */
const longestInUse = 20_000;
/** Observations of one delivery: more than any honest race needs. */
const mostRounds = 40;

/**
 * What a delivery may still spend: time, races, tries. Retryable errors are spent inside the budget; a person's are
 * tried once more against a fresh observation and then reported.
 * Source: design/events.md, *Nack is not a scheduler*; design/google-cloud.md, error table.
 */
export class Patience {
  readonly #runtime: Runtime;
  readonly #deadline: Date;
  #seen = false;
  #rounds = 0;
  #stale = 0;
  #attempt = 0;
  #lastRefusal = '';
  #inUseSince: number | undefined;
  #why = 'the time is over';

  constructor(runtime: Runtime, deadline: Date) {
    this.#runtime = runtime;
    this.#deadline = deadline;
  }

  /** Whether there is time for one more look: also a world that never shows what was done to it ends a delivery. */
  goesOn(): boolean {
    this.#rounds += 1;
    return this.#rounds <= mostRounds && this.#hasTime(0);
  }

  /** The steps were done: refusals are counted anew. */
  applied(): void {
    this.#stale = 0;
    this.#lastRefusal = '';
    this.#inUseSince = undefined;
  }

  /** Something could be read: from here on a successor request is enough. */
  observed(): void {
    this.#seen = true;
  }

  /** `again`: observe once more. `user`: report it. `give-up`: the budget is spent. */
  async spend(failure: Failure, during: 'observe' | 'apply'): Promise<'again' | 'user' | 'give-up'> {
    this.#why = wordsOf(failure);
    this.#runtime.log('DEBUG', 'a call failed', {
      kind: failure.kind,
      code: failure.code,
      status: failure.status,
      during,
    });
    switch (failure.kind) {
      case 'stale':
        this.#stale = during === 'apply' ? this.#stale + 1 : this.#stale;
        return this.#stale >= mostStale ? 'user' : 'again';
      case 'exists':
      case 'not-found':
        return this.#repeats(failure) ? await this.#backOff() : 'again';
      case 'user':
      case 'address-in-use':
        if (during === 'observe') return this.#refused();
        // The world may have moved between the observation and the call: one more look before a person is asked.
        return this.#repeats(failure) ? 'user' : 'again';
      case 'in-use': {
        // A person's resource stays, and only its name in a condition tells whose it is.
        const now = this.#runtime.now().getTime();
        this.#inUseSince ??= now;
        return now - this.#inUseSince >= longestInUse ? 'user' : await this.#backOff();
      }
      case 'retry':
        return await this.#backOff();
      case 'unfinished':
        return 'give-up';
    }
  }

  /** The API server refuses what we write: a successor would be refused as well, so the message comes again, slower. */
  #refused(): 'give-up' {
    this.#seen = false;
    return 'give-up';
  }

  outcome(): Outcome {
    return this.#seen ? { kind: 'later', why: this.#why } : { kind: 'unreadable', why: this.#why };
  }

  #repeats({ kind, code, message }: Failure): boolean {
    const refusal = `${kind} ${code} ${message}`;
    const repeated = refusal === this.#lastRefusal;
    this.#lastRefusal = refusal;
    return repeated;
  }

  #hasTime(ms: number): boolean {
    return this.#runtime.now().getTime() + ms < this.#deadline.getTime();
  }

  /** Exponential with full jitter, 100 ms to 5 s. */
  async #backOff(): Promise<'again' | 'give-up'> {
    const ceiling = Math.min(5_000, 100 * 2 ** this.#attempt);
    this.#attempt += 1;
    const pause = Math.ceil(ceiling * this.#runtime.random());
    if (!this.#hasTime(pause)) return 'give-up';
    await this.#runtime.sleep(pause);
    return 'again';
  }
}
