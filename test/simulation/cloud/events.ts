import { cloudEvent } from '../../../infra/local/audit/cloud-event.ts';
import { computeEntry } from '../../../infra/local/audit/compute-entry.ts';
import { isAdminActivity, kubernetesEntry } from '../../../infra/local/audit/kubernetes-entry.ts';
import { parseFilter } from '../../../infra/local/logging/filter.ts';
import { computeMethods } from '../../../infra/sink/compute-methods.ts';
import { renderSinkFilter } from '../../../infra/sink/render.ts';
import { clusterKey } from '../../functions/fixtures.ts';
import type { SimCompute } from './compute.ts';
import type { SimCluster } from './kubernetes.ts';
import { functionsUser } from './kubernetes-port.ts';
import type { Subscription } from './messages.ts';

const passes = parseFilter(renderSinkFilter({ clusters: [clusterKey], serviceAccount: functionsUser }));

/**
 * The way from a write to a function: the audit entry that the local cloud makes of it, the sink's own filter, Eventarc's
 * own list of methods. Ids that chance would make are counted, so that a story is the same each time.
 */
export const followWrites = (
  cluster: SimCluster,
  compute: SimCompute,
  clusterEvents: Subscription,
  computeEvents: Subscription,
): void => {
  let serial = 0;
  const nextId = (): string => {
    serial += 1;
    return `entry-${serial}`;
  };
  cluster.onAudit((event) => {
    if (!isAdminActivity(event)) return;
    const entry = kubernetesEntry({ ...event, auditID: nextId() }, clusterKey);
    if (!passes(entry)) return;
    const { verb, objectRef: { resource = '', namespace = '', name = '', subresource = '' } = {} } = event;
    const label = `${resource}${subresource === '' ? '' : `/${subresource}`} ${verb} ${namespace}/${name}`;
    clusterEvents.publish({ label, data: JSON.stringify(entry), attributes: {} });
  });
  compute.world.onAudit.add((event) => {
    if (!computeMethods.includes(event.methodName)) return;
    const entry = computeEntry({ ...event, insertId: nextId() });
    const label = `${event.methodName} ${event.resourceName.split('/').at(-1)}`;
    computeEvents.publish({ label, data: JSON.stringify(entry), attributes: { eventarc: 'true' } });
  });
};

/** What Compute Engine itself does to a VM, as its system event log tells it. */
export const systemEvent = (method: string, zone: string, name: string, at: Date, id: string): string =>
  JSON.stringify({
    insertId: id,
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Fsystem_event',
    operation: { id, producer: 'compute.googleapis.com', first: true, last: true },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      authenticationInfo: { principalEmail: 'system@google.com' },
      methodName: `compute.${method}`,
      resourceName: `projects/p/zones/${zone}/instances/${name}`,
      serviceName: 'compute.googleapis.com',
    },
    resource: { type: 'gce_instance', labels: { project_id: 'p', zone, instance_id: name } },
    severity: 'INFO',
    timestamp: at.toISOString(),
  });

/** The request that carries a Compute entry: Eventarc's CloudEvent, or the sink's push as it is. */
export const computeRequest = (body: object): { headers: Record<string, string>; body: unknown } => {
  const { message } = body as {
    message: { attributes: Record<string, string>; data: string; messageId: string };
  };
  if (message.attributes.eventarc === undefined) return { headers: {}, body };
  const encoded = cloudEvent(
    { messageId: message.messageId, publishTime: '', data: message.data },
    { subscription: '' },
  );
  return { headers: encoded.headers, body: JSON.parse(encoded.body) as unknown };
};
