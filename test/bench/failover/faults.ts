import { adminOf } from '../../../infra/local/admin.ts';
import type { LocalCloud } from '../../../infra/local/cloud.ts';

/** How the node of the holder ends. */
export interface Fault {
  readonly name: string;
  /** Who should tell us. */
  readonly by: 'Pod event' | 'Compute instance event' | 'node controller' | 'sweep';
  strike(
    cloud: LocalCloud,
    holder: { readonly pod: string; readonly node: string; readonly zone: string },
  ): Promise<void>;
}

/** An entry of Compute's system event log, as its sink pushes it: the local Compute writes none. */
const systemEvent = (cloud: LocalCloud, method: string, zone: string, node: string, now: Date): object => {
  const entry = {
    insertId: 'preempted',
    logName: `projects/${cloud.project}/logs/cloudaudit.googleapis.com%2Fsystem_event`,
    timestamp: now.toISOString(),
    resource: { type: 'gce_instance', labels: { project_id: cloud.project, zone } },
    operation: { first: true, last: true, id: 'systemevent-1', producer: method },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'compute.googleapis.com',
      methodName: method,
      resourceName: `projects/${cloud.project}/zones/${zone}/instances/${node}`,
      authenticationInfo: { principalEmail: 'system@google.com' },
    },
  };
  return {
    subscription: 'projects/local/subscriptions/system-events',
    message: {
      data: Buffer.from(JSON.stringify(entry)).toString('base64'),
      messageId: '1',
      publishTime: now.toISOString(),
    },
  };
};

const pushSystemEvent = async (cloud: LocalCloud, event: object): Promise<void> => {
  const url = cloud.deployment.urls['on-compute-event'];
  const token = await cloud.sign({ audience: url, email: cloud.pushIdentity });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(event),
  });
  if (response.status !== 204) throw new Error(`on-compute-event answered ${response.status}`);
};

export const faultsAt = (now: () => Date): readonly Fault[] => [
  {
    name: 'the Pod is deleted (a drain)',
    by: 'Pod event',
    strike: async (cloud, { pod }) => {
      await adminOf(cloud).kubernetes('DELETE', `/api/v1/namespaces/edge/pods/${pod}`);
    },
  },
  {
    name: 'the VM is deleted',
    by: 'Compute instance event',
    strike: async (cloud, { node, zone }) => {
      await adminOf(cloud).compute('DELETE', `/zones/${zone}/instances/${node}`);
    },
  },
  {
    name: 'the VM is stopped',
    by: 'Compute instance event',
    strike: async (cloud, { node, zone }) => {
      await adminOf(cloud).compute('POST', `/zones/${zone}/instances/${node}/stop`);
    },
  },
  {
    name: 'the VM is preempted',
    by: 'Compute instance event',
    strike: async (cloud, { node, zone }) => {
      cloud.compute.setInstanceStatus({ name: node, zone }, 'STOPPING');
      await pushSystemEvent(cloud, systemEvent(cloud, 'compute.instances.preempted', zone, node, now()));
    },
  },
  {
    name: 'the node is silently dead, its VM seems to run',
    by: 'node controller',
    strike: (cloud, { node }) => {
      cloud.nodes.stopKubelet(node);
      return Promise.resolve();
    },
  },
  {
    name: 'the same, and every event is lost',
    by: 'sweep',
    strike: (cloud, { node }) => {
      cloud.loseEvents(true);
      cloud.nodes.stopKubelet(node);
      return Promise.resolve();
    },
  },
];
