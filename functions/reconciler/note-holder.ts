import { type AuditEntry, holderEntry, identityOfEntry, isStillTaken } from '../persistent-ip/audit.ts';
import type { HolderRecord } from '../persistent-ip/holder-record.ts';
import type { ClusterDependencies } from './dependencies.ts';

/**
 * Writes the entry of a record's change of holder, once in a delivery: another delivery may write the same one again, which
 * Cloud Logging takes for a copy. One that is older than the log goes back was written in its time: it comes again where a
 * route has lost its `GCPReady` long after, and a log that rejects it must not keep that route from moving.
 * @param inLog what this delivery has written
 * @param onWritten told of the entry once it is in the log
 */
export const noteHolder = async (
  { audit, cluster, runtime }: Pick<ClusterDependencies, 'audit' | 'cluster' | 'runtime'>,
  route: AuditEntry['route'],
  record: HolderRecord | undefined,
  inLog: Set<string>,
  onWritten: (entry: AuditEntry) => void = () => {},
): Promise<void> => {
  if (record === undefined) return;
  const entry = holderEntry(cluster.key, route, record);
  const identity = identityOfEntry(entry);
  if (inLog.has(identity)) return;
  if (!isStillTaken(entry, runtime.now())) {
    inLog.add(identity);
    runtime.log('INFO', 'a change of holder is too old for the audit log to be written there once more', {
      route: `${route.namespace}/${route.name}`,
      at: entry.timestamp,
    });
    return;
  }
  await audit.write([entry]);
  onWritten(entry);
  inLog.add(identity);
};
