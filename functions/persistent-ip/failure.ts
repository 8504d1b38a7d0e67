/**
 * What a failed call means for us: the closed set that decides what happens next.
 *
 * - `not-found`: the named thing is absent (on delete that is success and no failure)
 * - `exists`: something of that name is there already: look whose it is
 * - `stale`: the fence (fingerprint or resourceVersion) is older than the object: observe again
 * - `address-in-use`: another resource uses the IP address
 * - `in-use`: another resource uses what is to be deleted: one of ours that is on its way out, or a person's
 * - `retry`: later it may work: rate limits, 5xx, network errors, a resource that is not ready
 * - `unfinished`: an operation still ran when the delivery's time was over
 * - `user`: only a person can mend it: quota, policy, permission, a wrong value
 */
export type FailureKind =
  | 'not-found'
  | 'exists'
  | 'stale'
  | 'address-in-use'
  | 'in-use'
  | 'retry'
  | 'unfinished'
  | 'user';

/** A provider's error as a closed reason; `cause` keeps the original for the log. Source: design/google-cloud.md. */
export class Failure extends Error {
  readonly kind: FailureKind;
  /** The provider's own reason (`quotaExceeded`, `NotFound`), for people. */
  readonly code: string;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;

  constructor(
    kind: FailureKind,
    code: string,
    status: number,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.status = status;
  }
}

/** A failure as log lines and answers have it. */
export const wordsOf = ({ code, message }: Pick<Failure, 'code' | 'message'>): string =>
  `${code}: ${message}`;
