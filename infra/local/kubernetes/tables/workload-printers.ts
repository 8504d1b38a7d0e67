import { type Json, type JsonObject, type KubeObject, list, record } from '../objects/object.ts';
import { selectorText } from '../objects/selector.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';
import { age } from './duration.ts';

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

const jobState = ({ metadata, status }: KubeObject): string => {
  const holds = (type: string): boolean =>
    list(record(status).conditions)
      .map(record)
      .some((condition) => condition.type === type && condition.status === 'True');
  for (const type of ['Complete', 'Failed']) if (holds(type)) return type;
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
};

const jobs: Printer = {
  columns: [
    nameColumn,
    column('Status'),
    column('Completions'),
    column('Duration'),
    ageColumn,
    ...workloadColumns,
    selectorColumn,
  ],
  cells: (job, now) => {
    const { completions, parallelism } = record(job.spec);
    const { succeeded, startTime, completionTime } = record(job.status);
    const many = count(parallelism) > 1 ? ` of ${count(parallelism)}` : '';
    const wanted = completions === undefined ? `1${many}` : String(completions);
    const until = typeof completionTime === 'string' ? new Date(completionTime) : now;
    const { names, images } = containers(job);
    return [
      job.metadata.name,
      jobState(job),
      `${count(succeeded)}/${wanted}`,
      startTime === undefined ? '' : age(startTime, until),
      ageOf(job, now),
      names,
      images,
      selectorOf(job),
    ];
  },
};

const revisions: Printer = {
  columns: [nameColumn, column('Controller'), column('Revision'), ageColumn],
  cells: (object, now) => {
    const owner = list(object.metadata.ownerReferences)
      .map(record)
      .find(({ controller }) => controller === true);
    return [
      object.metadata.name,
      owner === undefined ? none : ownerName(owner),
      count(object.revision),
      ageOf(object, now),
    ];
  },
};

/** `statefulset.apps/name`. */
const ownerName = ({ apiVersion, kind, name }: JsonObject): string => {
  const [group, version] = String(apiVersion).split('/');
  return `${String(kind).toLowerCase()}${version === undefined ? '' : `.${group}`}/${String(name)}`;
};

/** The printers of groups `apps` and `batch`: how many Pods each wants, has and can rely on. */
export const workloadPrinters: Readonly<Record<string, Printer>> = {
  'apps/controllerrevisions': revisions,
  'apps/deployments': deployments,
  'apps/replicasets': replicaSets,
  'apps/statefulsets': statefulSets,
  'batch/jobs': jobs,
};
