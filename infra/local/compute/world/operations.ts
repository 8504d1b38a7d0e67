import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { ComputeError } from '../errors.ts';
import { type Scope, urlOf } from '../resource-url.ts';
import { timestamp } from '../timestamp.ts';
import type { Key } from '../types.ts';

/** An operation as the API shows it. */
export type Operation = {
  readonly kind: 'compute#operation';
  readonly id: string;
  readonly name: string;
  readonly operationType: string;
  readonly targetLink: string;
  readonly targetId?: string;
  readonly status: 'PENDING' | 'RUNNING' | 'DONE';
  readonly progress: number;
  readonly insertTime: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly selfLink: string;
  readonly user: string;
  readonly zone?: string;
  readonly region?: string;
  readonly clientOperationId?: string;
  readonly error?: { readonly errors: readonly { readonly code: string; readonly message: string }[] };
  readonly httpErrorStatusCode?: number;
  readonly httpErrorMessage?: string;
};

/** What an accepted request wants done. */
export interface Work {
  readonly scope: Scope;
  readonly type: string;
  readonly target: Key;
  readonly targetId?: string;
  readonly user: string;
  readonly requestId?: string;
  /** Makes the change, when the operation ends. @throws ComputeError that becomes the operation's error */
  apply(): void;
  /** Called once after `apply`, or in its place when the operation fails, with the error. */
  settled(error?: ComputeError): void;
}

/** How an operation that was accepted is made to fail or to wait (a planned fault). */
export interface OperationFate {
  readonly error?: ComputeError;
  /** Called with the function that lets it end; without it, it ends after `operationMs`. */
  readonly hold?: (release: () => void) => void;
}

/** HTTP's own phrases, as `httpErrorMessage` has them. */
const phrases: Readonly<Record<number, string>> = {
  400: 'BAD REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT FOUND',
  409: 'CONFLICT',
  412: 'PRECONDITION FAILED',
  429: 'TOO MANY REQUESTS',
  500: 'INTERNAL SERVER ERROR',
  503: 'SERVICE UNAVAILABLE',
};

/** `wait` answers after two minutes at the latest (documentation of `zoneOperations.wait`). */
const waitMs = 120_000;
/** Finished operations beyond this number are forgotten, the oldest first. */
const kept = 10_000;

/** The operations of one cloud: each is RUNNING when it is returned and DONE a while later. */
export class Operations {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #nextId: () => string;
  readonly #byKey = new Map<string, Operation>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** @param ms how long an operation takes; 0 is the next turn of the event loop, without asking the clock */
  constructor(clock: Clock, ms: number, nextId: () => string) {
    this.#clock = clock;
    this.#ms = ms;
    this.#nextId = nextId;
  }

  start(work: Work, fate: OperationFate = {}): Operation {
    const now = timestamp(this.#clock.now());
    const name = `operation-${this.#clock.now().getTime()}-${randomBytes(10).toString('hex')}`;
    const key = `${work.scope}/operations/${name}`;
    const place = urlOf(work.scope);
    const operation: Operation = {
      kind: 'compute#operation',
      id: this.#nextId(),
      name,
      operationType: work.type,
      targetLink: urlOf(work.target),
      ...(work.targetId === undefined ? {} : { targetId: work.targetId }),
      status: 'RUNNING',
      progress: 0,
      insertTime: now,
      startTime: now,
      selfLink: urlOf(key),
      user: work.user,
      ...(work.scope.includes('/zones/') ? { zone: place } : {}),
      ...(work.scope.includes('/regions/') ? { region: place } : {}),
      ...(work.requestId === undefined ? {} : { clientOperationId: work.requestId }),
    };
    this.#byKey.set(key, operation);
    const end = () => this.#end(key, work, fate.error);
    if (fate.hold !== undefined) fate.hold(end);
    else if (this.#ms === 0) setImmediate(end);
    else this.#clock.after(this.#ms, end);
    return operation;
  }

  /** By name or numeric id. */
  get(scope: Scope, nameOrId: string): Operation | undefined {
    const named = this.#byKey.get(`${scope}/operations/${nameOrId}`);
    return named ?? this.list(scope).find((operation) => operation.id === nameOrId);
  }

  list(scope: Scope): Operation[] {
    const prefix = `${scope}/operations/`;
    return [...this.#byKey].filter(([key]) => key.startsWith(prefix)).map(([, operation]) => operation);
  }

  /** Resolves when it is DONE or two minutes have passed, with what it is then. */
  wait(scope: Scope, operation: Operation): Promise<Operation> {
    const key = `${scope}/operations/${operation.name}`;
    if (operation.status === 'DONE') return Promise.resolve(operation);
    return new Promise((resolve) => {
      const listeners = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, listeners);
      const answer = () => {
        cancel();
        listeners.delete(answer);
        resolve(this.#byKey.get(key) ?? operation);
      };
      const cancel = this.#clock.after(waitMs, answer);
      listeners.add(answer);
    });
  }

  #end(key: string, work: Work, planned: ComputeError | undefined): void {
    const operation = this.#byKey.get(key);
    if (operation === undefined || operation.status === 'DONE') return;
    let failure = planned;
    try {
      if (failure === undefined) work.apply();
    } catch (error) {
      failure = error instanceof ComputeError ? error : new ComputeError(500, 'internalError', String(error));
    }
    this.#byKey.set(key, {
      ...operation,
      status: 'DONE',
      progress: 100,
      endTime: timestamp(this.#clock.now()),
      ...(failure === undefined ? {} : failureOf(failure)),
    });
    this.#forget();
    work.settled(failure);
    for (const answer of [...(this.#waiting.get(key) ?? [])]) answer();
    this.#waiting.delete(key);
  }

  #forget(): void {
    if (this.#byKey.size <= kept) return;
    for (const [key, { status }] of this.#byKey) {
      if (status !== 'DONE') continue;
      this.#byKey.delete(key);
      return;
    }
  }
}

const failureOf = (failure: ComputeError) => ({
  error: { errors: [{ code: failure.operationCode, message: failure.message }] },
  httpErrorStatusCode: failure.status,
  httpErrorMessage: phrases[failure.status] ?? String(failure.status),
});
