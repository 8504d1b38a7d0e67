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
) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace: inNamespace },
  spec: {
    gatewayClassName: 'persistent-ip-regional-external',
    addresses: ips.map((value) => ({ type: 'IPAddress', value })),
    listeners: [{ name: 'default', protocol: 'none', port: 443, allowedRoutes: { namespaces } }],
  },
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

/** The application's own word that it is not ready. */
export const notReady = { 'local.persistent-ip.dev/ready': 'false' };

export const paths = {
  route: (inNamespace: string, name: string) =>
    `/apis/networking.gke.io/v1/namespaces/${inNamespace}/gkeiproutes/${name}`,
  gateway: (inNamespace: string, name: string) =>
    `/apis/gateway.networking.k8s.io/v1/namespaces/${inNamespace}/gateways/${name}`,
  pod: (inNamespace: string, name: string) => `/api/v1/namespaces/${inNamespace}/pods/${name}`,
  namespace: (name: string) => `/api/v1/namespaces/${name}`,
};
