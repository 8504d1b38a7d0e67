import { ApiException } from '@kubernetes/client-node';
import { Failure, type FailureKind } from '../persistent-ip/failure.ts';
import { object, text } from './read.ts';

/**
 * The closed reason of an API server's answer. *Absent* is only a 404 `Status` with reason `NotFound` that names the
 * object; a 404 without it (the CRD is not installed), 401, 403, 410, 429 and 5xx mean that nothing is known.
 * Source: design/concepts.md, *Conditions of a GKEIPRoute*.
 */
const kindOf = (status: number, reason: string, names: boolean): FailureKind => {
  if (status === 404) return reason === 'NotFound' && names ? 'not-found' : 'retry';
  if (status === 409) return reason === 'AlreadyExists' ? 'exists' : 'stale';
  return status === 400 || status === 413 || status === 415 || status === 422 ? 'user' : 'retry';
};

const bodyOf = (error: ApiException<unknown>) => {
  if (typeof error.body !== 'string') return object(error.body);
  try {
    return object(JSON.parse(error.body));
  } catch {
    return {};
  }
};

/** Any rejection of the client as a `Failure`. */
export const toFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof ApiException) {
    const body = bodyOf(error);
    const reason = text(body.reason);
    const names = text(object(body.details).name) !== '';
    const message = text(body.message, `HTTP ${error.code}`);
    return new Failure(
      kindOf(error.code, reason, names),
      reason || `HTTP ${error.code}`,
      error.code,
      message,
      {
        cause: error,
      },
    );
  }
  // Everything else comes from fetch: no connection, no answer in time.
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('retry', 'noAnswer', 0, message, { cause: error });
};

/** Runs a call; whatever it rejects with comes out as a `Failure`. */
export const call = async <T>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    throw toFailure(error);
  }
};

/** The same for reads of one object: `undefined` when it is absent. */
export const find = async <T>(run: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await run();
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'not-found') return undefined;
    throw failure;
  }
};
