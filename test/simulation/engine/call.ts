import type { Engine } from './engine.ts';

/** How an API fails, and how long it takes. */
export interface Api {
  readonly name: string;
  /** Milliseconds, one way. */
  readonly latency: readonly [least: number, most: number];
  /** A request without an answer is given up after, milliseconds. */
  readonly timeout: number;
  /** What it refuses with, in its own form. */
  readonly refusals: { readonly read: readonly Refusal[]; readonly write: readonly Refusal[] };
  /** What the caller sees when no answer comes. */
  noAnswer(): Error;
}

export interface Refusal {
  readonly name: string;
  error(): Error;
}

/** Who calls: as long as it lives, it hears the answer. */
export interface Caller {
  readonly label: string;
  readonly alive: boolean;
  crash(): void;
}

export interface CallOptions {
  readonly what: string;
  readonly kind: 'read' | 'write';
  /** The caller's own patience, milliseconds; the API's when it is absent. */
  readonly timeout?: number;
}

/** What may befall one call, by weight. */
const faults = [
  'refused',
  'refused',
  'refused',
  'answer lost',
  'request lost',
  'late',
  'crash before',
  'crash after',
  'freeze',
] as const;
type Fault = (typeof faults)[number];

/**
 * One call. Between its sending and its being done, and between that and its answer, any other thing may happen; and each
 * of the faults may befall it: the request is refused, lost, or done long after the caller gave up; the answer is lost, or
 * heard long after it came; the caller crashes before the request, or before the answer.
 */
export class Call<T> {
  readonly #engine: Engine;
  readonly #caller: Caller;
  readonly #api: Api;
  readonly #name: string;
  readonly #options: CallOptions;
  readonly #fault: Fault | undefined;
  readonly #answer = Promise.withResolvers<T>();
  /** The caller has heard something, or has given up. */
  #over = false;
  #stopWaiting: () => void = () => {};

  constructor(engine: Engine, caller: Caller, api: Api, name: string, options: CallOptions) {
    this.#engine = engine;
    this.#caller = caller;
    this.#api = api;
    this.#name = name;
    this.#options = options;
    this.#fault = this.#drawFault();
  }

  make(run: () => T | Promise<T>): Promise<T> {
    const { time } = this.#engine;
    if (this.#fault === 'crash before') {
      time.after(0, () => this.#crash());
      return this.#answer.promise;
    }
    // Who is frozen gives nothing up either.
    if (this.#fault !== 'freeze')
      this.#stopWaiting = time.after(this.#timeout, () =>
        this.#hear(() => this.#answer.reject(this.#api.noAnswer())),
      );
    // What was sent arrives, whether or not the sender still lives.
    if (this.#fault !== 'request lost') time.after(this.#travel, () => this.#arrive(run));
    return this.#answer.promise;
  }

  get #timeout(): number {
    return this.#options.timeout ?? this.#api.timeout;
  }

  get #travel(): number {
    const { fates } = this.#engine;
    return this.#fault === 'late'
      ? this.#timeout + fates.between(`${this.#name} late`, 0, 60_000)
      : fates.within(`${this.#name} there`, this.#api.latency);
  }

  #arrive(run: () => T | Promise<T>): void {
    if (this.#fault === 'refused') {
      this.#refuse();
      return;
    }
    const { resolve, reject } = this.#answer;
    try {
      const result = run();
      if (!(result instanceof Promise)) this.#send(() => resolve(result));
      else
        result.then(
          (value) => this.#send(() => resolve(value)),
          (error: unknown) => this.#send(() => reject(error)),
        );
    } catch (error) {
      this.#send(() => reject(error));
    }
  }

  #refuse(): void {
    const { fates, story } = this.#engine;
    const { what, kind } = this.#options;
    const refusal = fates.one(`${this.#name} refusal`, this.#api.refusals[kind]);
    story.count(`fault: ${this.#api.name} ${refusal.name}`);
    story.tell('fault', `${this.#api.name} ${refusal.name}: ${this.#caller.label}: ${what}`);
    this.#send(() => this.#answer.reject(refusal.error()));
  }

  /** Sends the answer back. */
  #send(settle: () => void): void {
    const { time, fates } = this.#engine;
    if (this.#fault === 'answer lost') return;
    if (this.#fault === 'crash after') {
      time.after(0, () => this.#crash());
      return;
    }
    const delay =
      this.#fault === 'freeze'
        ? fates.between(`${this.#name} thaw`, 10_000, 100_000)
        : fates.within(`${this.#name} back`, this.#api.latency);
    time.after(delay, () => this.#hear(settle));
  }

  #hear(settle: () => void): void {
    if (this.#over || !this.#caller.alive) return;
    this.#over = true;
    this.#stopWaiting();
    settle();
  }

  #drawFault(): Fault | undefined {
    const { fates, faultPercent, story } = this.#engine;
    // Of thirty calls one writes, and it is the one that matters.
    const percent = this.#options.kind === 'write' ? 3 * faultPercent : faultPercent;
    if (!fates.strikes(`${this.#name}: fault`, percent)) return undefined;
    const fault = fates.one(`${this.#name} which`, faults);
    if (fault !== 'refused') story.count(`fault: ${fault}`);
    if (fault !== 'refused' && !fault.startsWith('crash')) story.tell('fault', `${fault}: ${this.#name}`);
    return fault;
  }

  #crash(): void {
    if (!this.#caller.alive) return;
    this.#engine.story.tell('fault', `${this.#fault} "${this.#options.what}": ${this.#caller.label}`);
    this.#caller.crash();
  }
}
