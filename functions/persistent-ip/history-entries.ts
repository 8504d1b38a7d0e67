import { type AuditEntry, identityOfEntry } from './audit.ts';
import { contains, parseCidr, parseIp } from './cidr.ts';

/** An entry that changes who holds addresses; the others say what a status says. */
export const isChange = ({ action }: AuditEntry): boolean =>
  action === 'allocate' || action === 'move' || action === 'release';

/** Which route an entry speaks of, in whatever cluster. */
export const routeOf = ({ cluster, route }: AuditEntry): string =>
  [cluster.project, cluster.location, cluster.name, route.uid].join('/');

/** Whether the entry's route had the address: a holder's entry names IPs, a status's the CIDRs of the spec. */
export const covers = ({ addresses }: AuditEntry, ip: string): boolean => {
  const wanted = parseIp(ip);
  return addresses.some((value) => {
    if (value === ip) return true;
    const block = value.includes('/') ? parseCidr(value) : 'not-a-cidr';
    return typeof block !== 'string' && wanted !== undefined && contains(block, wanted);
  });
};

/** Whether an entry says that Google Cloud had made what the spec wants: only then is a new address the route's. */
export const saysReady = ({ conditions }: AuditEntry): boolean =>
  conditions?.some(({ type, status }) => type === 'GCPReady' && status === 'True') ?? false;

/** An entry, as far as the history of one address asks it: without the messages, and of its addresses only that one. */
export const aboutAddress = (entry: AuditEntry, ip: string): AuditEntry => {
  const { conditions: _, ...rest } = entry;
  const ready = saysReady(entry)
    ? { conditions: [{ type: 'GCPReady', status: 'True', reason: '', message: '' }] }
    : {};
  return { ...rest, addresses: covers(entry, ip) ? [ip] : [], ...ready };
};

/**
 * Copies dropped (equal `insertId` and `timestamp`), oldest first. Of one millisecond what lets go comes before what
 * takes, because Google Cloud gives no address to two.
 * Source: design/architecture.md, *Audit log*.
 */
export const inOrder = (entries: readonly AuditEntry[]): readonly AuditEntry[] => {
  const once = new Map(entries.map((entry) => [identityOfEntry(entry), entry]));
  return [...once.values()].sort(
    (a, b) =>
      timeOf(a) - timeOf(b) ||
      Number(b.action === 'release') - Number(a.action === 'release') ||
      (a.insertId < b.insertId ? -1 : 1),
  );
};

/** Milliseconds since 1970. */
export const timeOf = ({ timestamp }: AuditEntry): number => Date.parse(timestamp);
