import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Identities, Principal } from './identities.ts';

/** The statuses that the local APIs answer with, each with its HTTP code (google.rpc.Code). */
const httpCodes = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
} as const;

export type Status = keyof typeof httpCodes;

/** A refusal in the form every Google API uses. Source: google.rpc.Status, AIP-193. */
export class GoogleError extends Error {
  readonly status: Status;
  readonly details: readonly object[];

  constructor(status: Status, message: string, details: readonly object[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  get code(): number {
    return httpCodes[this.status];
  }
}

/** A 400 that says which field is wrong, in words and as `google.rpc.BadRequest`. */
export const badField = (field: string, description: string): GoogleError =>
  new GoogleError('INVALID_ARGUMENT', description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);

/** What the real service does and this one does not: a 501 that says it by name. */
export const unsupported = (what: string): GoogleError =>
  new GoogleError('UNIMPLEMENTED', `${what} is not offered by the local cloud`);

/** The principal of a request's bearer token. @throws GoogleError 401 */
export const authenticate = (identities: Identities, request: Request): Principal => {
  const principal = identities.principalOf(request.headers.authorization);
  if (principal !== undefined) return principal;
  throw new GoogleError(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  );
};

/** Lets requests with a known bearer token through; every other one is a 401. */
export const requireCaller =
  (identities: Identities): RequestHandler =>
  (request, _response, next) => {
    authenticate(identities, request);
    next();
  };

/** The last route of an API: names what is missing. */
export const refuseUnknownRoutes =
  (api: string): RequestHandler =>
  (request) => {
    throw unsupported(`${api}: ${request.method} ${request.path}`);
  };

/** Answers whatever a handler throws; a fault of our own is a 500 and says so. */
export const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const { code, message, status, details } = asApiError(error);
  response.status(code).json({ error: { code, message, status, ...(details.length > 0 && { details }) } });
};

const asApiError = (error: unknown): GoogleError => {
  if (error instanceof GoogleError) return error;
  // The types are body-parser's: a body that is no JSON, or one that is longer than the API's limit.
  const { type, message } = error as { readonly type?: string; readonly message?: string };
  if (type === 'entity.parse.failed')
    return new GoogleError('INVALID_ARGUMENT', `Invalid JSON payload received. ${message}`);
  if (type === 'entity.too.large')
    return new GoogleError('INVALID_ARGUMENT', 'Request payload size exceeds the limit');
  return new GoogleError('INTERNAL', `Internal error encountered: ${message ?? String(error)}`);
};
