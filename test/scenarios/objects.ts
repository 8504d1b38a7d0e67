import { dataplane } from '../../infra/local/networks.ts';

/** Manifests of scenarios: what a user would write, as short as it can be. */

export const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

export const gateway = (
  name: string,
  inNamespace: string,
  ips: readonly string[],
  namespaces: object = { from: 'Same' },
  spec: object = {},
) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace: inNamespace },
  spec: {
    gatewayClassName: 'persistent-ip-regional-external',
    addresses: ips.map((value) => ({ type: 'IPAddress', value })),
    listeners: [{ name: 'default', protocol: 'none', port: 443, allowedRoutes: { namespaces } }],
    ...spec,
  },
});

export const gatewayClass = (
  name: string,
  more: { scheme?: string; controllerName?: string; annotations?: Record<string, string> } = {},
) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: {
    name,
    annotations: { ...(more.scheme && { 'persistent-ip.dev/scheme': more.scheme }), ...more.annotations },
  },
  spec: { controllerName: more.controllerName ?? 'persistent-ip.dev/serverless' },
});

export const route = (name: string, inNamespace: string, ips: readonly string[], spec: object = {}) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  metadata: { name, namespace: inNamespace },
  spec: {
    parentRefs: [{ name: 'pool' }],
    addresses: ips.map((ip) => ({
      type: 'gke.networking.io/cidr',
      value: ip.includes('/') ? ip : `${ip}/32`,
    })),
    podSelector: { matchLabels: { app: 'nat' } },
    ...spec,
  },
});

export const pod = (
  name: string,
  inNamespace: string,
  { node, annotations = {} }: { node?: string; annotations?: Record<string, string> } = {},
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: inNamespace, labels: { app: 'nat' }, annotations },
  spec: {
    containers: [{ name: 'nat', image: 'nat' }],
    ...(node && { nodeSelector: { 'kubernetes.io/hostname': node } }),
  },
});

/** A Network of type L3, at the second network interface of the local cloud's nodes. */
export const network = (name: string, spec: object = {}) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'Network',
  metadata: { name },
  spec: {
    type: 'L3',
    parametersRef: { group: 'networking.gke.io', kind: 'GKENetworkParamSet', name },
    ...spec,
  },
});

export const paramSet = (name: string, spec: object = {}) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKENetworkParamSet',
  metadata: { name },
  spec: { vpc: dataplane.network, vpcSubnet: dataplane.subnetwork, ...spec },
});

/** The annotation by which a Pod gets interfaces on the default network and these. */
export const interfacesOn = (...networks: readonly string[]): Record<string, string> => ({
  'networking.gke.io/interfaces': JSON.stringify(
    ['default', ...networks].map((one, i) => ({ interfaceName: `eth${i}`, network: one })),
  ),
});

/** The application's own word that it is not ready. */
export const notReady = { 'local.persistent-ip.dev/ready': 'false' };

export const paths = {
  route: (inNamespace: string, name: string) =>
    `/apis/networking.gke.io/v1/namespaces/${inNamespace}/gkeiproutes/${name}`,
  gateway: (inNamespace: string, name: string) =>
    `/apis/gateway.networking.k8s.io/v1/namespaces/${inNamespace}/gateways/${name}`,
  gatewayClass: (name: string) => `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${name}`,
  pod: (inNamespace: string, name: string) => `/api/v1/namespaces/${inNamespace}/pods/${name}`,
  namespace: (name: string) => `/api/v1/namespaces/${name}`,
  node: (name: string) => `/api/v1/nodes/${name}`,
  network: (name: string) => `/apis/networking.gke.io/v1/networks/${name}`,
  paramSet: (name: string) => `/apis/networking.gke.io/v1/gkenetworkparamsets/${name}`,
};
