import { Failure, type FailureKind } from '../persistent-ip/failure.ts';
import { HttpError, NoAnswer } from './http.ts';

/** An error as Google Cloud reports it, in an answer or in an operation. */
export interface GoogleError {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `quotaExceeded`, `RESOURCE_IN_USE_BY_ANOTHER_RESOURCE`. */
  readonly reason: string;
  readonly message: string;
}

/** Reasons in their two spellings: an answer's camel case, an operation's upper case. */
const byReason: ReadonlyMap<string, FailureKind> = new Map([
  ['resourceinusebyanotherresource', 'in-use'],
  ['resourcenotready', 'retry'],
  ['ratelimitexceeded', 'retry'],
  ['userratelimitexceeded', 'retry'],
  ['resourceoperationrateexceeded', 'retry'],
  ['ipinusebyanotherresource', 'address-in-use'],
  ['conditionnotmet', 'stale'],
  ['alreadyexists', 'exists'],
  ['resourcealreadyexists', 'exists'],
  ['quotaexceeded', 'user'],
]);

const normal = (reason: string): string => reason.replace(/[^a-z]/gi, '').toLowerCase();

/**
 * The closed reason of an error: by its own reason first, then by the HTTP status.
 * Source: design/google-cloud.md, error table.
 */
export const kindOf = ({ status, reason, message }: GoogleError): FailureKind => {
  const known = byReason.get(normal(reason));
  if (known !== undefined) return known;
  // The one error without a code of its own: it is `invalid` like every other bad field.
  if (status === 400 && message.includes('IP address is in-use')) return 'address-in-use';
  // A page of something in between (a proxy, a front end) has no reason: it says nothing about the resource.
  if (status === 404) return reason === '' ? 'retry' : 'not-found';
  if (status === 409) return 'exists';
  if (status === 412) return 'stale';
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500
    ? 'retry'
    : 'user';
};

export const failureOf = (error: GoogleError, cause: unknown): Failure =>
  new Failure(kindOf(error), error.reason || `HTTP ${error.status}`, error.status, error.message, { cause });

/** Any rejection of one of Google's clients as a `Failure`; what no call can reject with goes on as it is. */
export const toFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof HttpError) return failureOf(at, error);
    if (at instanceof NoAnswer)
      return failureOf({ status: 0, reason: 'noAnswer', message: at.message }, error);
  }
  // gRPC codes of the client itself: 4 is its own deadline, 14 a connection that broke before an answer.
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 4 || code === 14)
    return failureOf({ status: 0, reason: 'noAnswer', message: (error as Error).message }, error);
  throw error;
};
