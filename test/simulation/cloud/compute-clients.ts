import type { ComputeClients } from '../../../functions/google-cloud/compute-clients.ts';
import { HttpError, NoAnswer } from '../../../functions/google-cloud/http.ts';
import { ComputeError } from '../../../infra/local/compute/errors.ts';
import type { JsonObject } from '../../../infra/local/compute/types.ts';
import type { OperationFate } from '../../../infra/local/compute/world/operations.ts';
import type { Api, Refusal } from '../engine/call.ts';
import type { Calls } from '../engine/calls.ts';
import type { Engine } from '../engine/engine.ts';
import type { Asked, SimCompute } from './compute.ts';

const refusal = (status: number, reason: string): Refusal => ({
  name: `${status} ${reason}`,
  error: () => new HttpError(status, reason, `simulated ${status} ${reason}`),
});

const temporary = [
  refusal(401, 'authError'),
  refusal(403, 'rateLimitExceeded'),
  refusal(429, 'rateLimitExceeded'),
  refusal(500, 'backendError'),
  refusal(503, 'backendError'),
  refusal(404, ''),
];

export const computeApi: Api = {
  name: 'Compute',
  latency: [20, 250],
  timeout: 10_000,
  refusals: {
    read: [...temporary, refusal(403, 'forbidden')],
    write: [
      ...temporary,
      refusal(403, 'quotaExceeded'),
      refusal(409, 'operationInProgress'),
      refusal(412, 'conditionNotMet'),
      refusal(400, 'resourceNotReady'),
    ],
  },
  noAnswer: () => new NoAnswer('simulated: no answer'),
};

/** How an accepted operation fails: code and HTTP status, as it tells them. */
const failures = [
  ['INTERNAL_ERROR', 500],
  ['RESOURCE_NOT_READY', 400],
  ['QUOTA_EXCEEDED', 403],
  ['RESOURCE_OPERATION_RATE_EXCEEDED', 429],
] as const;

class OperationError extends ComputeError {
  readonly #code: string;

  constructor(code: string, status: number) {
    super(status, code, `simulated ${code}`);
    this.#code = code;
  }

  override get operationCode(): string {
    return this.#code;
  }
}

/** The services by the names that the functions' adapter has for Google's clients. */
const services = {
  addresses: 'Addresses',
  backendServices: 'RegionBackendServices',
  globalBackendServices: 'BackendServices',
  firewalls: 'Firewalls',
  forwardingRules: 'ForwardingRules',
  instances: 'Instances',
  negs: 'NetworkEndpointGroups',
  globalOperations: 'GlobalOperations',
  regionOperations: 'RegionOperations',
  zoneOperations: 'ZoneOperations',
} as const;

/**
 * Google's clients without their HTTP, for one caller: each request takes its time and meets its fate, and so do the
 * operations that it starts.
 */
export const simClients = (
  engine: Engine,
  compute: SimCompute,
  calls: Calls,
  principal: string,
): ComputeClients => {
  let accepted = 0;
  const fateOf = (what: string, label: string): OperationFate | undefined => {
    const { fates, story, time } = engine;
    accepted += 1;
    const name = `${label} operation ${accepted} ${what}`;
    if (fates.strikes(`${name}: fails`, 2 * engine.faultPercent)) {
      const [code, status] = fates.one(`${name} code`, failures);
      story.count(`fault: operation fails with ${code}`);
      story.tell('fault', `the operation fails with ${code}: ${what}`);
      return {
        error: new OperationError(code, status),
        hold: (end) => time.after(fates.between(name, 500, 5_000), end),
      };
    }
    const long = fates.strikes(`${name}: takes long`, 2 * engine.faultPercent);
    if (long) {
      story.count('fault: operation takes long');
      story.tell('fault', `the operation takes long: ${what}`);
    }
    const ms = fates.within(name, long ? ([20_000, 150_000] as const) : ([300, 4_000] as const));
    return { hold: (end) => time.after(ms, end) };
  };
  const request = (service: string, method: string) => {
    const name = method.charAt(0).toUpperCase() + method.slice(1);
    const isRead = /^(get|list|wait|aggregatedList)/.test(method);
    // The call's own clock is one that no story moves; `limit` is its time.
    return async (asked: Asked, { limit }: { readonly limit?: number } = {}): Promise<readonly unknown[]> => {
      const { name: named } = (Object.entries(asked).find(([key]) => key.endsWith('Resource'))?.[1] ??
        {}) as {
        name?: string;
      };
      const target = Object.entries(asked).flatMap(([key, value]) =>
        typeof value === 'string' && !['project', 'region', 'requestId', 'filter'].includes(key)
          ? [value]
          : [],
      );
      const what =
        method === 'wait'
          ? 'wait'
          : `${service} ${method} ${[...target, ...(named ? [named] : [])].join('/')}`;
      const body = await calls.make(
        computeApi,
        { what, kind: isRead ? 'read' : 'write', ...(limit !== undefined && { timeout: limit }) },
        () => {
          try {
            const fate = isRead ? undefined : fateOf(what, calls.label);
            return compute.request(principal, service, name, asked, fate);
          } catch (error) {
            if (error instanceof ComputeError) throw new HttpError(error.status, error.reason, error.message);
            throw error;
          }
        },
      );
      return [halfDone(engine, calls, method, shape(method, body))];
    };
  };
  const client = (service: string) => new Proxy({}, { get: (_, method) => request(service, String(method)) });
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, () => client(service)]),
  ) as unknown as ComputeClients;
};

/** What the client makes of an answer's body. */
const shape = (method: string, body: JsonObject): unknown => {
  if (method.startsWith('list')) return body.items ?? [];
  return body;
};

/** An operation that did its work and says that it failed: a person sees the error, a retry finds it done. */
const halfDone = (
  { fates, faultPercent, story }: Engine,
  calls: Calls,
  method: string,
  value: unknown,
): unknown => {
  if (method !== 'wait') return value;
  const { status, error } = value as { status?: string; error?: object };
  if (status !== 'DONE' || error !== undefined) return value;
  if (!fates.strikes(`${calls.label} wait ${calls.count} is half done`, 2 * faultPercent)) return value;
  story.count('fault: operation done but reported as failed');
  story.tell('fault', `an operation did its work and reports an error: ${calls.label}`);
  return {
    ...(value as object),
    error: { errors: [{ code: 'INTERNAL_ERROR', message: 'simulated: half done' }] },
    httpErrorStatusCode: 500,
  };
};
