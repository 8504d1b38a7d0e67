import { type Cause, invalidValue, required } from './cause.ts';
import {
  keyRule,
  label,
  labelRule,
  labelValue,
  qualifiedName,
  subdomain,
  subdomainRule,
  valueRule,
} from './names.ts';
import { type JsonObject, list, record, text } from './object.ts';

const badKey = (key: string): boolean => {
  const [prefix, name, ...rest] = key.includes('/') ? key.split('/') : [undefined, key];
  return (
    rest.length > 0 ||
    name === undefined ||
    name.length > 63 ||
    !qualifiedName.test(name) ||
    (prefix !== undefined && (prefix.length > 253 || !subdomain.test(prefix)))
  );
};

/** Kinds whose names may hold anything that a path segment may (`system:node`), rbac validation. */
const pathNamed = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);

const badName = (kind: string, name: string): string | undefined => {
  if (kind === 'Namespace') {
    if (name.includes('.')) return 'must not contain dots';
    return name.length > 63 || !label.test(name) ? labelRule : undefined;
  }
  if (pathNamed.has(kind))
    return /^\.{1,2}$|[/%]/.test(name) ? "may not be '.' or '..', or contain '/' or '%'" : undefined;
  return name.length > 253 || !subdomain.test(name) ? subdomainRule : undefined;
};

/** Metadata rules that hold for every kind (apimachinery `pkg/api/validation/objectmeta.go`). */
export const metadataCauses = (kind: string, metadata: JsonObject): Cause[] => {
  const causes: Cause[] = [];
  const name = text(metadata.name);
  if (name === undefined) {
    causes.push(required('metadata.name', 'name or generateName is required'));
  } else {
    const broken = badName(kind, name);
    if (broken !== undefined) causes.push(invalidValue('metadata.name', name, broken));
  }
  for (const [key, value] of Object.entries(record(metadata.labels))) {
    if (badKey(key)) causes.push(invalidValue('metadata.labels', key, keyRule));
    if (typeof value === 'string' && (value.length > 63 || !labelValue.test(value))) {
      causes.push(invalidValue('metadata.labels', value, valueRule));
    }
  }
  for (const key of Object.keys(record(metadata.annotations))) {
    // Keys of annotations may be written in upper case (ValidateAnnotations lowers them first).
    if (badKey(key.toLowerCase())) causes.push(invalidValue('metadata.annotations', key, keyRule));
  }
  for (const finalizer of list(metadata.finalizers)) {
    if (typeof finalizer === 'string' && badKey(finalizer)) {
      causes.push(invalidValue('metadata.finalizers', finalizer, keyRule));
    }
  }
  const owners = list(metadata.ownerReferences).map(record);
  for (const owner of owners) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (text(owner[field]) === undefined) {
        const why = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
        causes.push(invalidValue(`metadata.ownerReferences.${field}`, '', why));
      }
    }
  }
  if (owners.filter((owner) => owner.controller === true).length > 1) {
    causes.push(
      invalidValue('metadata.ownerReferences', owners, 'Only one reference can have Controller set to true.'),
    );
  }
  return causes;
};
