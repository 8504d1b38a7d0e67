import type { Interval } from './history.ts';

/** Times to look at; both milliseconds since 1970. Equal: one moment. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The intervals that a range touches, whole; the one moment of a range without length lies in exactly one. */
export const within = (intervals: readonly Interval[], { from, to }: Range): readonly Interval[] =>
  intervals.filter((interval) => {
    const begins = interval.from === null ? Number.NEGATIVE_INFINITY : Date.parse(interval.from);
    const ends = interval.to === null ? Number.POSITIVE_INFINITY : Date.parse(interval.to);
    return from === to ? begins <= from && from < ends : begins < to && from < ends;
  });
