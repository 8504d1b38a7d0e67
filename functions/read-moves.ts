import type { Range } from './persistent-ip/history-range.ts';
import { type MovesFilter, type MovesReport, MovesTally } from './persistent-ip/moves.ts';
import type { AuditReads } from './persistent-ip/ports.ts';
import { readPages } from './read-pages.ts';

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
  const readFrom = await readPages(audit, query, mostPages, (entries) => tally.add(entries));
  return tally.report(range, readFrom);
};
