import type { JsonObject } from '../objects/object.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';

const rule = (
  groups: readonly string[],
  resources: readonly string[],
  verbs: readonly string[],
): JsonObject => ({
  apiGroups: [...groups],
  resources: [...resources],
  verbs: [...verbs],
});

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const workloads = [
  'deployments',
  'deployments/scale',
  'replicasets',
  'replicasets/scale',
  'statefulsets',
  'statefulsets/scale',
];

const plain = ['configmaps', 'serviceaccounts', 'services'];

const seen: JsonObject[] = [
  rule([''], [...plain, 'services/status', 'events', 'namespaces', 'pods', 'pods/status'], read),
  rule(['apps'], ['controllerrevisions', ...workloads], read),
  rule(['batch'], ['jobs', 'jobs/status'], read),
  rule(['policy'], ['poddisruptionbudgets'], read),
];
const edited: JsonObject[] = [
  ...seen,
  rule([''], ['secrets'], read),
  rule([''], [...plain, 'pods', 'pods/eviction', 'secrets', 'serviceaccounts/token'], write),
  rule(['batch'], ['jobs', 'jobs/status'], write),
  rule(['apps'], workloads, write),
  rule(['policy'], ['poddisruptionbudgets'], write),
];

/**
 * Roles that a new cluster has (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`), for the resources here.
 * `view`, `edit` and `admin` know no custom resource: who may have an address is for an administrator to say.
 * The cluster's own controllers and agents, which have a role each in reality, share one here.
 */
const roles: Readonly<Record<string, JsonObject[]>> = {
  'cluster-admin': [rule(['*'], ['*'], ['*'])],
  view: seen,
  edit: edited,
  admin: [...edited, rule(['rbac.authorization.k8s.io'], ['roles', 'rolebindings'], [...read, ...write])],
  'system:node': [
    rule([''], ['nodes', 'pods'], [...read, ...write]),
    rule([''], ['nodes/status', 'pods/status'], ['get', 'patch', 'update']),
    rule([''], ['events'], ['create', 'patch', 'update']),
    rule(['coordination.k8s.io'], ['leases'], ['get', ...write]),
  ],
  'system:local-controllers': [rule(['*'], ['*'], ['*'])],
};

const subject = (kind: 'User' | 'Group', name: string): JsonObject => ({ kind, name });

const bindings: Readonly<Record<string, JsonObject[]>> = {
  'cluster-admin': [subject('Group', 'system:masters')],
  'system:node': [subject('Group', 'system:nodes')],
  'system:local-controllers': [
    subject('Group', 'system:serviceaccounts:kube-system'),
    subject('User', 'system:kube-controller-manager'),
    subject('User', 'system:kube-scheduler'),
  ],
};

/** The objects, each with the plural of its resource. */
export const bootstrapPolicy: readonly [plural: string, object: JsonObject][] = [
  ...Object.entries(roles).map(([name, rules]): [string, JsonObject] => [
    'clusterroles',
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
  ]),
  ...Object.entries(bindings).map(([name, subjects]): [string, JsonObject] => [
    'clusterrolebindings',
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { kind: 'ClusterRole', name },
      subjects,
    },
  ]),
];
