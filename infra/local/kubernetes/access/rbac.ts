import type { Attributes } from '../http/faults.ts';
import { type JsonObject, type KubeObject, list, record, text } from '../objects/object.ts';
import type { Store } from '../store/store.ts';

const group = 'rbac.authorization.k8s.io';

/** Whether one rule covers a request (`plugin/pkg/auth/authorizer/rbac`, RuleAllows). */
const covers = (rule: JsonObject, { verb, group: of, resource, subresource, name }: Attributes): boolean => {
  const has = (field: string, ...wanted: readonly string[]): boolean =>
    list(rule[field]).some((entry) => entry === '*' || wanted.includes(String(entry)));
  const names = list(rule.resourceNames);
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const under = subresource === '' ? [] : [`*/${subresource}`];
  return (
    has('verbs', verb) &&
    has('apiGroups', of) &&
    has('resources', whole, ...under) &&
    (names.length === 0 || names.includes(name))
  );
};

const isSubject = (subject: JsonObject, { user, groups }: Attributes, space: string): boolean => {
  const name = text(subject.name) ?? '';
  switch (subject.kind) {
    case 'User':
      return name === user;
    case 'Group':
      return groups.includes(name);
    case 'ServiceAccount':
      return user === `system:serviceaccount:${text(subject.namespace) ?? space}:${name}`;
    default:
      return false;
  }
};

/**
 * Role-based access: whoever a binding names may do what its role's rules cover, everywhere by a
 * ClusterRoleBinding, in one namespace by a RoleBinding. What no rule covers is refused.
 */
export const rbacAuthorizer = (store: Store): ((attributes: Attributes) => boolean) => {
  const rulesOf = (binding: KubeObject, space: string): JsonObject[] => {
    const { kind, name } = record(binding.roleRef);
    const role =
      kind === 'ClusterRole'
        ? store.get(`${group}/clusterroles`, '', String(name))
        : store.get(`${group}/roles`, space, String(name));
    return list(role?.rules).map(record);
  };
  const grants = (binding: KubeObject, attributes: Attributes): boolean => {
    const space = text(binding.metadata.namespace) ?? '';
    const subjects = list(binding.subjects).map(record);
    return (
      subjects.some((subject) => isSubject(subject, attributes, space)) &&
      rulesOf(binding, space).some((rule) => covers(rule, attributes))
    );
  };
  return (attributes) => {
    const bindings = [...store.list(`${group}/clusterrolebindings`, '')];
    if (attributes.namespace !== '')
      bindings.push(...store.list(`${group}/rolebindings`, attributes.namespace));
    return bindings.some((binding) => grants(binding, attributes));
  };
};
