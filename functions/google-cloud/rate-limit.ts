import { requestTimeout } from './call-options.ts';

/** What a limit needs of its surroundings. */
export interface RateLimitOptions {
  /** Calls in any one second, at most; 1 or more. */
  readonly perSecond: number;
  /** Milliseconds of a clock that nobody sets: a step of the time of day would let a second's calls go twice. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A call may be sent; to be told when its answer has come. */
export type Turn = () => void;

const second = 1000;

/**
 * A request has arrived this long after its turn, ms, though its answer may take minutes more (`operations.wait` blocks):
 * every other request has been given up by then.
 */
const arrivesWithin = requestTimeout;

/**
 * A turn for each call, in the order of asking. Any second, wherever it begins, sees `perSecond` calls at most, and
 * wherever they are counted on their way: as they leave, at the server, as they are answered. For a call passes each such
 * place between its turn and its answer, so it holds its place from its turn until a second after its answer. What a late
 * timer or a slow connection keeps back is thereby not let through on top of the next second's.
 * Source: Compute Engine, *Rate quotas*.
 */
export const createRateLimit = ({ perSecond, elapsed, sleep }: RateLimitOptions): (() => Promise<Turn>) => {
  /** Calls on their way, by their turn; in its order. */
  const onTheirWay = new Set<{ readonly since: number }>();
  /** When the others were answered, rising, as far as it is less than a second ago. */
  const answered: number[] = [];
  const waiting: (() => void)[] = [];
  let pumping = false;

  const settle = (now: number): void => {
    for (const call of onTheirWay) {
      if (call.since + arrivesWithin > now) break;
      onTheirWay.delete(call);
      answered.push(now);
    }
    const kept = answered.findIndex((at) => at + second > now);
    answered.splice(0, kept === -1 ? answered.length : kept);
  };
  const isFree = (): boolean => {
    settle(elapsed());
    return onTheirWay.size + answered.length < perSecond;
  };
  const take = (): Turn => {
    const call = { since: elapsed() };
    onTheirWay.add(call);
    return () => {
      if (onTheirWay.delete(call)) answered.push(elapsed());
    };
  };
  /** Milliseconds until there is a free place. An answer that comes meanwhile frees none sooner than in a second. */
  const untilFree = (): number => {
    const now = elapsed();
    const [oldest] = onTheirWay;
    const times = [answered[0], oldest && oldest.since + arrivesWithin, now].map((at = now) => at + second);
    return Math.max(1, Math.ceil(Math.min(...times) - now));
  };
  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    try {
      while (waiting.length > 0) {
        while (isFree() && waiting.length > 0) waiting.shift()?.();
        if (waiting.length > 0) await sleep(untilFree());
      }
    } finally {
      pumping = false;
    }
  };
  return () =>
    new Promise<Turn>((resolve, reject) => {
      waiting.push(() => resolve(take()));
      pump().catch(reject);
    });
};
