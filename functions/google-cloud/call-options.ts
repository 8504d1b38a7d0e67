import type { CallOptions } from 'google-gax';
import { inTime } from '../in-time.ts';
import { NoAnswer } from './http.ts';

/** How long one request may take, milliseconds: longer than any healthy answer, a fraction of a delivery's budget. */
export const requestTimeout = 10_000;

interface OnceOptions extends CallOptions {
  /** The signal's own time, milliseconds: for a client on another clock, the simulation's. Google's clients ignore it. */
  readonly limit: number;
}

/** gRPC's code for a call whose caller has given it up. */
const cancelled = 1;

/**
 * One request of a Google client, and no more than one. Two things of the client's own are off (google-gax 6.17, tried):
 * its retries send a read or a publish again for up to ten minutes, with real pauses, inside every try of ours; its time limit
 * is an `AbortSignal.timeout`, which keeps each answer in memory until the time is over. A limit that never ends makes none.
 * @param send the client's method, with these options
 * @param timeout milliseconds
 * @throws NoAnswer when the time is over
 */
export const sendOnce = <T>(
  send: (options: OnceOptions) => Promise<T>,
  timeout: number = requestTimeout,
): Promise<T> =>
  inTime(timeout, async (signal) => {
    try {
      return await send({ timeout: Number.POSITIVE_INFINITY, retry: null, signal, limit: timeout });
    } catch (error) {
      // An answer that came at the last moment counts.
      if (signal.aborted && error instanceof Error && 'code' in error && error.code === cancelled)
        throw new NoAnswer(signal.reason);
      throw error;
    }
  });
