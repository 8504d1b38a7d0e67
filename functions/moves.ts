import { conditional, problemOf, type Refused, refused } from './answer.ts';
import { dayMs, longestMs, rangeOf, readLog, timeIn } from './asked-log.ts';
import type { Range } from './persistent-ip/history-range.ts';
import type { MovesFilter, MovesReport } from './persistent-ip/moves.ts';
import { strangeParameter } from './place-of.ts';
import type { ReadAnswer } from './read-handler.ts';
import { readMoves } from './read-moves.ts';
import { sharedLook } from './shared-look.ts';
import type { Wiring } from './wiring.ts';

const units = { m: 60_000, h: 3_600_000, d: dayMs } as const;
/** Pages of the log, of 1,000 entries each, that one answer reads. */
const mostPages = 20;
/** How long what was read up to now is told again, milliseconds: Cloud Logging answers 60 reads a minute and project. */
const freshMs = 60_000;
/** The same for a log that could not be read. */
const refusedMs = 10_000;

interface Asked extends MovesFilter {
  /** Up to now, so long; milliseconds. */
  readonly since?: number;
  readonly range?: Range;
}

/**
 * How often holders changed and how long that took, by hour: `since` so long ago (`24h`, the default), or in a range (`from`,
 * `to`), of a `cluster`, of a `namespace`. What is asked up to now is read once a minute.
 */
export const lookUpMoves = async (wiring: Wiring, query: URLSearchParams): Promise<MovesReport | Refused> => {
  const asked = readQuery(query, wiring.runtime.now().getTime());
  if (typeof asked === 'string') return refused(400, asked);
  const { since, range, ...filter } = asked;
  if (range !== undefined) return await look(wiring, filter, range);
  return await movesSince(wiring, filter, since);
};

/** The same, of the time up to now. */
export const movesSince = (
  wiring: Wiring,
  filter: MovesFilter,
  since: number = dayMs,
): Promise<MovesReport | Refused> => {
  const now = wiring.runtime.now().getTime();
  return sharedLook(
    wiring.movesSeen,
    JSON.stringify([since, filter.cluster, filter.namespace]),
    now,
    () => look(wiring, filter, { from: now - since, to: now }),
    (found) => ('refused' in found ? refusedMs : freshMs),
  );
};

const look = (wiring: Wiring, filter: MovesFilter, range: Range): Promise<MovesReport | Refused> =>
  readLog(() => readMoves(wiring.history, filter, range, mostPages));

/** `GET /v1/moves`, as `lookUpMoves` has it. */
export const onMoves = async (
  wiring: Wiring,
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const found = await lookUpMoves(wiring, query);
  return 'refused' in found ? problemOf(found) : conditional(JSON.stringify(found), ifNoneMatch);
};

/** @returns a text, what is wrong with the query */
const readQuery = (query: URLSearchParams, now: number): Asked | string => {
  const strange = strangeParameter(query, ['since', 'from', 'to', 'cluster', 'namespace']);
  if (strange !== undefined) return strange;
  const [cluster, namespace] = [query.get('cluster'), query.get('namespace')];
  const filter = { ...(cluster === null ? {} : { cluster }), ...(namespace === null ? {} : { namespace }) };
  const [from, to] = [timeIn(query, 'from'), timeIn(query, 'to')];
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  const since = query.get('since');
  if (from === undefined && to === undefined) {
    const ms = durationOf(since ?? '24h');
    return typeof ms === 'string' ? ms : { ...filter, since: ms };
  }
  if (since !== null) return 'give since, or from and to';
  const range = rangeOf(from, to, now);
  return typeof range === 'string' ? range : { ...filter, range };
};

/** @returns a text, what is wrong with it */
const durationOf = (text: string): number | string => {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * units[unit as keyof typeof units];
  return ms >= units.m && ms <= longestMs
    ? ms
    : 'since is a number of minutes, hours or days, 31 days at most: 90m, 24h, 7d';
};
