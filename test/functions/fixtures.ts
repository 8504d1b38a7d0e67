import type { Cause, ClusterKey, ReconcileRequest } from '../../events/reconcile-request.ts';
import type { Address } from '../../functions/persistent-ip/cloud.ts';
import type {
  Gateway,
  GatewayClass,
  Metadata,
  Namespace,
  Network,
  NetworkParamSet,
  Node,
  Pod,
  Route,
} from '../../functions/persistent-ip/objects.ts';
import type { ClusterFacts } from '../../functions/persistent-ip/observation.ts';

/** Plain objects with every field filled in; a test says only what its rule is about. */

export const start = new Date('2026-11-24T14:05:00.000Z');

export const clusterKey: ClusterKey = { project: 'p', location: 'us-central1', name: 'prod' };

export const facts: ClusterFacts = {
  key: clusterKey,
  region: 'us-central1',
  zones: ['us-central1-a', 'us-central1-b'],
  networkProject: 'p',
  network: 'default',
  subnetwork: 'default',
  moreSubnetworks: [],
  movesPerMinute: 6,
};

export const cause: Cause = {
  insertId: 'event-1',
  method: 'io.k8s.core.v1.pods.status.patch',
  principal: 'system:node:node-a',
  at: '2026-11-24T14:04:59.000Z',
};

/** A delivery's request to look at route edge/nat, which `route()` makes. */
export const routeRequest = (more: Partial<Cause> = {}): ReconcileRequest => ({
  cluster: clusterKey,
  kind: 'route',
  namespace: 'edge',
  name: 'nat',
  uid: 'uid-nat',
  cause: { ...cause, ...more },
});

export const metadata = (name: string, more: Partial<Metadata> = {}): Metadata => ({
  name,
  namespace: 'edge',
  uid: `uid-${name}`,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-11-24T14:00:00Z',
  finalizers: [],
  labels: {},
  annotations: {},
  ...more,
});

export const gatewayClass = (more: Partial<GatewayClass> = {}): GatewayClass => ({
  metadata: metadata('persistent-ip-regional-external', {
    namespace: '',
    annotations: { 'persistent-ip.dev/scheme': 'external' },
  }),
  controllerName: 'persistent-ip.dev/serverless',
  conditions: [],
  ...more,
});

export const condition = (type: string, status: 'True' | 'False', reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: '2026-11-24T14:00:00Z',
});

/** An accepted Gateway of namespace `infra` whose pool holds `ips`, open to every namespace. */
export const gateway = (ips: readonly string[] = ['34.1.2.3'], more: Partial<Gateway> = {}): Gateway => ({
  metadata: metadata('pool', { namespace: 'infra' }),
  className: 'persistent-ip-regional-external',
  addresses: ips.map((value) => ({ type: 'IPAddress', value })),
  listeners: [{ name: 'default', from: 'All', kinds: [] }],
  status: {
    addresses: ips.map((value) => ({ type: 'IPAddress', value })),
    conditions: [condition('Accepted', 'True', 'Accepted'), condition('Programmed', 'True', 'Programmed')],
    listeners: [],
  },
  ...more,
});

export const parentRef = (more: Partial<Route['parentRefs'][number]> = {}): Route['parentRefs'][number] => ({
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  namespace: 'infra',
  name: 'pool',
  ...more,
});

export const route = (ips: readonly string[] = ['34.1.2.3'], more: Partial<Route> = {}): Route => ({
  metadata: metadata('nat'),
  parentRefs: [parentRef()],
  addresses: ips.map((ip) => ({ type: 'gke.networking.io/cidr', value: `${ip}/32` })),
  network: 'default',
  podSelector: { matchLabels: { app: 'nat' } },
  reactionMode: 'ReadyCondition',
  extra: {},
  status: { pods: [], conditions: [] },
  statusWriters: [],
  ...more,
});

export const namespace = (name = 'edge', labels: Record<string, string> = {}): Namespace => ({
  metadata: metadata(name, { namespace: '', labels }),
});

/** A reserved external address. */
export const address = (ip: string, more: Partial<Address> = {}): Address => ({
  project: 'p',
  name: `ip-${ip.replaceAll('.', '-')}`,
  ip,
  scheme: 'EXTERNAL',
  networkTier: 'PREMIUM',
  purpose: '',
  subnetwork: '',
  description: '',
  status: 'RESERVED',
  users: [],
  ...more,
});

/** A ready Network of type L3, with the parameter set `NAME-params`. */
export const network = (name: string, more: Partial<Network> = {}): Network => ({
  metadata: metadata(name, { namespace: '' }),
  type: 'L3',
  paramSet: `${name}-params`,
  conditions: [condition('Ready', 'True', 'Ready')],
  ...more,
});

/** The parameter set of network `name`: VPC `NAME-vpc`, subnet `NAME-subnet`. */
export const paramSet = (name: string, more: Partial<NetworkParamSet> = {}): NetworkParamSet => ({
  metadata: metadata(`${name}-params`, { namespace: '' }),
  vpc: `${name}-vpc`,
  vpcSubnet: `${name}-subnet`,
  ...more,
});

/** A Ready Pod labelled `app: nat` on `node-a`. */
export const pod = (
  name: string,
  more: Partial<Omit<Pod, 'metadata'>> & { metadata?: Partial<Metadata> } = {},
): Pod => ({
  nodeName: 'node-a',
  hostNetwork: false,
  networks: [],
  phase: 'Running',
  podIP: '10.0.0.7',
  ready: true,
  ...more,
  metadata: metadata(name, { labels: { app: 'nat' }, ...more.metadata }),
});

export const node = (name: string, zone = 'us-central1-a', more: Partial<Node> = {}): Node => ({
  name,
  instance: { project: 'p', zone, name },
  ready: 'True',
  networks: [],
  ...more,
});
