import { v2 } from '@google-cloud/logging';
import type { AuditEntry } from '../persistent-ip/audit.ts';
import type { AuditPort } from '../persistent-ip/ports.ts';
import { sendOnce } from './call-options.ts';
import type { Narrow } from './calls.ts';
import type { TokenSource } from './http.ts';
import { type Pace, persist } from './persist.ts';
import { restOptions } from './rest-options.ts';
import { structOf } from './struct.ts';

export interface AuditLogOptions extends Pace {
  readonly project: string;
  readonly tokens: TokenSource;
  readonly endpoint?: string;
}

type Client = Narrow<InstanceType<typeof v2.LoggingServiceV2Client>, 'google.logging.v2.LoggingServiceV2'>;

/** Cloud Logging's client, made at its first use. */
export const loggingClient = ({ project, tokens, endpoint }: AuditLogOptions): (() => Client) => {
  let client: Client | undefined;
  return () => {
    const made: Client = client ?? new v2.LoggingServiceV2Client(restOptions(project, tokens, endpoint));
    client = made;
    return made;
  };
};

/** The log's id. Source: design/architecture.md, *Audit log*. */
export const auditLogId = 'persistent-ip-audit';

/**
 * The audit log, in the deployment's project. Entries carry the cluster as their resource, so that they stand beside
 * the cluster's own. Writing one again is harmless: `insertId` and `timestamp` tell copies.
 */
export const createAuditLog = (options: AuditLogOptions): AuditPort => {
  const { project } = options;
  const client = loggingClient(options);
  return {
    write: async (entries) => {
      if (entries.length === 0) return;
      const request = { logName: `projects/${project}/logs/${auditLogId}`, entries: entries.map(logEntry) };
      await persist(options, () => sendOnce((options) => client().writeLogEntries(request, options)));
    },
  };
};

const logEntry = ({ insertId, timestamp, ...payload }: AuditEntry) => {
  const { project, location, name } = payload.cluster;
  return {
    insertId,
    timestamp: timestampOf(timestamp),
    severity: payload.action === 'refuse' ? ('WARNING' as const) : ('INFO' as const),
    resource: {
      type: 'k8s_cluster',
      labels: { project_id: project, location, cluster_name: name },
    },
    labels: { namespace: payload.route.namespace, route: payload.route.name, action: payload.action },
    jsonPayload: structOf(payload),
  };
};

const timestampOf = (text: string): { seconds: number; nanos: number } => {
  const ms = Date.parse(text);
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
};
