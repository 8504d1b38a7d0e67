import { configVariable } from '../../../functions/config.ts';
import { adminOf } from '../../../infra/local/admin.ts';
import { type LocalCloud, startCloud } from '../../../infra/local/cloud.ts';
import { type DeploymentOptions, deploy } from '../../../infra/local/deployment.ts';
import { startMetadata } from '../../../infra/local/metadata/index.ts';
import { viewRoute } from '../../../infra/local/tour/route-view.ts';
import { until } from '../../../infra/local/until.ts';
import { gateway, namespace, pod, route } from '../../scenarios/objects.ts';
import type { Launch } from './first-event.ts';

const ip = '34.1.2.3';
const nodes = ['gke-local-pool-1', 'gke-local-pool-3'] as const;

/** A local cloud with a route whose next move is due, for a function that is started beside it. */
export interface World {
  /** Environment and credentials of a function that is started by itself. */
  readonly launch: (name: string) => Promise<Pick<Launch, 'name' | 'settings' | 'headers'>>;
  /** Makes a newer Pod on the other node, and a request for the route, which nobody has handled yet. */
  makeMoveDue(): Promise<{ readonly body: object; readonly check: () => Promise<void> }>;
  /** The push of an audit entry of the cluster. */
  entry(what: 'dropped' | 'pod' | 'route'): object;
  close(): Promise<void>;
}

const pushOf = (data: object, key?: string): object => ({
  subscription: 'projects/local/subscriptions/bench',
  message: {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    messageId: '1',
    publishTime: new Date().toISOString(),
    ...(key !== undefined && { orderingKey: key }),
  },
});

const statusPatch = (cloud: LocalCloud, name: string, condition: object): object => ({
  insertId: 'bench',
  logName: `projects/${cloud.project}/logs/cloudaudit.googleapis.com%2Factivity`,
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: `system:node:${nodes[0]}` },
    methodName: 'io.k8s.core.v1.pods.status.patch',
    resourceName: `core/v1/namespaces/edge/pods/${name}/status`,
    serviceName: 'k8s.io',
    request: { metadata: { uid: 'u' }, status: { conditions: [condition] } },
  },
  resource: {
    type: 'k8s_cluster',
    labels: {
      project_id: cloud.cluster.project,
      location: cloud.cluster.location,
      cluster_name: cloud.cluster.name,
    },
  },
  timestamp: new Date().toISOString(),
});

const routeWrite = (entry: ReturnType<typeof statusPatch>): object => {
  const { protoPayload, ...rest } = entry as { protoPayload: object };
  const { request: _, ...payload } = protoPayload as { request: unknown };
  return {
    ...rest,
    protoPayload: {
      ...payload,
      methodName: 'io.gke.networking.v1.gkeiproutes.patch',
      resourceName: 'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat',
      authenticationInfo: { principalEmail: 'alice@example.com' },
    },
  };
};

export const startWorld = async (): Promise<World> => {
  let deployment: DeploymentOptions | undefined;
  const cloud = await startCloud({
    sweepMs: 0,
    operationMs: 0,
    timings: { podStartMs: 10, podReadyMs: 10, terminateMs: 10, leaseMs: 5_000, graceMs: 60_000 },
    deploy: (options) => {
      deployment = options;
      return deploy(options);
    },
  });
  if (deployment === undefined) throw new Error('the local cloud deploys nothing');
  const { config, token } = deployment;
  const admin = adminOf(cloud);
  const apply = (...objects: readonly object[]) =>
    cloud.kubernetes.apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  const view = () => viewRoute(admin, 'edge', 'nat');
  const ready = (name: string) =>
    until(cloud, `nat is ready on ${name}`, async () => {
      const seen = await view();
      return seen?.ready && seen.pod === name ? seen : undefined;
    });
  const podReady = (name: string) =>
    until(cloud, `${name} is ready`, async () => {
      const found = await admin.kubernetes('GET', `/api/v1/namespaces/edge/pods/${name}`);
      const { conditions = [] } = (found.status ?? {}) as { conditions?: { type: string; status: string }[] };
      return conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ? found : undefined;
    });
  cloud.compute.reserveAddress({ name: 'nat', address: ip });
  await apply(namespace('edge'), gateway('pool', 'edge', [ip]), route('nat', 'edge', [ip]));
  for (const [index, node] of nodes.entries()) {
    await apply(pod(`nat-${index}`, 'edge', { node }));
    await ready(`nat-${index}`);
  }
  await cloud.pubsub.idle();
  cloud.loseEvents(true);
  let last: number = nodes.length - 1;
  const metadata = await startMetadata({ project: cloud.project, email: cloud.serviceAccount, token });
  const held = await admin.kubernetes('GET', '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes/nat');
  const { uid } = held.metadata as { uid: string };
  return {
    launch: async (name) => {
      // As Cloud Run hands it over: it has checked the signature and taken it off.
      const signed = await cloud.sign({ audience: 'https://bench.example.com', email: cloud.pushIdentity });
      const authorization = `Bearer ${signed.split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED_BY_GOOGLE`;
      return {
        name,
        headers: { authorization },
        settings: () => {
          const configured = config(cloud.deployment.urls);
          const push = {
            ...configured.push,
            platformAuthenticates: true,
            audiences: { [name]: ['https://bench.example.com'] },
          };
          return {
            [configVariable]: JSON.stringify({ ...configured, push }),
            GCE_METADATA_HOST: metadata.host,
          };
        },
      };
    },
    makeMoveDue: async () => {
      last += 1;
      const name = `nat-${last}`;
      await admin.kubernetes('DELETE', `/api/v1/namespaces/edge/pods/nat-${last - 2}`);
      await apply(pod(name, 'edge', { node: nodes[last % 2] ?? nodes[0] }));
      await podReady(name);
      const from = cloud.compute.calls.length;
      const entries = cloud.logging.list('').length;
      const { cluster } = cloud;
      const cause = { insertId: name, method: 'bench', principal: 'bench', at: new Date().toISOString() };
      const request = { cluster, kind: 'route', namespace: 'edge', name: 'nat', uid, cause };
      return {
        body: pushOf(request, 'nat'),
        check: async () => {
          const patches = cloud.compute.calls.slice(from).filter(({ mutation }) => mutation);
          const written = cloud.logging.list('').slice(entries);
          const moves = written.filter((one) => JSON.stringify(one).includes('"action":"move"'));
          const seen = await view();
          if (patches.length !== 1 || moves.length !== 1 || seen?.pod !== name)
            throw new Error(
              `the first event made ${patches.length} mutations and ${moves.length} entries, and ${seen?.pod} has the address`,
            );
        },
      };
    },
    entry: (what) => {
      const now = statusPatch(cloud, `nat-${last}`, {
        type: 'Ready',
        ...(what === 'pod' ? { status: 'True' } : { message: 'beat' }),
      });
      return pushOf(what === 'route' ? routeWrite(now) : now);
    },
    close: async () => {
      await cloud.close();
      await metadata.close();
    },
  };
};
