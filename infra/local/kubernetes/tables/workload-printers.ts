import { type Json, type KubeObject, list, record } from '../objects/object.ts';
import { selectorText } from '../verbs/scale.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

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

/** The printers of group `apps`: how many Pods each wants, has and can rely on. */
export const workloadPrinters: Readonly<Record<string, Printer>> = {
  'apps/deployments': deployments,
  'apps/replicasets': replicaSets,
  'apps/statefulsets': statefulSets,
};
