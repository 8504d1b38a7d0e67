import { ComputeError, type Reason } from './errors.ts';
import type { OperationFate } from './world/operations.ts';

/** A failure that a test plans: it hits the next request that matches, or the next `times`. */
export interface Fault {
  /** The HTTP method; any, if absent. */
  readonly method?: string;
  /** Matched against the path below `/compute/v1/`; a string must be contained in it. */
  readonly path: string | RegExp;
  /** How many requests it hits; 1 by default. */
  readonly times?: number;
  /** What happens; see each member. */
  readonly effect: FaultAction;
}

export type FaultAction =
  /** The request is refused: nothing is done. */
  | {
      readonly refuse: {
        readonly status: number;
        readonly reason: Reason | (string & {});
        readonly message?: string;
      };
    }
  /** The request is accepted and its operation ends with this error: nothing is done. */
  | { readonly fail: { readonly code: string; readonly status: number; readonly message?: string } }
  /** The request is accepted and its operation stays RUNNING until `release`. */
  | { readonly hold: true }
  /** The connection breaks: before the request is read, or after it was done and before the answer. */
  | { readonly hangUp: 'before' | 'after' };

/** A planned fault, to look at and to take back. */
export interface PlannedFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Lets every operation that it holds end. */
  release(): void;
  /** It hits nothing any more. */
  cancel(): void;
}

class Planned implements PlannedFault {
  hits = 0;
  readonly fault: Fault;
  readonly #held: (() => void)[] = [];
  #left: number;

  constructor(fault: Fault) {
    this.fault = fault;
    this.#left = fault.times ?? 1;
  }

  strike(method: string, path: string): boolean {
    const { fault } = this;
    const hit =
      this.#left > 0 &&
      (fault.method ?? method) === method &&
      (typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path));
    if (hit) {
      this.#left -= 1;
      this.hits += 1;
    }
    return hit;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  hold(release: () => void): void {
    this.#held.push(release);
  }

  release(): void {
    for (const release of this.#held.splice(0)) release();
  }

  cancel(): void {
    this.#left = 0;
  }
}

/** An operation's error with a code of its own. */
class PlannedError extends ComputeError {
  readonly #code: string;
  constructor(code: string, status: number, message: string) {
    super(status, code, message);
    this.#code = code;
  }
  override get operationCode(): string {
    return this.#code;
  }
}

/** What the fault does to one request. */
export interface Strike {
  readonly refusal?: ComputeError;
  readonly fate?: OperationFate;
  readonly hangUp?: 'before' | 'after';
}

/** The planned faults of one cloud, in the order of their planning. */
export class Faults {
  #planned: Planned[] = [];

  plan(fault: Fault): PlannedFault {
    const planned = new Planned(fault);
    this.#planned.push(planned);
    return planned;
  }

  /** The first planned fault that this request meets. */
  strike(method: string, path: string): Strike {
    const planned = this.#planned.find((candidate) => candidate.strike(method, path));
    if (planned === undefined) return {};
    this.#planned = this.#planned.filter((candidate) => !candidate.isSpent);
    const { effect } = planned.fault;
    if ('refuse' in effect) {
      const { status, reason, message } = effect.refuse;
      return { refusal: new ComputeError(status, reason, message ?? `Planned fault: ${reason}`) };
    }
    if ('fail' in effect) {
      const { code, status, message } = effect.fail;
      return { fate: { error: new PlannedError(code, status, message ?? `Planned fault: ${code}`) } };
    }
    if ('hold' in effect) return { fate: { hold: (release) => planned.hold(release) } };
    return { hangUp: effect.hangUp };
  }
}
