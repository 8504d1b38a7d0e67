import { conditional, problemOf, type Refused, refused } from './answer.ts';
import { dayMs, rangeOf, readLog, timeIn } from './asked-log.ts';
import { parseIp } from './persistent-ip/cidr.ts';
import type { Interval } from './persistent-ip/history.ts';
import type { Range } from './persistent-ip/history-range.ts';
import { strangeParameter } from './place-of.ts';
import type { ReadAnswer } from './read-handler.ts';
import { readHistory } from './read-history.ts';
import type { Wiring } from './wiring.ts';

/** How long the bucket `_Default` keeps entries. Source: Cloud Logging, *Quotas and limits*. */
const keptMs = 30 * dayMs;

/** An address's intervals in the range that was asked for. */
export interface AddressHistory {
  readonly range: Range;
  readonly intervals: readonly Interval[];
}

/**
 * Who held the address `at` a time (RFC 3339), or in a range (`from`, `to`; the last day without them), from the audit log
 * alone. Intervals are whole, *nobody* is one too, and each says whether it is certain. 30 days before the range are read,
 * because what began earlier is not in the log. What is read of the log has a bound: see read-history.ts.
 */
export const lookUpHistory = async (
  wiring: Wiring,
  address: string,
  query: URLSearchParams,
): Promise<AddressHistory | Refused> => {
  if (parseIp(address) === undefined) return refused(400, `"${address}" is no IPv4 address`);
  const range = readRange(query, wiring.runtime.now().getTime());
  if (typeof range === 'string') return refused(400, range);
  // Cloud Logging knows no time before 1970, and there was no log.
  const since = Math.max(0, range.from - keptMs);
  return await readLog(async () => ({
    range,
    intervals: await readHistory(wiring.history, address, range, since),
  }));
};

/** `GET /v1/addresses/IP/history`, as `lookUpHistory` has it. */
export const onHistory = async (
  wiring: Wiring,
  address: string,
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const found = await lookUpHistory(wiring, address, query);
  if ('refused' in found) return problemOf(found);
  const [from, to] = [found.range.from, found.range.to].map((time) => new Date(time).toISOString());
  return conditional(JSON.stringify({ address, from, to, intervals: found.intervals }), ifNoneMatch);
};

/** @returns a text, what is wrong with the query */
const readRange = (query: URLSearchParams, now: number): Range | string => {
  const known = ['at', 'from', 'to'];
  const strange = strangeParameter(query, known);
  if (strange !== undefined) return strange;
  const times = known.map((name) => timeIn(query, name));
  const wrong = times.find((time) => typeof time === 'string');
  if (typeof wrong === 'string') return wrong;
  const [at, from, to] = times as readonly (number | undefined)[];
  if (at !== undefined)
    return from === undefined && to === undefined ? { from: at, to: at } : 'give at, or from and to';
  return rangeOf(from, to, now);
};
