export const pods = (ns: string): string => `/api/v1/namespaces/${ns}/pods`;
export const deployments = (ns: string): string => `/apis/apps/v1/namespaces/${ns}/deployments`;
export const replicaSets = (ns: string): string => `/apis/apps/v1/namespaces/${ns}/replicasets`;
export const statefulSets = (ns: string): string => `/apis/apps/v1/namespaces/${ns}/statefulsets`;
export const leases = (ns: string): string => `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`;
export const budgets = (ns: string): string => `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
export const routes = (ns: string): string => `/apis/networking.gke.io/v1/namespaces/${ns}/gkeiproutes`;
export const gateways = (ns: string, version = 'v1'): string =>
  `/apis/gateway.networking.k8s.io/${version}/namespaces/${ns}/gateways`;
export const gatewayClasses = '/apis/gateway.networking.k8s.io/v1/gatewayclasses';
export const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const rbac = '/apis/rbac.authorization.k8s.io/v1';

const containers = [{ name: 'c', image: 'nat:1' }];

export const pod = (name: string, { labels = {}, spec = {}, metadata = {} } = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'nat', ...labels }, ...metadata },
  spec: { containers, ...spec },
});

const template = { metadata: { labels: { app: 'nat' } }, spec: { containers } };
const selector = { matchLabels: { app: 'nat' } };

export const deployment = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector, template, ...spec },
});

export const replicaSet = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name },
  spec: { selector, template, ...spec },
});

export const statefulSet = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name },
  spec: { serviceName: 'nat', selector, template, ...spec },
});

export const route = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  metadata: { name, ...metadata },
  spec: {
    parentRefs: [{ name: 'pool' }],
    addresses: [{ value: '34.1.2.3/32' }],
    podSelector: { matchLabels: { app: 'nat' } },
    ...spec,
  },
});

export const gateway = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, ...metadata },
  spec: {
    gatewayClassName: 'ip',
    listeners: [{ name: 'default', protocol: 'none', port: 443 }],
    ...spec,
  },
});

export const gatewayClass = (name: string, spec: object = {}) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name },
  spec: { controllerName: 'persistent-ip.dev/serverless', ...spec },
});
