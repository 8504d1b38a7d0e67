/** One write on the Compute API: when it was accepted, or when its operation has ended. */
export interface ComputeAuditEvent {
  /** `v1.compute.instances.delete`. */
  readonly methodName: string;
  /** `projects/P/zones/Z/instances/I`. */
  readonly resourceName: string;
  readonly principal: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly operation: { readonly id: string; readonly first?: boolean; readonly last?: boolean };
  readonly status: { readonly code: number; readonly message?: string };
  readonly at: Date;
  readonly project: string;
  readonly insertId: string;
}

type Json = Readonly<Record<string, unknown>>;

const resourceTypes: readonly (readonly [string, string])[] = [
  ['/instances/', 'gce_instance'],
  ['/forwardingRules/', 'gce_forwarding_rule'],
  ['/backendServices/', 'gce_backend_service'],
  ['/networkEndpointGroups/', 'gce_network_endpoint_group'],
  ['/addresses/', 'gce_reserved_address'],
  ['/firewalls/', 'gce_firewall_rule'],
];

/** Compute's LogEntry of a write. Source: Cloud Logging, *Compute Engine audit logging*. */
export const computeEntry = (event: ComputeAuditEvent): Json => {
  const type = resourceTypes.find(([part]) => event.resourceName.includes(part))?.[1] ?? 'gce_project';
  const { id, first = false, last = false } = event.operation;
  return {
    insertId: event.insertId,
    logName: `projects/${event.project}/logs/cloudaudit.googleapis.com%2Factivity`,
    operation: { id, producer: 'compute.googleapis.com', ...(first && { first }), ...(last && { last }) },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      authenticationInfo: { principalEmail: event.principal },
      methodName: event.methodName,
      ...(event.request === undefined ? {} : { request: event.request }),
      resourceName: event.resourceName,
      ...(event.response === undefined ? {} : { response: event.response }),
      serviceName: 'compute.googleapis.com',
      ...(event.status.code === 0 ? {} : { status: event.status }),
    },
    receiveTimestamp: event.at.toISOString(),
    resource: { type, labels: { project_id: event.project } },
    severity: event.status.code === 0 ? 'NOTICE' : 'ERROR',
    timestamp: event.at.toISOString(),
  };
};

/** The CloudEvent that Eventarc makes of it: attributes as headers, the LogEntry as data. */
export const cloudEventHeaders = (
  entry: Json,
  event: ComputeAuditEvent,
): Readonly<Record<string, string>> => ({
  'ce-specversion': '1.0',
  'ce-id': String(entry.insertId),
  'ce-type': 'google.cloud.audit.log.v1.written',
  'ce-source': `//cloudaudit.googleapis.com/projects/${event.project}/logs/activity`,
  'ce-subject': `compute.googleapis.com/${event.resourceName}`,
  'ce-time': event.at.toISOString(),
  'ce-servicename': 'compute.googleapis.com',
  'ce-methodname': event.methodName,
  'ce-resourcename': event.resourceName,
  'content-type': 'application/json',
});
