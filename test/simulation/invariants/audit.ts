import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { sameHolder } from '../../../functions/persistent-ip/holder-record.ts';
import type { Change } from './chronicle.ts';
import type { Invariant } from './invariant.ts';

/** "Cloud Logging drops a copy with equal `insertId` and `timestamp`." */
const distinct = (entries: readonly AuditEntry[]): readonly AuditEntry[] => [
  ...new Map(entries.map((entry) => [`${entry.insertId} ${entry.timestamp}`, entry])).values(),
];

const tells = (entry: AuditEntry, { record }: Change): boolean =>
  entry.timestamp === record.at &&
  sameHolder(entry.to, record.holder) &&
  sameHolder(entry.from, record.before) &&
  entry.cause?.insertId === record.cause.insertId;

const nameOf = ({ record }: Change): string =>
  `${record.before?.pod ?? 'nobody'} -> ${record.holder?.pod ?? 'nobody'} at ${record.at}`;

/**
 * design/concepts.md, invariant 6: *every change of holder is in the audit log exactly once after deduplication, with its
 * cause.* A change is what Google Cloud has had in a holder record. Where somebody else wrote to the backend service, a
 * record may have gone before anybody could tell of it.
 */
export const auditLog: Invariant = {
  number: 6,
  name: 'audit',
  atRest: ({ chronicle, audited }) => {
    const entries = distinct(audited).filter(({ action }) =>
      ['allocate', 'move', 'release'].includes(action),
    );
    for (const [uid, changes] of chronicle.changes) {
      const own = entries.filter(({ route }) => route.uid === uid);
      for (const change of changes) {
        const found = own.filter((entry) => tells(entry, change));
        if (found.length > 1) return `${found.length} entries tell of ${nameOf(change)}`;
        if (found.length === 0 && !chronicle.tampered.has(uid)) return `no entry tells of ${nameOf(change)}`;
      }
      const untold = own.find((entry) => !changes.some((change) => tells(entry, change)));
      if (untold !== undefined && !chronicle.tampered.has(uid))
        return `an entry tells of a change that never was: ${untold.action} to ${untold.to?.pod ?? 'nobody'} at ${untold.timestamp}`;
    }
    return undefined;
  },
};
