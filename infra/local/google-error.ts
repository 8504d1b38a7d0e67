import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Identities, Principal } from './identities.ts';

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  501: 'UNIMPLEMENTED',
};

/** A refusal in the form of Google's JSON APIs. Source: google.rpc.Status, AIP-193. */
export class GoogleApiError extends Error {
  readonly code: number;
  readonly status: string;
  readonly details: readonly object[];

  /** @param more a status other than the code's usual one (two of them are a 400), and `google.rpc` details */
  constructor(
    code: number,
    message: string,
    more: { readonly status?: string; readonly details?: readonly object[] } = {},
  ) {
    super(message);
    this.code = code;
    this.status = more.status ?? statusNames[code] ?? 'INTERNAL';
    this.details = more.details ?? [];
  }
}

/** A 400 that says which field is wrong, in words and as `google.rpc.BadRequest`. */
export const badField = (field: string, description: string): GoogleApiError =>
  new GoogleApiError(400, description, {
    details: [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
    ],
  });

/** What the real service does and this one does not: a 501 that says it by name. */
export const unsupported = (what: string): GoogleApiError =>
  new GoogleApiError(501, `${what} is not offered by the local cloud`);

/** The principal of a request's bearer token. @throws GoogleApiError 401 */
export const authenticate = (identities: Identities, request: Request): Principal => {
  const principal = identities.principalOf(request.headers.authorization);
  if (principal !== undefined) return principal;
  throw new GoogleApiError(
    401,
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

const asApiError = (error: unknown): GoogleApiError => {
  if (error instanceof GoogleApiError) return error;
  // The types are body-parser's: a body that is no JSON, or one that is longer than the API's limit.
  const { type, message } = error as { readonly type?: string; readonly message?: string };
  if (type === 'entity.parse.failed')
    return new GoogleApiError(400, `Invalid JSON payload received. ${message}`);
  if (type === 'entity.too.large') return new GoogleApiError(400, 'Request payload size exceeds the limit');
  return new GoogleApiError(500, `Internal error encountered: ${message ?? String(error)}`);
};
