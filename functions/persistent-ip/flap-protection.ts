import type { Candidate } from './choose-pod.ts';
import { type Holder, type HolderRecord, lastHolder } from './holder-record.ts';
import type { Route } from './objects.ts';

/**
 * How often the addresses of a route may go from one Pod to another: a Pod that turns Ready and not Ready again and
 * again does not drag them along at every turn. They stay where they are until the next move is possible.
 *
 * - at most so many moves a minute, by configuration; the last of them is kept for leaving a Pod that is not Ready
 * - reaction mode `Exists` is never delayed: there readiness moves nothing
 * - nor is a move from a Pod that is gone, ends, or is on a Node that is gone or not ready: it is no flapping that moves
 *   those
 * - nor is the return to the Pod that had the addresses last, which drags them nowhere
 *
 * A pure function of `now` and of the times in the holder record. Source: design/architecture.md, *Time*.
 */

/** Moves a minute that configuration may allow: with one, none would be left for a Pod that is not Ready. */
export const leastMovesPerMinute = 2;
/** All their times fit the holder record beside the longest names. */
export const mostMovesPerMinute = 12;
export const usualMovesPerMinute = 6;

const minute = 60_000;

/** What a decision about a move rests on. */
export interface Moving {
  readonly now: Date;
  readonly mode: Route['reactionMode'];
  readonly movesPerMinute: number;
  readonly record: HolderRecord | undefined;
  /** Every Pod that the route speaks of, on a Node that is there. */
  readonly candidates: readonly Candidate[];
  /** Whom the rules choose. */
  readonly chosen: Candidate | undefined;
}

/** Who holds the addresses now. */
export interface Holding {
  readonly chosen: Candidate | undefined;
  /** From when on they may go to another Pod, while flapping keeps them where they are. */
  readonly nextMove?: Date;
}

/** The Pod that the rules choose, or the one that keeps the addresses because they have moved too often. */
export const withoutFlapping = (moving: Moving): Holding => {
  const { record, chosen } = moving;
  const present = staying(moving);
  if (record === undefined || present === undefined) return { chosen };
  const holds = record.holder !== undefined;
  const nextMove = nextMoveOf(moving, record, holds && present.pod.ready);
  if (nextMove === undefined) return { chosen };
  const returns = chosen === undefined || chosen.pod.metadata.uid === present.pod.metadata.uid;
  if (!returns) return { chosen: holds ? present : undefined, nextMove };
  return chosen !== undefined && holds ? { chosen, nextMove } : { chosen };
};

/** The Pod that had the addresses last, if nothing but readiness can move them from it. */
const staying = ({ mode, record, candidates }: Moving): Candidate | undefined => {
  const last = record && lastHolder(record);
  if (mode === 'Exists' || last === undefined) return undefined;
  return candidates.find(
    ({ pod, node }) =>
      pod.metadata.uid === last.uid && pod.metadata.deletionTimestamp === undefined && node.ready === 'True',
  );
};

/** When the oldest of too many moves is a minute ago; `undefined`: there are not too many. */
const nextMoveOf = (
  { now, movesPerMinute }: Moving,
  { moves }: HolderRecord,
  leavesReady: boolean,
): Date | undefined => {
  const most = Math.max(1, leavesReady ? movesPerMinute - 1 : movesPerMinute);
  const oldest = recent(moves, now)[most - 1];
  return oldest === undefined ? undefined : new Date(oldest + minute);
};

const recent = (moves: readonly number[], now: Date): readonly number[] =>
  moves.filter((time) => time > now.getTime() - minute);

/** A time for people: the second in which it has come. */
export const secondOf = (time: Date): string =>
  `${new Date(Math.ceil(time.getTime() / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** The moves that a new record has: those of the last minute, and its own if it is one. */
export const movesAfter = (
  written: HolderRecord | undefined,
  holder: Holder | undefined,
  now: Date,
): readonly number[] => {
  const last = written && lastHolder(written);
  const moves = holder !== undefined && last !== undefined && holder.uid !== last.uid;
  return [...(moves ? [now.getTime()] : []), ...recent(written?.moves ?? [], now)].slice(
    0,
    mostMovesPerMinute,
  );
};
