import { type Cause, invalidValue } from '../objects/cause.ts';
import { isDeleting } from '../objects/metadata.ts';
import { type JsonObject, type KubeObject, record, strings } from '../objects/object.ts';
import { admissionResources } from './admission-resources.ts';
import { configurationResources } from './configuration.ts';
import { customResourceDefinitions } from './custom-resource.ts';
import { disruptionBudgets } from './disruption-resource.ts';
import { coreEvents, events } from './events.ts';
import { gatewayResources } from './gateways.ts';
import { jobs } from './jobs.ts';
import { checkLease, checkNode, taintNewNode } from './node-checks.ts';
import { checkPod, completePod, settlePod } from './pods.ts';
import { rbacResources } from './rbac-resources.ts';
import type { Resource } from './resource.ts';
import { services } from './services.ts';
import {
  checkDeployment,
  checkReplicaSet,
  checkStatefulSet,
  completeDeployment,
  completeReplicaSet,
  completeStatefulSet,
} from './workloads.ts';

/** Every Namespace is Active until deleted, holds its name as a label, and the finalizer of its content. */
const completeNamespace = (namespace: JsonObject, old: KubeObject | undefined): void => {
  const metadata = record(namespace.metadata);
  namespace.metadata = {
    ...metadata,
    labels: { ...strings(metadata.labels), 'kubernetes.io/metadata.name': metadata.name ?? '' },
  };
  namespace.spec = old === undefined ? { finalizers: ['kubernetes'] } : (old.spec ?? {});
  namespace.status ??= { phase: 'Active' };
};

/** A Namespace is on its way out exactly if it is being deleted (ValidateNamespaceStatusUpdate). */
const checkNamespace = (namespace: KubeObject): Cause[] => {
  const { phase } = record(namespace.status);
  const leaving = isDeleting(namespace);
  if (phase === (leaving ? 'Terminating' : 'Active')) return [];
  const why = leaving
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  return [invalidValue('status.Phase', phase ?? '', why)];
};

const statusless = (object: JsonObject, old: KubeObject | undefined): void => {
  if (old === undefined) object.status = {};
};

const core = {
  group: '',
  versions: ['v1'],
  storage: 'v1',
  custom: false,
  shortNames: [],
  subresources: [],
  generation: false,
} as const;
const apps = { ...core, group: 'apps', namespaced: true, generation: true } as const;

/** The built-in resources: what the scenarios and the nodes need of a cluster. */
export const builtinResources: readonly Resource[] = [
  {
    ...core,
    plural: 'namespaces',
    singular: 'namespace',
    kind: 'Namespace',
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['status'],
    returnsDeleted: true,
    complete: completeNamespace,
    check: checkNamespace,
  },
  {
    ...core,
    plural: 'nodes',
    singular: 'node',
    kind: 'Node',
    shortNames: ['no'],
    namespaced: false,
    subresources: ['status'],
    statusOnCreate: true,
    metadataOnStatus: true,
    complete: (node) => {
      node.spec ??= {};
      node.status ??= {};
    },
    admit: taintNewNode,
    check: checkNode,
  },
  {
    ...core,
    plural: 'pods',
    singular: 'pod',
    kind: 'Pod',
    shortNames: ['po'],
    categories: ['all'],
    namespaced: true,
    generation: true,
    subresources: ['status', 'binding', 'eviction'],
    metadataOnStatus: true,
    returnsDeleted: true,
    complete: completePod,
    settle: settlePod,
    check: checkPod,
  },
  coreEvents,
  events,
  {
    ...apps,
    plural: 'deployments',
    singular: 'deployment',
    kind: 'Deployment',
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    complete: (object, old) => {
      completeDeployment(object);
      statusless(object, old);
    },
    check: checkDeployment,
  },
  {
    ...apps,
    plural: 'replicasets',
    singular: 'replicaset',
    kind: 'ReplicaSet',
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    complete: (object, old) => {
      completeReplicaSet(object);
      if (old === undefined) object.status = { replicas: 0 };
    },
    check: checkReplicaSet,
  },
  {
    ...apps,
    plural: 'statefulsets',
    singular: 'statefulset',
    kind: 'StatefulSet',
    shortNames: ['sts'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    complete: (object, old) => {
      completeStatefulSet(object);
      if (old === undefined) object.status = { replicas: 0, availableReplicas: 0 };
    },
    check: checkStatefulSet,
  },
  {
    ...apps,
    plural: 'controllerrevisions',
    singular: 'controllerrevision',
    kind: 'ControllerRevision',
    generation: false,
  },
  {
    ...core,
    group: 'coordination.k8s.io',
    plural: 'leases',
    singular: 'lease',
    kind: 'Lease',
    namespaced: true,
    createOnUpdate: true,
    check: checkLease,
  },
  customResourceDefinitions,
  disruptionBudgets,
  ...configurationResources,
  services,
  jobs,
  ...rbacResources,
  ...admissionResources,
  ...gatewayResources,
];
