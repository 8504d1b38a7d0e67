import { type Json, type KubeObject, record, text } from '../objects/object.ts';
import { admissionPrinters } from './admission-printers.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';
import { corePrinters } from './core-printers.ts';
import { descriptionOf } from './descriptions.ts';
import { age } from './duration.ts';
import { nodePrinter } from './node-printer.ts';
import { podPrinter } from './pod-printer.ts';
import { rbacPrinters } from './rbac-printers.ts';
import { workloadPrinters } from './workload-printers.ts';

/** Names, types and order of the columns are those of Kubernetes' `pkg/printers/internalversion/printers.go`. */
const count = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const namespaces: Printer = {
  columns: [nameColumn, column('Status'), ageColumn],
  cells: (object, now) => [object.metadata.name, text(record(object.status).phase) ?? '', ageOf(object, now)],
};

/** Who says so, and where (printers.go, formatEventSource). */
const sourceOf = ({ source, reportingComponent, reportingInstance }: KubeObject): string => {
  const { component, host } = record(source);
  const who = text(component) ?? text(reportingComponent) ?? '';
  const where = text(host) ?? text(reportingInstance) ?? '';
  return where === '' ? who : `${who}, ${where}`;
};

const events: Printer = {
  columns: [
    column('Last Seen'),
    column('Type'),
    column('Reason'),
    column('Object'),
    column('Subobject', 'string', 1),
    column('Source', 'string', 1),
    column('Message'),
    column('First Seen', 'string', 1),
    column('Count', 'string', 1),
    { ...nameColumn, priority: 1 },
  ],
  cells: (event, now) => {
    const about = record(event.involvedObject);
    const first = age(event.firstTimestamp ?? event.eventTime, now);
    return [
      event.lastTimestamp == null ? first : age(event.lastTimestamp, now),
      text(event.type) ?? '',
      text(event.reason) ?? '',
      `${String(about.kind).toLowerCase()}/${String(about.name)}`,
      text(about.fieldPath) ?? '',
      sourceOf(event),
      (text(event.message) ?? '').trim(),
      first,
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
  '/nodes': nodePrinter,
  '/pods': podPrinter,
  '/events': events,
  'coordination.k8s.io/leases': leases,
  'policy/poddisruptionbudgets': budgets,
  ...admissionPrinters,
  ...corePrinters,
  ...rbacPrinters,
  ...workloadPrinters,
};

/** For resources without columns of their own. */
const plain: Printer = {
  plain: true,
  columns: [nameColumn, column('Created At', 'date')],
  cells: ({ metadata }) => [metadata.name ?? '', metadata.creationTimestamp ?? null],
};

/** The printer of a built-in resource, by its key. */
export const builtinPrinter = (key: string): Printer => {
  const { columns, ...rest } = printers[key] ?? plain;
  return {
    ...rest,
    columns: columns.map((column) => ({ ...column, description: descriptionOf(key, column.name) })),
  };
};
