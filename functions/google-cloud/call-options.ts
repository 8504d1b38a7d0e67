import type { CallOptions } from 'google-gax';

/** How long one request may take, milliseconds: longer than any healthy answer, a fraction of a delivery's budget. */
export const requestTimeout = 10_000;

/**
 * The client's own retries are off: left on, it sends a read or a publish again for up to ten minutes, with real
 * pauses, inside every try of ours (google-gax 6.17, tried).
 */
export const once = (timeout: number = requestTimeout): CallOptions => ({ timeout, retry: null });
