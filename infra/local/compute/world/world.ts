import type { Clock } from '../../clock.ts';
import { auditStatus, type ComputeAudit, newInsertId } from '../audit.ts';
import { type ComputeError, invalid, notFound, notReady, required } from '../errors.ts';
import type { Method } from '../http/descriptors.ts';
import { parseReference, placeOf, type Scope, scopeOf } from '../resource-url.ts';
import { Endpoints } from '../resources/endpoints.ts';
import { IpPool } from '../resources/ip-pool.ts';
import type { Collection, Collections, InstanceStatus, JsonObject, Key } from '../types.ts';
import { type Hold, Locks } from './locks.ts';
import { type Operation, type OperationFate, Operations } from './operations.ts';
import { Store } from './store.ts';

/** One authenticated, checked request. */
export interface Call {
  readonly method: Method;
  /** The path's parameters: `project`, `region`, `backendService`... */
  readonly params: Readonly<Record<string, string>>;
  readonly scope: Scope;
  /** The last parameter, when it names a resource. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly principal: string;
  readonly fate?: OperationFate;
}

/** An instance came to run, stops, has stopped or is gone. */
export interface InstanceEvent {
  readonly name: string;
  readonly zone: string;
  readonly status: InstanceStatus | 'DELETED';
}

/** The change that an accepted request makes. */
export interface Change {
  readonly target: Key;
  readonly targetId?: string;
  readonly hold: Hold;
  /** The name of the operation's type, if it is not the method's. */
  readonly type?: string;
  apply(): void;
  settled?(error?: ComputeError): void;
}

/** How many request ids are remembered; the real service keeps them for a time that it does not say. */
const keptRequestIds = 10_000;

/** The state of one local Compute Engine and what may happen in it. */
export class World {
  readonly store = new Store();
  readonly locks = new Locks();
  readonly endpoints = new Endpoints();
  readonly pool = new IpPool();
  readonly operations: Operations;
  readonly project: string;
  readonly region: string;
  readonly clock: Clock;
  readonly onAudit = new Set<(entry: ComputeAudit) => void>();
  readonly onInstance = new Set<(event: InstanceEvent) => void>();
  readonly #requestIds = new Map<string, { readonly scope: Scope; readonly name: string }>();

  constructor(options: { project: string; region: string; clock: Clock; operationMs: number }) {
    this.project = options.project;
    this.region = options.region;
    this.clock = options.clock;
    this.operations = new Operations(options.clock, options.operationMs, () => this.store.nextId());
  }

  /**
   * Accepts a request: takes hold of its target, starts the operation, and tells the audit log now and at
   * the end.
   * @throws ComputeError 400 `resourceNotReady` when another operation has the target
   */
  accept(call: Call, change: Change): Operation {
    const release = this.locks.take(change.target, change.hold);
    const { requestId } = call.query;
    const request = { '@type': `type.googleapis.com/${call.method.id}`, ...call.body };
    const operation = this.operations.start(
      {
        scope: scopeOf(change.target),
        type: change.type ?? operationType(call.method),
        target: change.target,
        user: call.principal,
        ...(change.targetId === undefined ? {} : { targetId: change.targetId }),
        ...(requestId === undefined ? {} : { requestId }),
        apply: () => change.apply(),
        settled: (error) => {
          release();
          change.settled?.(error);
          const last = { id: operation.name, last: true } as const;
          this.#audit(call, change.target, {
            operation: last,
            status: auditStatus(error),
            request: { '@type': request['@type'] },
          });
        },
      },
      call.fate,
    );
    if (requestId !== undefined) this.#remember(call, operation);
    this.#audit(call, change.target, {
      operation: { id: operation.name, first: true },
      status: { code: 0 },
      request,
      response: { '@type': 'type.googleapis.com/operation', ...operation },
    });
    return operation;
  }

  /** The operation that this request's id has started already: the request does nothing again. */
  repeated(call: Call): Operation | undefined {
    const known = this.#requestIds.get(requestKey(call));
    return known && this.operations.get(known.scope, known.name);
  }

  /**
   * The resource that a field refers to.
   * @param value as the body has it: a full or partial URL, never a bare name
   * @throws ComputeError 400 `required`, 400 `invalid` (malformed), 404, or 400 `resourceNotReady` while it
   *   is being made or deleted
   */
  refer<C extends Collection>(
    collection: C,
    value: string | undefined,
    field: string,
    project: string,
  ): { readonly key: Key; readonly resource: Collections[C] } {
    if (value === undefined || value === '') throw required(field);
    const key = parseReference(value, collection, project);
    if (key === undefined) throw invalid(field, value, 'The URL is malformed.');
    return { key, resource: this.find(collection, key) };
  }

  /** @throws ComputeError 404, or 400 `resourceNotReady` while it is being made or deleted */
  find<C extends Collection>(collection: C, key: Key): Collections[C] {
    const hold = this.locks.of(key);
    if (hold === 'insert' || hold === 'delete') throw notReady(key);
    const resource = this.store.get(collection, key);
    if (resource === undefined) throw notFound(key);
    return resource;
  }

  /** Tells the listeners what an instance's state is now. */
  instanceIs(key: Key, status: InstanceEvent['status']): void {
    const event = { name: key.slice(key.lastIndexOf('/') + 1), zone: placeOf(key), status };
    for (const listener of this.onInstance) listener(event);
  }

  #remember(call: Call, operation: Operation): void {
    this.#requestIds.set(requestKey(call), { scope: call.scope, name: operation.name });
    if (this.#requestIds.size <= keptRequestIds) return;
    for (const oldest of this.#requestIds.keys()) {
      this.#requestIds.delete(oldest);
      break;
    }
  }

  #audit(
    call: Call,
    resourceName: Key,
    entry: Pick<ComputeAudit, 'operation' | 'status' | 'request' | 'response'>,
  ): void {
    const full: ComputeAudit = {
      methodName: `v1.${call.method.id}`,
      resourceName,
      principal: call.principal,
      at: this.clock.now(),
      project: call.params.project ?? this.project,
      insertId: newInsertId(),
      ...entry,
    };
    for (const listener of this.onAudit) listener(full);
  }
}

/** The same request: method, path and id. Its body is not compared: *will ignore the request* (proto). */
const requestKey = ({ method, params, query }: Call): string =>
  `${method.id} ${Object.values(params).join('/')} ${query.requestId ?? ''}`;

const operationType = (method: Method): string => method.name.charAt(0).toLowerCase() + method.name.slice(1);
