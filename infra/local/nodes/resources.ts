/** One resource of the Kubernetes API, as paths and bodies name it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export const pods = { apiVersion: 'v1', kind: 'Pod', plural: 'pods' } satisfies Resource;
export const nodes = { apiVersion: 'v1', kind: 'Node', plural: 'nodes' } satisfies Resource;
export const namespaces = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' } satisfies Resource;
export const leases = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
} satisfies Resource;
export const deployments = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
} satisfies Resource;
export const replicaSets = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
} satisfies Resource;
export const statefulSets = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
} satisfies Resource;
export const jobs = { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' } satisfies Resource;
export const routes = {
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  plural: 'gkeiproutes',
} satisfies Resource;
export const networks = {
  apiVersion: 'networking.gke.io/v1',
  kind: 'Network',
  plural: 'networks',
} satisfies Resource;
export const networkParamSets = {
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKENetworkParamSet',
  plural: 'gkenetworkparamsets',
} satisfies Resource;

/** Which object, or without a name which collection, a request is about. */
export interface Ref {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** The path of `ref`: core resources live under `/api`, groups under `/apis`. */
export const pathOf = ({ apiVersion, plural }: Resource, { namespace, name, subresource }: Ref): string =>
  [
    apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join('/');
