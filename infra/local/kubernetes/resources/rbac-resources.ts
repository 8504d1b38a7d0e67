import { type Cause, invalidValue, notSupported, required } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, list, record, same, text } from '../objects/object.ts';
import type { Resource } from './resource.ts';

const group = 'rbac.authorization.k8s.io';

const checkRole = (role: KubeObject): Cause[] =>
  list(role.rules)
    .map(record)
    .flatMap((rule, at) => {
      const causes: Cause[] = [];
      if (list(rule.verbs).length === 0)
        causes.push(required(`rules[${at}].verbs`, 'verbs must contain at least one value'));
      if (list(rule.resources).length > 0 && list(rule.apiGroups).length === 0)
        causes.push(required(`rules[${at}].apiGroups`, 'resource rules must supply at least one api group'));
      return causes;
    });

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

/** A binding keeps its role for life, or one could be granted what its granter never saw. */
const checkBinding = (binding: KubeObject, old: KubeObject | undefined): Cause[] => {
  const { kind, name } = record(binding.roleRef);
  const causes: Cause[] = [];
  if (kind !== 'ClusterRole' && kind !== 'Role') causes.push(required('roleRef.kind'));
  if (text(name) === undefined) causes.push(required('roleRef.name'));
  for (const [at, subject] of list(binding.subjects).map(record).entries()) {
    if (!subjectKinds.includes(text(subject.kind) ?? ''))
      causes.push(notSupported(`subjects[${at}].kind`, subject.kind, subjectKinds));
  }
  if (old !== undefined && !same(binding.roleRef, old.roleRef)) {
    const { apiGroup } = record(binding.roleRef);
    // The internal type, which is printed, has no names in JSON.
    const printed = { APIGroup: apiGroup ?? '', Kind: kind ?? '', Name: name ?? '' };
    causes.push(invalidValue('roleRef', printed, 'cannot change roleRef'));
  }
  return causes;
};

/** Subjects and references name their API group even where a manifest leaves it out. */
const completeBinding = (binding: JsonObject): void => {
  binding.roleRef = { apiGroup: group, ...record(binding.roleRef) };
  const subjects = list(binding.subjects).map(record);
  if (subjects.length === 0) return;
  binding.subjects = subjects.map((subject) =>
    subject.kind === 'ServiceAccount' ? subject : { apiGroup: group, ...subject },
  );
};

const rbac = {
  group,
  versions: ['v1'],
  storage: 'v1',
  custom: false,
  shortNames: [],
  subresources: [],
  generation: false,
} as const;

/** Who may do what: kept here, and obeyed where the cluster is started with `authorize: 'RBAC'`. */
export const rbacResources: readonly Resource[] = [
  {
    ...rbac,
    plural: 'clusterroles',
    singular: 'clusterrole',
    kind: 'ClusterRole',
    namespaced: false,
    check: checkRole,
  },
  { ...rbac, plural: 'roles', singular: 'role', kind: 'Role', namespaced: true, check: checkRole },
  {
    ...rbac,
    plural: 'clusterrolebindings',
    singular: 'clusterrolebinding',
    kind: 'ClusterRoleBinding',
    namespaced: false,
    complete: completeBinding,
    check: checkBinding,
  },
  {
    ...rbac,
    plural: 'rolebindings',
    singular: 'rolebinding',
    kind: 'RoleBinding',
    namespaced: true,
    complete: completeBinding,
    check: checkBinding,
  },
];
