import { negName, ruleName, stemOf } from '../../../functions/persistent-ip/names.ts';
import { describe } from '../../../functions/persistent-ip/ownership.ts';
import { releaseFinalizer } from '../../../functions/persistent-ip/whose-route.ts';

/** The one cluster, route and address of a rehearsal. Nothing of it exists anywhere. */
export const project = 'rehearsal';
export const region = 'us-central1';
export const zone = 'us-central1-a';
export const cluster = { project, location: region, name: 'rehearsal' };
export const serviceAccount = 'functions@rehearsal.iam.gserviceaccount.com';
export const controllerName = 'persistent-ip.dev/serverless';

const at = '2026-01-01T00:00:00Z';
const ip = '192.0.2.1';
const clusterUid = '00000000-0000-4000-8000-000000000001';
export const routeUid = '00000000-0000-4000-8000-000000000002';

const metadata = (name: string, uid: string, more: object = {}) => ({
  name,
  uid,
  creationTimestamp: at,
  generation: 1,
  resourceVersion: '1',
  ...more,
});

const conditions = (types: Readonly<Record<string, readonly [status: 'True' | 'False', reason: string]>>) =>
  Object.entries(types).map(([type, [status, reason]]) => ({
    type,
    status,
    reason,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: at,
  }));

export const namespaces = {
  'kube-system': { kind: 'Namespace', metadata: metadata('kube-system', clusterUid) },
  edge: { kind: 'Namespace', metadata: metadata('edge', '00000000-0000-4000-8000-000000000003') },
};

export const gatewayClass = {
  kind: 'GatewayClass',
  metadata: metadata('persistent-ip-regional-external', '00000000-0000-4000-8000-000000000004', {
    annotations: { 'persistent-ip.dev/scheme': 'external' },
  }),
  spec: { controllerName },
  status: { conditions: conditions({ Accepted: ['True', 'Accepted'] }) },
};

export const gateway = {
  kind: 'Gateway',
  metadata: metadata('pool', '00000000-0000-4000-8000-000000000005', { namespace: 'edge' }),
  spec: {
    gatewayClassName: gatewayClass.metadata.name,
    addresses: [{ type: 'IPAddress', value: ip }],
    listeners: [
      {
        name: 'default',
        protocol: 'none',
        port: 443,
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ],
  },
  status: {
    addresses: [{ type: 'IPAddress', value: ip }],
    conditions: conditions({ Accepted: ['True', 'Accepted'], Programmed: ['True', 'Programmed'] }),
    listeners: [],
  },
};

export const route = {
  kind: 'GKEIPRoute',
  metadata: metadata('nat', routeUid, { namespace: 'edge', finalizers: [releaseFinalizer] }),
  spec: {
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'pool' }],
    addresses: [{ type: 'gke.networking.io/cidr', value: `${ip}/32` }],
    podSelector: { matchLabels: { app: 'nat' } },
    network: 'default',
    reactionMode: 'ReadyCondition',
  },
  status: {
    pods: ['nat-0'],
    conditions: conditions({
      Accepted: ['True', 'Accepted'],
      GCPReady: ['True', 'GCPReady'],
      DPV2Ready: ['True', 'DPV2Ready'],
      Ready: ['True', 'ProgrammingComplete'],
    }),
  },
};

const nodeNames = ['node-0', 'node-1'] as const;

export const nodes = nodeNames.map((name, index) => ({
  kind: 'Node',
  metadata: metadata(name, `00000000-0000-4000-8000-00000000001${index}`),
  spec: { providerID: `gce://${project}/${zone}/${name}` },
  status: { conditions: conditions({ Ready: ['True', 'KubeletReady'] }) },
}));

/** The second is newer: the addresses go to it. */
export const pods = nodeNames.map((nodeName, index) => ({
  kind: 'Pod',
  metadata: metadata(`nat-${index}`, `00000000-0000-4000-8000-00000000002${index}`, {
    namespace: 'edge',
    labels: { app: 'nat' },
    creationTimestamp: `2026-01-01T00:00:0${index}Z`,
  }),
  spec: { nodeName },
  status: {
    phase: 'Running',
    podIP: `10.0.${index}.2`,
    conditions: conditions({ Ready: ['True', ''] }),
  },
}));

const compute = 'https://www.googleapis.com/compute/v1';
export const stem = stemOf({ cluster, namespace: 'edge', name: 'nat', uid: routeUid });
const owner = {
  deployment: 'rehearsal',
  clusterUid,
  route: { cluster, namespace: 'edge', name: 'nat', uid: routeUid },
};
const neg = negName(stem, zone, 'default');
const negUrl = `${compute}/projects/${project}/zones/${zone}/networkEndpointGroups/${neg}`;
const network = `${compute}/projects/${project}/global/networks/default`;
const subnetwork = `${compute}/projects/${project}/regions/${region}/subnetworks/default`;

export const backendService = {
  name: stem,
  fingerprint: 'AAAAAAAAAAA=',
  loadBalancingScheme: 'EXTERNAL',
  protocol: 'UNSPECIFIED',
  description: describe(owner, {
    holder: { pod: 'nat-0', uid: pods[0]?.metadata.uid ?? '', node: 'node-0', zone, podIP: '10.0.0.2' },
    before: undefined,
    at: '2026-01-01T00:00:00.000Z',
    cause: { insertId: 'rehearsal', method: 'rehearsal', principal: 'rehearsal', at },
    replaced: '',
    written: '2026-01-01T00:00:00.000Z',
    addresses: [ip],
    moves: [],
  }),
  backends: [{ group: negUrl, balancingMode: 'CONNECTION' }],
  haPolicy: {
    fastIPMove: 'DISABLED',
    leader: { backendGroup: negUrl, networkEndpoint: { instance: 'node-0' } },
  },
};

export const forwardingRule = {
  name: ruleName(stem, ip),
  fingerprint: 'AAAAAAAAAAA=',
  IPAddress: ip,
  IPProtocol: 'L3_DEFAULT',
  allPorts: true,
  loadBalancingScheme: 'EXTERNAL',
  networkTier: 'PREMIUM',
  description: describe(owner),
  backendService: `${compute}/projects/${project}/regions/${region}/backendServices/${stem}`,
};

export const firewall = {
  name: stem,
  description: describe(owner),
  network,
  direction: 'INGRESS',
  allowed: [{ IPProtocol: 'all' }],
  sourceRanges: ['0.0.0.0/0'],
  destinationRanges: [`${ip}/32`],
};

export const networkEndpointGroup = {
  name: neg,
  zone: `${compute}/projects/${project}/zones/${zone}`,
  networkEndpointType: 'GCE_VM_IP',
  network,
  subnetwork,
  size: nodeNames.length,
  annotations: { 'persistent-ip-owner': describe(owner) },
};

export const endpoints = nodeNames.map((instance) => ({ networkEndpoint: { instance } }));

export const instances = nodeNames.map((name) => ({
  name,
  status: 'RUNNING',
  networkInterfaces: [{ network, subnetwork }],
}));
