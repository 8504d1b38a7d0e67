import type { AuditEntry } from './persistent-ip/audit.ts';
import { timeOf } from './persistent-ip/history-entries.ts';
import type { AuditQuery, AuditReads } from './persistent-ip/ports.ts';

/**
 * The newest pages of a query, each given to `take` and then let go.
 * @returns from when on everything was read, milliseconds since 1970; `undefined`: all of it was
 */
export const readPages = async (
  audit: AuditReads,
  query: AuditQuery,
  mostPages: number,
  take: (entries: readonly AuditEntry[]) => void,
): Promise<number | undefined> => {
  let token: string | undefined;
  let oldest = query.until;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { entries, next } = await audit.page(query, token);
    take(entries);
    oldest = entries.reduce((time, entry) => Math.min(time, timeOf(entry)), oldest);
    if (next === undefined) return undefined;
    token = next;
  }
  // Others of that very millisecond may stand on the next page.
  return oldest + 1;
};
