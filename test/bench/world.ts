import { type ConfigInput, configVariable } from '../../functions/config.ts';
import { adminOf } from '../../infra/local/admin.ts';
import { type LocalCloud, startCloud } from '../../infra/local/cloud.ts';
import { type DeploymentOptions, deploy } from '../../infra/local/deployment.ts';
import { startMetadata } from '../../infra/local/metadata/index.ts';
import { viewRoute } from '../../infra/local/tour/route-view.ts';
import { until } from '../../infra/local/until.ts';
import { gateway, namespace, pod, route } from '../scenarios/objects.ts';
import type { Launch } from './cold-start/first-event.ts';

const nodes = ['gke-local-pool-1', 'gke-local-pool-3'] as const;

/**
 * Routes that take turns: a route's addresses are moved six times a minute at most (design/concepts.md), and a bench moves
 * one every few seconds.
 */
export const routesInTurn = (count: number, ipsEach = 1): readonly WorldRoute[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `nat-${index}`,
    ips: Array.from({ length: ipsEach }, (__, ip) => `34.1.2.${index * ipsEach + ip + 1}`),
  }));

export interface WorldRoute {
  readonly name: string;
  readonly ips: readonly string[];
}

/** A local cloud with a route whose next move is due, for a function that is started beside it. */
export interface World {
  readonly cloud: LocalCloud;
  /** The functions' configuration and token. */
  readonly config: ConfigInput;
  readonly token: string;
  /** Environment and credentials of a function that is started by itself. */
  readonly launch: (name: string) => Promise<Pick<Launch, 'name' | 'settings' | 'headers'>>;
  /** Makes a newer Pod on the other node, and a request for the route, which nobody has handled yet. */
  makeMoveDue(): Promise<Due>;
  /** The push of an audit entry of the cluster. */
  entry(what: 'dropped' | 'pod' | 'route', pod?: string): object;
  close(): Promise<void>;
}

export interface Due {
  readonly route: string;
  /** The Pod that the addresses must go to. */
  readonly holder: string;
  /** The push of a reconcile request for the route. */
  readonly body: object;
  /** @throws Error unless the move was made by one mutation and is told by one audit entry */
  readonly check: () => Promise<void>;
}

export const pushOf = (data: unknown, key?: string): object => ({
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
      resourceName: 'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat-0',
      authenticationInfo: { principalEmail: 'alice@example.com' },
    },
  };
};

export const startWorld = async (routes: readonly WorldRoute[] = routesInTurn(8)): Promise<World> => {
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
  const podOf = (app: string, turn: number) => {
    const made = pod(`${app}-${turn}`, 'edge', { node: nodes[turn % 2] ?? nodes[0] });
    return { ...made, metadata: { ...made.metadata, labels: { app } } };
  };
  const ready = (name: string, holder: string) =>
    until(cloud, `${name} is ready on ${holder}`, async () => {
      const seen = await viewRoute(admin, 'edge', name);
      return seen?.ready && seen.pod === holder ? seen : undefined;
    });
  const podReady = (name: string) =>
    until(cloud, `${name} is ready`, async () => {
      const found = await admin.kubernetes('GET', `/api/v1/namespaces/edge/pods/${name}`);
      const { conditions = [] } = (found.status ?? {}) as { conditions?: { type: string; status: string }[] };
      return conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ? found : undefined;
    });
  const ips = routes.flatMap((one) => one.ips);
  for (const address of ips)
    cloud.compute.reserveAddress({ name: `ip-${address.replaceAll('.', '-')}`, address });
  await apply(namespace('edge'), gateway('pool', 'edge', ips));
  const turns = new Map<string, number>();
  const uids = new Map<string, string>();
  for (const { name, ips: own } of routes) {
    await apply(route(name, 'edge', own, { podSelector: { matchLabels: { app: name } } }));
    for (const turn of [0, 1]) {
      await apply(podOf(name, turn));
      await ready(name, `${name}-${turn}`);
    }
    turns.set(name, 1);
    const path = `/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes/${name}`;
    uids.set(name, ((await admin.kubernetes('GET', path)).metadata as { uid: string }).uid);
  }
  await cloud.pubsub.idle();
  cloud.loseEvents(true);
  let moves = 0;
  const metadata = await startMetadata({ project: cloud.project, email: cloud.serviceAccount, token });
  return {
    cloud,
    config: config(cloud.deployment.urls),
    token,
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
      const { name } = routes[moves % routes.length] ?? { name: '' };
      moves += 1;
      const turn = (turns.get(name) ?? 0) + 1;
      turns.set(name, turn);
      const holder = `${name}-${turn}`;
      await admin.kubernetes('DELETE', `/api/v1/namespaces/edge/pods/${name}-${turn - 2}`);
      await apply(podOf(name, turn));
      await podReady(holder);
      const from = cloud.compute.calls.length;
      const entries = cloud.logging.list('').length;
      const { cluster } = cloud;
      const cause = { insertId: holder, method: 'bench', principal: 'bench', at: new Date().toISOString() };
      const request = { cluster, kind: 'route', namespace: 'edge', name, uid: uids.get(name), cause };
      return {
        route: name,
        holder,
        body: pushOf(request, name),
        check: async () => {
          const patches = cloud.compute.calls.slice(from).filter(({ mutation }) => mutation);
          const written = cloud.logging.list('').slice(entries);
          const moves = written.filter((one) => JSON.stringify(one).includes('"action":"move"'));
          const seen = await viewRoute(admin, 'edge', name);
          if (patches.length !== 1 || moves.length !== 1 || seen?.pod !== holder)
            throw new Error(
              `the first event made ${patches.length} mutations and ${moves.length} entries, and ${seen?.pod} has the address`,
            );
        },
      };
    },
    entry: (what, about = `nat-0-${turns.get('nat-0')}`) => {
      const now = statusPatch(cloud, about, {
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
