import { Failure } from '../persistent-ip/failure.ts';
import { toFailure } from './failure-of.ts';
import type { RateLimit } from './rate-limit.ts';

/** Chance and rest, injected so that no test sleeps. */
export interface Pace {
  sleep(ms: number): Promise<void>;
  random(): number;
  /**
   * Resolves when the next request may be sent, with what is to be called when it was answered; absent: at once. Waited for
   * outside of the request's own time.
   */
  turn?: RateLimit;
}

const tries = 4;

/** Calls again after a transient failure, with backoff and full jitter; for calls that may safely be repeated. */
export const persist = async <T>(pace: Pace, call: () => Promise<T>, again = isTransient): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTurn(pace, call);
    } catch (error) {
      const failure = toFailure(error);
      if (attempt >= tries || !again(failure)) throw failure;
      await pace.sleep(Math.ceil(100 * 2 ** attempt * pace.random()));
    }
  }
};

const inTurn = async <T>(pace: Pace, call: () => Promise<T>): Promise<T> => {
  const answered = await pace.turn?.();
  try {
    const value = await call();
    answered?.();
    return value;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.status > 0) answered?.();
    throw failure;
  }
};

/** The same pace for calls whose answers come when something has happened. */
export const blocking = (pace: Pace): Pace => {
  const { turn } = pace;
  return turn === undefined ? pace : { ...pace, turn: () => turn(true) };
};

const isTransient = ({ kind }: Failure): boolean => kind === 'retry';

/** The value, or `undefined` where Google Cloud says 404. */
export const orAbsent = async <T>(value: Promise<T>): Promise<T | undefined> => {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return undefined;
    throw error;
  }
};
