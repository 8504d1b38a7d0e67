import type { AuditEntry } from './persistent-ip/audit.ts';
import { historyOf, type Interval } from './persistent-ip/history.ts';
import { covers, isChange } from './persistent-ip/history-entries.ts';
import { type Range, within } from './persistent-ip/history-range.ts';
import type { AuditQuery, AuditReads } from './persistent-ip/ports.ts';

/** A filter of Cloud Logging has at most 20,000 characters: so many uids fit with room to spare. */
const routesAQuery = 200;

/**
 * Who held an address in a range: first the routes that ever had it, then all that the log says of those, for an entry
 * without the address may be the one that ends its time.
 * @param since how far back the log is read, milliseconds since 1970: what began earlier is not certain
 */
export const readHistory = async (
  audit: AuditReads,
  ip: string,
  range: Range,
  since: number,
): Promise<readonly Interval[]> => {
  const times = { since, until: range.to };
  const naming = await readAll(audit, { about: { address: ip }, ...times });
  // The log finds parts of texts, too: 34.1.2.3 in 34.1.2.30.
  const holding = naming.filter((entry) => isChange(entry) && covers(entry, ip));
  const routes = [...new Set(holding.map(({ route }) => route.uid))];
  const entries: AuditEntry[] = [];
  for (let at = 0; at < routes.length; at += routesAQuery) {
    const about = { routes: routes.slice(at, at + routesAQuery) };
    entries.push(...(await readAll(audit, { about, ...times })));
  }
  return within(historyOf(entries, ip), range);
};

const readAll = async (audit: AuditReads, query: AuditQuery): Promise<readonly AuditEntry[]> => {
  const all: AuditEntry[] = [];
  let token: string | undefined;
  do {
    const { entries, next } = await audit.page(query, token);
    all.push(...entries);
    token = next;
  } while (token !== undefined);
  return all;
};
