/**
 * Why something that came in is not acted on.
 *
 * - `malformed`: it has not the form its sender documents. A retry cannot mend it: acknowledge, count, log its id.
 * - `untrusted`: well formed, but about a cluster or a project that is not configured. A log entry is data that
 *   anybody with log-writing rights can forge, so it selects work only among what is configured.
 *
 * `problem` is one of our own sentences: never an exception's text, never a piece of the input.
 * Source: design/events.md.
 */
export interface Refusal {
  readonly kind: 'malformed' | 'untrusted';
  /** A path within what was read, as in `protoPayload.resourceName`. */
  readonly field: string;
  /** Completes the sentence that the field begins: `is not base64`. */
  readonly problem: string;
}

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** What every parser of `events/` answers; none of them throws. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const malformed = (field: string, problem: string): Refused => ({
  ok: false,
  refusal: { kind: 'malformed', field, problem },
});
