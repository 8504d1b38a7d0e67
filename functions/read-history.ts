import type { AuditEntry } from './persistent-ip/audit.ts';
import { Failure } from './persistent-ip/failure.ts';
import { historyOf, type Interval } from './persistent-ip/history.ts';
import { aboutAddress, covers, isChange } from './persistent-ip/history-entries.ts';
import { type Range, within } from './persistent-ip/history-range.ts';
import type { AuditReads } from './persistent-ip/ports.ts';
import { readPages } from './read-pages.ts';

/** A filter of Cloud Logging has at most 20,000 characters: so many uids fit with room to spare. */
const routesAQuery = 200;
/** Routes that can have had one address; more are no history that anybody reads. */
const mostRoutes = 10 * routesAQuery;
/** Pages of 1,000 entries that name an address, and again of what is said of its routes. Cloud Logging answers 60 a minute. */
const mostPages = 20;

/**
 * Who held an address in a range: first the routes that ever had it, then all that the log says of those, for an entry
 * without the address may be the one that ends its time. Of each page only what concerns the address is kept; where there are
 * more pages than are read, the history begins with the oldest that was, and says so.
 * @param since how far back the log is read, milliseconds since 1970: what began earlier is not certain
 */
export const readHistory = async (
  audit: AuditReads,
  ip: string,
  range: Range,
  since: number,
): Promise<readonly Interval[]> => {
  const times = { since, until: range.to };
  const uids = new Set<string>();
  const namedFrom = await readPages(audit, { about: { address: ip }, ...times }, mostPages, (entries) => {
    // The log finds parts of texts, too: 34.1.2.3 in 34.1.2.30.
    for (const entry of entries) if (isChange(entry) && covers(entry, ip)) uids.add(entry.route.uid);
  });
  if (uids.size > mostRoutes)
    throw new Failure(
      'user',
      'TooManyRoutes',
      0,
      `more than ${mostRoutes} routes have had ${ip} since ${new Date(since).toISOString()}: ask for a time when fewer had`,
    );
  const routes = [...uids];
  const queries = Math.ceil(routes.length / routesAQuery);
  const kept: AuditEntry[] = [];
  const cuts = [namedFrom];
  for (let at = 0; at < routes.length; at += routesAQuery) {
    const query = { about: { routes: routes.slice(at, at + routesAQuery) }, ...times };
    const readFrom = await readPages(audit, query, Math.ceil(mostPages / queries), (entries) => {
      kept.push(...entries.map((entry) => aboutAddress(entry, ip)));
    });
    cuts.push(readFrom);
  }
  const known = cuts.filter((cut) => cut !== undefined);
  return within(historyOf(kept, ip, known.length === 0 ? undefined : Math.max(...known)), range);
};
