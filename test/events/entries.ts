import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type ClusterEvent, readClusterEvent } from '../../events/log-entry.ts';
import type { ClusterKey } from '../../events/reconcile-request.ts';

export const cluster: ClusterKey = { project: 'proj', location: 'us-central1', name: 'prod' };
export const ownPrincipal = 'persistent-ip@proj.iam.gserviceaccount.com';
export const kubelet = 'system:node:gke-prod-pool-1';

export interface Write {
  /** `io.k8s.core.v1.pods.status.patch` */
  readonly method: string;
  /** `core/v1/namespaces/edge/pods/nat/status` */
  readonly path: string;
  readonly principal?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly status?: unknown;
  readonly labels?: unknown;
}

/** A LogEntry in the form of the real samples. */
export const entryOf = (write: Write): Record<string, unknown> => ({
  insertId: 'c7842d26-11fe-446a-b985-b2b67ddbab09',
  labels: write.labels ?? { 'authorization.k8s.io/decision': 'allow' },
  logName: 'projects/proj/logs/cloudaudit.googleapis.com%2Factivity',
  operation: {
    first: true,
    id: 'c7842d26-11fe-446a-b985-b2b67ddbab09',
    last: true,
    producer: 'k8s.io',
  },
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: write.principal ?? 'alice@example.com' },
    methodName: write.method,
    resourceName: write.path,
    serviceName: 'k8s.io',
    status: 'status' in write ? write.status : { code: 0 },
    ...(write.request === undefined ? {} : { request: write.request }),
    ...(write.response === undefined ? {} : { response: write.response }),
  },
  receiveTimestamp: '2024-01-01T01:00:00.5Z',
  resource: {
    labels: { cluster_name: 'prod', location: 'us-central1', project_id: 'proj' },
    type: 'k8s_cluster',
  },
  timestamp: '2024-01-01T01:00:00.123456789Z',
});

export const eventOf = (write: Write): ClusterEvent => {
  const event = readClusterEvent(entryOf(write));
  if (!event.ok) throw new Error(`${event.refusal.field} ${event.refusal.problem}`);
  return event.value;
};

export const samplePath = (name: string): string => `${import.meta.dirname}/samples/${name}`;

/** A real entry, as published. */
export const sample = (name: 'pods-create' | 'pods-status-patch'): Record<string, unknown> =>
  parse(readFileSync(samplePath(`${name}.yaml`), 'utf8'));

export const sampleCluster: ClusterKey = {
  project: 'sample-project',
  location: 'us-central1-a',
  name: 'sample-cluster',
};

/** A copy with the value at a path replaced, or removed when it is `undefined`. */
export const withAt = (root: unknown, path: readonly string[], value: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy: Record<string, unknown> = { ...(root as Record<string, unknown>) };
  const next = withAt(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
};
