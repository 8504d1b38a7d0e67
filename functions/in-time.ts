/**
 * What `ask` gets, if it comes in time. The clock is stopped when the answer is there: an `AbortSignal.timeout` keeps its
 * request and the answer alive until the time is over, of a busy instance thousands of them.
 * @param ms until the signal is aborted, with a `TimeoutError` as its reason
 */
export const inTime = async <T>(ms: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const clock = new AbortController();
  const timer = setTimeout(() => {
    clock.abort(new DOMException(`no answer within ${ms / 1000} s`, 'TimeoutError'));
  }, ms);
  try {
    return await ask(clock.signal);
  } finally {
    clearTimeout(timer);
  }
};
