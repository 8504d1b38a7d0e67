import { requestTimeout } from './call-options.ts';

/** What a limit needs of its surroundings. */
export interface RateLimitOptions {
  /** Calls in any one second, at most; 1 or more. */
  readonly perSecond: number;
  /** Milliseconds of a clock that nobody sets: a step of the time of day would let a second's calls go twice. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A call may be sent; to be told when its answer has come, and never when none came: it may still arrive. */
export type Turn = () => void;

/** @param blocks the answer comes when something has happened elsewhere: `operations.wait` */
export type RateLimit = (blocks?: boolean) => Promise<Turn>;

const second = 1000;

/**
 * A request has arrived this long after its turn, ms: whoever waits for its answer has given up long before. One whose answer
 * takes minutes must not keep the others waiting for as long, so it is believed sooner.
 */
const arrivesWithin = { answered: 3 * requestTimeout, blocking: 2_000 };

/**
 * A turn for each call, in the order of asking. Any second, wherever it begins, sees `perSecond` calls at most, and
 * wherever they are counted on their way: as they leave, at the server, as they are answered. For a call passes each such
 * place between its turn and its answer, so it holds its place from its turn until a second after its answer. What a late
 * timer or a slow connection keeps back is thereby not let through on top of the next second's.
 * Source: Compute Engine, *Rate quotas*.
 */
export const createRateLimit = ({ perSecond, elapsed, sleep }: RateLimitOptions): RateLimit => {
  /** Calls that nothing was heard of, and when they will have arrived. */
  const onTheirWay = new Set<{ readonly arrivesBy: number }>();
  /** When the others were answered, rising, as far as it is less than a second ago. */
  const answered: number[] = [];
  const waiting: (() => void)[] = [];
  let pumping = false;

  const settle = (now: number): void => {
    for (const call of onTheirWay) {
      if (call.arrivesBy <= now && onTheirWay.delete(call)) answered.push(now);
    }
    const kept = answered.findIndex((at) => at + second > now);
    answered.splice(0, kept === -1 ? answered.length : kept);
  };
  const isFree = (): boolean => {
    settle(elapsed());
    return onTheirWay.size + answered.length < perSecond;
  };
  const take = (blocks: boolean): Turn => {
    const call = { arrivesBy: elapsed() + arrivesWithin[blocks ? 'blocking' : 'answered'] };
    onTheirWay.add(call);
    return () => {
      if (onTheirWay.delete(call)) answered.push(elapsed());
    };
  };
  /** Milliseconds until there is a free place. An answer that comes meanwhile frees none sooner than in a second. */
  const untilFree = (): number => {
    const now = elapsed();
    const [oldest = now] = answered;
    const arrivals = [...onTheirWay].map(({ arrivesBy }) => arrivesBy);
    return Math.max(1, Math.ceil(Math.min(oldest, ...arrivals, now) + second - now));
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
  return (blocks = false) =>
    new Promise<Turn>((resolve, reject) => {
      waiting.push(() => resolve(take(blocks)));
      pump().catch(reject);
    });
};
