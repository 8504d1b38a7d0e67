import type { ComputeAudit } from '../compute/index.ts';

type Json = Readonly<Record<string, unknown>>;

/** The monitored resource of a collection, and the label that holds the object. */
const monitored: Readonly<Record<string, readonly [type: string, label: string]>> = {
  instances: ['gce_instance', 'instance_id'],
  forwardingRules: ['gce_forwarding_rule', 'forwarding_rule_id'],
  backendServices: ['gce_backend_service', 'backend_service_id'],
  networkEndpointGroups: ['gce_network_endpoint_group', 'network_endpoint_group_id'],
  addresses: ['gce_reserved_address', 'reserved_address_id'],
  firewalls: ['gce_firewall_rule', 'firewall_rule_id'],
};

/**
 * Compute's LogEntry of a write. The ids in the resource's labels are names here, numbers in Google Cloud.
 * Source: Cloud Logging, *Compute Engine audit logging*, *Monitored resources*; design/events.md: request with
 * `operation.first`, the outcome with `operation.last`.
 */
export const computeEntry = (event: ComputeAudit): Json => {
  const { id, first = false, last = false } = event.operation;
  const failed = event.status.code !== 0;
  return {
    insertId: event.insertId,
    logName: `projects/${event.project}/logs/cloudaudit.googleapis.com%2Factivity`,
    operation: { id, producer: 'compute.googleapis.com', ...(first && { first }), ...(last && { last }) },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      authenticationInfo: { principalEmail: event.principal },
      authorizationInfo: [authorization(event)],
      methodName: event.methodName,
      ...typed('request', `type.googleapis.com/${withoutVersion(event.methodName)}`, event.request),
      requestMetadata: {},
      resourceName: event.resourceName,
      ...typed('response', 'type.googleapis.com/operation', event.response),
      serviceName: 'compute.googleapis.com',
      ...(failed && { status: event.status }),
    },
    receiveTimestamp: event.at.toISOString(),
    resource: resourceOf(event),
    severity: failed ? 'ERROR' : 'NOTICE',
    timestamp: event.at.toISOString(),
  };
};

const withoutVersion = (methodName: string): string => methodName.replace(/^[^.]+\.(?=compute\.)/, '');

const authorization = ({ methodName, resourceName }: ComputeAudit): Json => ({
  granted: true,
  permission: withoutVersion(methodName),
  resource: resourceName,
});

const typed = (field: 'request' | 'response', type: string, body: unknown): Json =>
  typeof body === 'object' && body !== null ? { [field]: { '@type': type, ...body } } : {};

/** `projects/P/zones/Z/COLLECTION/N`, `projects/P/regions/R/COLLECTION/N`, `projects/P/global/COLLECTION/N`. */
const resourceOf = ({ project, resourceName }: ComputeAudit): Json => {
  const parts = resourceName.split('/').slice(2);
  const [scope = '', ...inside] = parts;
  const [place, collection = '', name = ''] = scope === 'global' ? ['global', ...inside] : inside;
  const [type, label] = monitored[collection] ?? ['gce_project', 'name'];
  const where = scope === 'zones' ? { zone: place } : { location: place };
  return { type, labels: { project_id: project, ...(place && where), [label]: name } };
};
