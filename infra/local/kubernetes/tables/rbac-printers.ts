import { list, record } from '../objects/object.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

const createdAt = column('Created At', 'date');

const roles: Printer = {
  plain: true,
  columns: [nameColumn, createdAt],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};

const bindings: Printer = {
  columns: [
    nameColumn,
    column('Role'),
    ageColumn,
    ...['Users', 'Groups', 'ServiceAccounts'].map((name) => column(name, 'string', 1)),
  ],
  cells: (binding, now) => {
    const { kind, name } = record(binding.roleRef);
    const subjects = list(binding.subjects).map(record);
    const named = (wanted: string): string =>
      subjects
        .filter((subject) => subject.kind === wanted)
        .map((subject) =>
          wanted === 'ServiceAccount' ? `${subject.namespace}/${subject.name}` : String(subject.name),
        )
        .join(', ');
    return [
      binding.metadata.name,
      `${String(kind)}/${String(name)}`,
      ageOf(binding, now),
      named('User'),
      named('Group'),
      named('ServiceAccount'),
    ];
  },
};

export const rbacPrinters: Readonly<Record<string, Printer>> = {
  'rbac.authorization.k8s.io/clusterroles': roles,
  'rbac.authorization.k8s.io/roles': roles,
  'rbac.authorization.k8s.io/clusterrolebindings': bindings,
  'rbac.authorization.k8s.io/rolebindings': bindings,
};
