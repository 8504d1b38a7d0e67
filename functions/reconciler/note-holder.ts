import { type AuditEntry, holderEntry, identityOfEntry } from '../persistent-ip/audit.ts';
import type { HolderRecord } from '../persistent-ip/holder-record.ts';
import type { ClusterDependencies } from './dependencies.ts';

/**
 * Writes the entry of a record's change of holder, once in a delivery: another delivery may write the same one again, which
 * Cloud Logging takes for a copy.
 * @param inLog what this delivery has written
 * @param onWritten told of the entry once it is in the log
 */
export const noteHolder = async (
  { audit, cluster }: Pick<ClusterDependencies, 'audit' | 'cluster'>,
  route: AuditEntry['route'],
  record: HolderRecord | undefined,
  inLog: Set<string>,
  onWritten: (entry: AuditEntry) => void = () => {},
): Promise<void> => {
  if (record === undefined) return;
  const entry = holderEntry(cluster.key, route, record);
  const identity = identityOfEntry(entry);
  if (inLog.has(identity)) return;
  await audit.write([entry]);
  onWritten(entry);
  inLog.add(identity);
};
