import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';
import { age } from './duration.ts';
import { type Json, type KubeObject, list, record, strings, text } from './object.ts';
import { podPrinter } from './pod-printer.ts';
import { rbacPrinters } from './rbac-printers.ts';
import { selectorText } from './scale.ts';

/** Names, types and order of the columns are those of Kubernetes' `pkg/printers/internalversion/printers.go`. */
const none = '<none>';

const count = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const containers = ({ spec }: KubeObject): { names: string; images: string } => {
  const all = list(record(record(record(spec).template).spec).containers).map(record);
  const of = (field: string): string => all.map((entry) => String(entry[field])).join(',');
  return { names: of('name'), images: of('image') };
};

const workloadColumns = [column('Containers', 'string', 1), column('Images', 'string', 1)];
const selectorColumn = column('Selector', 'string', 1);
const selectorOf = ({ spec }: KubeObject): string => selectorText(record(record(spec).selector)) || none;

const namespaces: Printer = {
  columns: [nameColumn, column('Status'), ageColumn],
  cells: (object, now) => [object.metadata.name, text(record(object.status).phase) ?? '', ageOf(object, now)],
};

const nodeStatus = (node: KubeObject): string => {
  const ready = list(record(node.status).conditions)
    .map(record)
    .find(({ type }) => type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return record(node.spec).unschedulable === true ? `${status},SchedulingDisabled` : status;
};

const nodeRoles = ({ metadata }: KubeObject): string => {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(strings(metadata.labels)).flatMap((label) =>
    label.startsWith(prefix) ? [label.slice(prefix.length)] : [],
  );
  return roles.sort().join(',') || none;
};

const nodes: Printer = {
  columns: [
    nameColumn,
    column('Status'),
    column('Roles'),
    ageColumn,
    column('Version'),
    ...['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'].map((name) =>
      column(name, 'string', 1),
    ),
  ],
  cells: (node, now) => {
    const status = record(node.status);
    const info = record(status.nodeInfo);
    const addresses = list(status.addresses).map(record);
    const address = (wanted: string): Json => addresses.find(({ type }) => type === wanted)?.address ?? none;
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node),
      ageOf(node, now),
      text(info.kubeletVersion) ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      text(info.osImage) ?? '<unknown>',
      text(info.kernelVersion) ?? '<unknown>',
      text(info.containerRuntimeVersion) ?? '<unknown>',
    ];
  },
};

const deployments: Printer = {
  columns: [
    nameColumn,
    column('Ready'),
    column('Up-to-date'),
    column('Available'),
    ageColumn,
    ...workloadColumns,
    selectorColumn,
  ],
  cells: (object, now) => {
    const status = record(object.status);
    const { names, images } = containers(object);
    return [
      object.metadata.name,
      `${count(status.readyReplicas)}/${count(record(object.spec).replicas)}`,
      count(status.updatedReplicas),
      count(status.availableReplicas),
      ageOf(object, now),
      names,
      images,
      selectorOf(object),
    ];
  },
};

const replicaSets: Printer = {
  columns: [
    nameColumn,
    ...['Desired', 'Current', 'Ready'].map((name) => column(name, 'integer')),
    ageColumn,
    ...workloadColumns,
    selectorColumn,
  ],
  cells: (object, now) => {
    const status = record(object.status);
    const { names, images } = containers(object);
    return [
      object.metadata.name,
      count(record(object.spec).replicas),
      count(status.replicas),
      count(status.readyReplicas),
      ageOf(object, now),
      names,
      images,
      selectorOf(object),
    ];
  },
};

const statefulSets: Printer = {
  columns: [nameColumn, column('Ready'), ageColumn, ...workloadColumns],
  cells: (object, now) => {
    const { names, images } = containers(object);
    const ready = `${count(record(object.status).readyReplicas)}/${count(record(object.spec).replicas)}`;
    return [object.metadata.name, ready, ageOf(object, now), names, images];
  },
};

const events: Printer = {
  columns: [
    column('Last Seen'),
    column('Type'),
    column('Reason'),
    column('Object'),
    column('Source', 'string', 1),
    column('Message'),
    column('Count', 'integer', 1),
    { ...nameColumn, priority: 1 },
  ],
  cells: (event, now) => {
    const about = record(event.involvedObject);
    const last = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
    return [
      age(last, now),
      text(event.type) ?? '',
      text(event.reason) ?? '',
      `${String(about.kind).toLowerCase()}/${String(about.name)}`,
      text(record(event.source).component) ?? text(event.reportingComponent) ?? '',
      (text(event.message) ?? '').trim(),
      count(event.count) || 1,
      event.metadata.name,
    ];
  },
};

const leases: Printer = {
  columns: [nameColumn, column('Holder'), ageColumn],
  cells: (lease, now) => [
    lease.metadata.name,
    text(record(lease.spec).holderIdentity) ?? '',
    ageOf(lease, now),
  ],
};

const share = (value: Json | undefined): Json => (value === undefined ? 'N/A' : String(value));

const budgets: Printer = {
  columns: [
    nameColumn,
    column('Min Available'),
    column('Max Unavailable'),
    column('Allowed Disruptions', 'integer'),
    ageColumn,
  ],
  cells: (budget, now) => {
    const { minAvailable, maxUnavailable } = record(budget.spec);
    return [
      budget.metadata.name,
      share(minAvailable),
      share(maxUnavailable),
      count(record(budget.status).disruptionsAllowed),
      ageOf(budget, now),
    ];
  },
};

const printers: Readonly<Record<string, Printer>> = {
  '/namespaces': namespaces,
  '/nodes': nodes,
  '/pods': podPrinter,
  '/events': events,
  'apps/deployments': deployments,
  'apps/replicasets': replicaSets,
  'apps/statefulsets': statefulSets,
  'coordination.k8s.io/leases': leases,
  'policy/poddisruptionbudgets': budgets,
  ...rbacPrinters,
};

/** For resources without columns of their own. */
const plain: Printer = {
  columns: [nameColumn, column('Created At', 'date')],
  cells: ({ metadata }) => [metadata.name ?? '', metadata.creationTimestamp ?? null],
};

/** The printer of a built-in resource, by its key. */
export const builtinPrinter = (key: string): Printer => printers[key] ?? plain;
