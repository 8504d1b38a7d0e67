import type { Range } from './persistent-ip/history-range.ts';
import { type MovesFilter, type MovesReport, MovesTally } from './persistent-ip/moves.ts';
import type { AuditReads } from './persistent-ip/ports.ts';

/**
 * Changes of holder in a range, from the audit log: the newest pages of it, `mostPages` at most. Where there are more, the
 * report begins later and says so.
 */
export const readMoves = async (
  audit: AuditReads,
  filter: MovesFilter,
  range: Range,
  mostPages: number,
): Promise<MovesReport> => {
  const tally = new MovesTally(filter);
  const query = { about: { changes: filter }, since: range.from, until: range.to };
  let token: string | undefined;
  let oldest = range.to;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { entries, next } = await audit.page(query, token);
    tally.add(entries);
    oldest = entries.reduce((time, { timestamp }) => Math.min(time, Date.parse(timestamp)), oldest);
    if (next === undefined) return tally.report(range);
    token = next;
  }
  // Others of that very millisecond may stand on the next page.
  return tally.report(range, oldest + 1);
};
