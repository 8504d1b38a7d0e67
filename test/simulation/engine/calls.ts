import type { Fates } from './fates.ts';
import type { Story } from './story.ts';
import type { SimTime } from './time.ts';

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

/** What the simulation is made of. */
export interface Engine {
  readonly time: SimTime;
  readonly fates: Fates;
  readonly story: Story;
  /** Of 100 calls, how many meet a fault. */
  readonly faultPercent: number;
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

export interface CallOptions {
  readonly what: string;
  readonly kind: 'read' | 'write';
  /** The caller's own patience, milliseconds; the API's when it is absent. */
  readonly timeout?: number;
}

/**
 * The calls of one caller. Between its sending and its being done, and between that and its answer, any other thing may
 * happen; and each of the faults may befall it: the request is refused, lost, or done long after the caller gave up; the
 * answer is lost, or heard long after it came; the caller crashes before the request, or before the answer.
 */
export class Calls {
  readonly #engine: Engine;
  readonly #caller: Caller;
  #count = 0;

  constructor(engine: Engine, caller: Caller) {
    this.#engine = engine;
    this.#caller = caller;
  }

  get label(): string {
    return this.#caller.label;
  }

  /** Calls so far. */
  get count(): number {
    return this.#count;
  }

  make<T>(api: Api, options: CallOptions, run: () => T | Promise<T>): Promise<T> {
    const { time, story } = this.#engine;
    this.#count += 1;
    const name = `${this.#caller.label} call ${this.#count} ${options.what}`;
    const fault = this.#faultOf(name, options.kind);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (fault === 'crash before') {
      time.after(0, () => this.#crash(options, fault));
      return promise;
    }
    const latency = (way: string) => this.#engine.fates.within(`${name} ${way}`, api.latency);
    const timeout = options.timeout ?? api.timeout;
    let over = false;
    const heard = (delay: number, settle: () => void): void => {
      time.after(delay, () => {
        if (over || !this.#caller.alive) return;
        over = true;
        giveUp();
        settle();
      });
    };
    const giveUp = time.after(timeout, () => {
      if (over || !this.#caller.alive) return;
      over = true;
      reject(api.noAnswer());
    });
    if (fault === 'request lost') return promise;
    const answered = (settle: () => void): void => {
      if (fault === 'answer lost') return;
      if (fault === 'crash after') {
        time.after(0, () => this.#crash(options, fault));
        return;
      }
      heard(latency('back'), settle);
    };
    if (fault === 'freeze') giveUp();
    const settleLate = (settle: () => void): void => {
      heard(this.#engine.fates.between(`${name} thaw`, 10_000, 100_000), settle);
    };
    const end = fault === 'freeze' ? settleLate : answered;
    const arrive = (): void => {
      if (fault === 'refused') {
        const refusal = this.#engine.fates.one(`${name} refusal`, api.refusals[options.kind]);
        story.count(`fault: ${api.name} ${refusal.name}`);
        story.tell('fault', `${api.name} ${refusal.name}: ${this.#caller.label}: ${options.what}`);
        end(() => reject(refusal.error()));
        return;
      }
      try {
        const result = run();
        if (!(result instanceof Promise)) end(() => resolve(result));
        else
          result.then(
            (value) => end(() => resolve(value)),
            (error: unknown) => end(() => reject(error)),
          );
      } catch (error) {
        end(() => reject(error));
      }
    };
    const travel =
      fault === 'late' ? timeout + this.#engine.fates.between(`${name} late`, 0, 60_000) : latency('there');
    // What was sent arrives, whether or not the sender still lives.
    time.after(travel, arrive);
    return promise;
  }

  #faultOf(name: string, kind: CallOptions['kind']): Fault | undefined {
    const { fates, faultPercent, story } = this.#engine;
    // Of thirty calls one writes, and it is the one that matters.
    if (!fates.strikes(`${name}: fault`, kind === 'write' ? 3 * faultPercent : faultPercent))
      return undefined;
    const fault = fates.one(`${name} which`, faults);
    if (fault !== 'refused') story.count(`fault: ${fault}`);
    if (fault !== 'refused' && !fault.startsWith('crash')) story.tell('fault', `${fault}: ${name}`);
    return fault;
  }

  #crash({ what }: CallOptions, fault: string): void {
    if (!this.#caller.alive) return;
    this.#engine.story.tell('fault', `${fault} "${what}": ${this.#caller.label}`);
    this.#caller.crash();
  }
}
