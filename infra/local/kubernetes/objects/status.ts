import { aggregated, type Cause } from './cause.ts';
import type { JsonObject } from './object.ts';

/** metav1.Status of a failure, thrown from where a rule is broken and sent as it is. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  get body(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** What an answer says of the resource it is about. */
interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** `pods`, or `gateways.gateway.networking.k8s.io`: schema.GroupResource's own text. */
export const qualified = ({ group, plural }: Omit<Named, 'kind'>): string =>
  group === '' ? plural : `${plural}.${group}`;

const named = (resource: Named, name: string): JsonObject => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

/** apimachinery `pkg/api/errors/errors.go`, whose texts and codes these are. */
export const notFound = (resource: Named, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, named(resource, name));

export const alreadyExists = (resource: Named, name: string, leaving = false): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${leaving ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`,
    named(resource, name),
  );

export const conflict = (resource: Named, name: string, why: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    named(resource, name),
  );

/** What package strconv says of a text that should be a number. */
export const notANumber = (given: string): string => `parsing ${JSON.stringify(given)}: invalid syntax`;

/** The text of every optimistic-lock failure (registry/generic/registry/store.go). */
export const staleVersion =
  'the object has been modified; please apply your changes to the latest version and try again';

export const invalid = (resource: Named, name: string, causes: readonly Cause[]): StatusError => {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${aggregated(causes)}`, {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    ...(resource.kind === '' ? {} : { kind: resource.kind }),
    causes: causes.map((cause) => ({ ...cause })),
  });
};

export const forbidden = (resource: Named, name: string, why: string): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    `${qualified(resource)} ${name === '' ? '' : `"${name}" `}is forbidden: ${why}`,
    named(resource, name),
  );

export const badRequest = (why: string): StatusError => new StatusError(400, 'BadRequest', why);

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

/** What the router of the API server says where a resource has no such subresource. */
export const noSuchPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** 410: what was asked for is older than what is remembered. `Expired` is what list and watch answer. */
export const expired = (why: string): StatusError => new StatusError(410, 'Expired', why);

/** The real API server has it, this one does not; the answer says which it is. */
export const notServed = (what: string): StatusError =>
  new StatusError(501, 'NotImplemented', `${what} is not served by the local cloud`);
