import type { LocalCloud } from '../../infra/local/cloud.ts';
import { computeMethod } from './meter.ts';

const minute = 60_000;

/** A list, as Compute counts them: also a group's endpoints, whose method is POST. */
const lists = [
  { method: 'GET', path: /\/(?:zones|regions)\/[^/]+\/[A-Za-z]+$/ },
  { path: /\/listNetworkEndpoints$/ },
];

const refuse = {
  status: 403,
  reason: 'rateLimitExceeded',
  message: "Quota exceeded for quota metric 'List requests' and limit 'List requests per minute per region'",
};

/**
 * Compute's own limit: so many lists of the functions in each minute of the clock, and what comes beyond is refused until the
 * next one begins. The onlooker's lists are not counted, and refused as well.
 * Source: Compute Engine, *Rate quotas*: enforced by the minute, refilled at its start.
 * @returns a function that takes the quota back
 */
export const limitLists = (cloud: LocalCloud, aMinute: number): (() => void) => {
  let present = Number.NaN;
  let left = aMinute;
  let refill: (() => void) | undefined;
  const exhaust = (): void => {
    const planned = lists.map((fault) =>
      cloud.compute.inject({ ...fault, times: Number.POSITIVE_INFINITY, effect: { refuse } }),
    );
    const timer = setTimeout(() => refill?.(), minute - (Date.now() % minute));
    refill = () => {
      clearTimeout(timer);
      for (const fault of planned) fault.cancel();
      refill = undefined;
    };
  };
  const stop = cloud.compute.onCall(({ method, path, principal }) => {
    if (principal !== cloud.serviceAccount || refill !== undefined) return;
    if (!/\.list(?:NetworkEndpoints)?$/.test(computeMethod(method, path))) return;
    const now = Math.floor(Date.now() / minute);
    left = now === present ? left - 1 : aMinute - 1;
    present = now;
    if (left <= 0) exhaust();
  });
  return () => {
    stop();
    refill?.();
  };
};
