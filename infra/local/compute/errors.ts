import type { Key } from './types.ts';

/** The `reason` of an error body, as the Compute API spells it. */
export type Reason =
  | 'invalid'
  | 'required'
  | 'parseError'
  | 'notFound'
  | 'alreadyExists'
  | 'conditionNotMet'
  | 'resourceInUseByAnotherResource'
  | 'resourceNotReady'
  | 'ipInUseByAnotherResource'
  | 'authError'
  | 'notImplemented'
  | 'backendError';

/** The code of a failed operation for each reason of a refused request. */
const operationCodes: Partial<Record<string, string>> = {
  invalid: 'INVALID_FIELD_VALUE',
  required: 'REQUIRED_FIELD_NOT_SPECIFIED',
  notFound: 'RESOURCE_NOT_FOUND',
  alreadyExists: 'RESOURCE_ALREADY_EXISTS',
};

const upperSnake = (reason: string): string => reason.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase();

/** A refusal of the Compute API: at once as an HTTP error, or later as the error of an operation. */
export class ComputeError extends Error {
  readonly status: number;
  readonly reason: string;
  /** Members that the body has besides code, message and errors (`status`, `details`). */
  readonly extra: object;
  /** Members that the entry of `errors` has besides message, domain and reason (`location`). */
  readonly entry: object;
  /** True if the real service accepts the request and lets its operation fail. */
  readonly inOperation: boolean;

  constructor(
    status: number,
    reason: Reason | (string & {}),
    message: string,
    more: { extra?: object; entry?: object; inOperation?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.extra = more.extra ?? {};
    this.entry = more.entry ?? {};
    this.inOperation = more.inOperation ?? false;
  }

  /** `error.errors[].code` of an operation that fails for this reason. */
  get operationCode(): string {
    return operationCodes[this.reason] ?? upperSnake(this.reason);
  }

  /** The body of the HTTP answer. */
  body(): object {
    const { message, status: code, reason } = this;
    const errors = [{ message, domain: 'global', reason, ...this.entry }];
    return { error: { code, message, errors, ...this.extra } };
  }
}

/** 400: the value of a field is not acceptable. `field` as in `resource.name`. */
export const invalid = (field: string, value: unknown, why: string): ComputeError => {
  const shown = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return new ComputeError(400, 'invalid', `Invalid value for field '${field}': '${shown}'. ${why}`);
};

/** 400: a field that must be given is not. */
export const required = (field: string): ComputeError =>
  new ComputeError(400, 'required', `Required field '${field}' not specified`);

/** 400 from the JSON layer in front of the service, with its `BadRequest` detail. */
export const invalidJson = (description: string, field: string): ComputeError =>
  new ComputeError(400, 'invalid', description, {
    extra: {
      status: 'INVALID_ARGUMENT',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
      ],
    },
  });

export const notFound = (key: Key | string): ComputeError =>
  new ComputeError(404, 'notFound', `The resource '${key}' was not found`);

export const alreadyExists = (key: Key): ComputeError =>
  new ComputeError(409, 'alreadyExists', `The resource '${key}' already exists`);

export const notReady = (key: Key): ComputeError =>
  new ComputeError(400, 'resourceNotReady', `The resource '${key}' is not ready`);

/** 400: another resource refers to it. `what` as the real text names kinds: `backend_service`. */
export const inUse = (what: string, key: Key, by: Key): ComputeError =>
  new ComputeError(
    400,
    'resourceInUseByAnotherResource',
    `The ${what} resource '${key}' is already being used by '${by}'`,
  );

/** 412: the fingerprint is not that of the resource as it is. */
export const staleFingerprint = (message = 'Invalid fingerprint.'): ComputeError =>
  new ComputeError(412, 'conditionNotMet', message, {
    entry: { location: 'If-Match', locationType: 'header' },
  });

/** 409 of an internal address, which the real service finds only in the operation (ingress-gce #2735). */
export const ipInUse = (ip: string): ComputeError =>
  new ComputeError(409, 'ipInUseByAnotherResource', `IP '${ip}' is already being used by another resource.`, {
    inOperation: true,
  });

/** 501: the real API has it, this one does not. Never an error of the real service. */
export const notImplemented = (what: string): ComputeError =>
  new ComputeError(501, 'notImplemented', `The local Compute API does not implement ${what}`);

export const unauthenticated = (message: string): ComputeError =>
  new ComputeError(401, 'authError', message, {
    extra: { status: 'UNAUTHENTICATED' },
    entry: { location: 'Authorization', locationType: 'header' },
  });
