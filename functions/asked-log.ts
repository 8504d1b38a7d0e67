import { timeOf } from '../events/timestamp.ts';
import { type Refused, refused } from './answer.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import type { Range } from './persistent-ip/history-range.ts';

/** What questions to the audit log have in common: their times, and that it may not answer. */

export const dayMs = 24 * 60 * 60_000;
/** The longest range of one answer. */
export const longestMs = 31 * dayMs;

/** A parameter that is RFC 3339 with its offset, in milliseconds since 1970. @returns a text, what is wrong with it */
export const timeIn = (query: URLSearchParams, name: string): number | string | undefined => {
  const text = query.get(name);
  return text === null
    ? undefined
    : (timeOf(text.toUpperCase()) ?? `${name} is a time as 2026-11-25T14:05:00Z`);
};

/** A range up to now, and of a day, where its ends are not said. @returns a text, what is wrong with it */
export const rangeOf = (from: number | undefined, to: number | undefined, now: number): Range | string => {
  const end = to ?? now;
  const range = { from: from ?? end - dayMs, to: end };
  if (range.from >= range.to) return 'from is before to';
  return range.to - range.from > longestMs ? 'a range has 31 days at most' : range;
};

/** What is read of the log, or why it cannot be. */
export const readLog = async <T>(read: () => Promise<T>): Promise<T | Refused> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refused(503, `the audit log cannot be read: ${wordsOf(error)}`);
  }
};
