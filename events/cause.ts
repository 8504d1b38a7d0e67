import type { MethodName } from './method-name.ts';
import type { Cause } from './reconcile-request.ts';

// A holder record lies in a description of at most 2048 characters, and a user's name may have any length.
const longest = 256;

/** What the requests that follow from an event say about it. */
export const causeOf = (event: {
  readonly insertId: string;
  readonly timestamp: string;
  readonly principal: string;
  readonly method: MethodName | { readonly full: string };
}): Cause => ({
  insertId: event.insertId.slice(0, longest),
  method: event.method.full.slice(0, longest),
  principal: event.principal.slice(0, longest),
  at: event.timestamp,
});
