import { type Api, Call, type Caller, type CallOptions } from './call.ts';
import type { Engine } from './engine.ts';

/** The calls of one caller, each with a fate of its own. */
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
    this.#count += 1;
    const name = `${this.label} call ${this.#count} ${options.what}`;
    return new Call<T>(this.#engine, this.#caller, api, name, options).make(run);
  }
}
