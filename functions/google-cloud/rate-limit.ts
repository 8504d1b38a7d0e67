/** What a limit needs of its surroundings. */
export interface RateLimitOptions {
  /** Calls in any one second, at most; 2 or more. */
  readonly perSecond: number;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * A turn for each call, in the order of asking: half of a second's calls may go at once, so that one observation's reads are
 * not held up, and the other half is spread over the second. Any second sees `perSecond` at most.
 * Source: Compute Engine, *Rate quotas*; the token bucket as a theoretical arrival time (GCRA).
 */
export const createRateLimit = ({ perSecond, now, sleep }: RateLimitOptions): (() => Promise<void>) => {
  const burst = Math.floor(perSecond / 2);
  const interval = 1000 / (perSecond - burst);
  const tolerance = (burst - 1) * interval;
  /** When the calls so far would have been over at the steady rate, ms. */
  let owed = 0;
  let seen = 0;
  return async () => {
    const at = now().getTime();
    // A clock that is set back takes what is owed with it, or every call would wait until it has caught up.
    if (at < seen) owed -= seen - at;
    seen = at;
    const start = Math.max(owed, at);
    owed = start + interval;
    const wait = Math.ceil(start - tolerance - at);
    if (wait > 0) await sleep(wait);
  };
};
