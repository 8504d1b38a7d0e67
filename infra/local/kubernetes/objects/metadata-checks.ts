import { type Cause, invalidValue, required } from './cause.ts';
import {
  type Faults,
  keyRule,
  labelFaults,
  labelValue,
  ofPrefix,
  qualifiedName,
  subdomain,
  subdomainFaults,
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

/** What is wrong with the name of an object, or with the beginning of one (`isPrefix`). */
const nameFaults = (kind: string, name: string, isPrefix: boolean): string[] => {
  const whole = (faults: Faults): string[] => (isPrefix ? ofPrefix(faults) : faults)(name);
  if (kind === 'Namespace') {
    if (name.includes('.')) return ['must not contain dots'];
    return whole(labelFaults);
  }
  if (pathNamed.has(kind))
    return /^\.{1,2}$|[/%]/.test(name) ? ["may not be '.' or '..', or contain '/' or '%'"] : [];
  return whole(subdomainFaults);
};

/** Metadata rules that hold for every kind (apimachinery `pkg/api/validation/objectmeta.go`). */
export const metadataCauses = (kind: string, metadata: JsonObject): Cause[] => {
  const causes: Cause[] = [];
  const name = text(metadata.name);
  const generateName = text(metadata.generateName) ?? '';
  if (generateName !== '')
    for (const why of nameFaults(kind, generateName, true))
      causes.push(invalidValue('metadata.generateName', generateName, why));
  if (name === undefined) {
    causes.push(required('metadata.name', 'name or generateName is required'));
  } else {
    for (const why of nameFaults(kind, name, false)) causes.push(invalidValue('metadata.name', name, why));
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
  causes.push(...ownerCauses(list(metadata.ownerReferences).map(record)));
  return causes;
};

/** Events are gone before what they own (apimachinery `BannedOwners`). */
const isBanned = ({ apiVersion, kind }: JsonObject): boolean => apiVersion === 'v1' && kind === 'Event';

/** Owners are named whole, and one of them at most is the controller (ValidateOwnerReferences). */
const ownerCauses = (owners: readonly JsonObject[]): Cause[] => {
  const causes: Cause[] = [];
  for (const owner of owners) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (text(owner[field]) === undefined) {
        const why = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
        causes.push(invalidValue(`metadata.ownerReferences.${field}`, '', why));
      }
    }
    if (isBanned(owner)) {
      const why = '/v1, Kind=Event is disallowed from being an owner';
      causes.push(invalidValue('metadata.ownerReferences', owner, why));
    }
  }
  const [first, ...others] = owners
    .filter((owner) => owner.controller === true)
    .map(({ kind, name }) => `${String(kind)}/${String(name)}`);
  for (const other of others) {
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`;
    causes.push(invalidValue('metadata.ownerReferences', owners, why));
  }
  return causes;
};

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Finalizers of a new object of a built-in kind have a domain, or are Kubernetes' own (core validateKubeFinalizerName). */
export const unqualifiedFinalizers = (metadata: JsonObject): Cause[] =>
  list(metadata.finalizers).flatMap((name, at) =>
    typeof name !== 'string' || name.includes('/') || standardFinalizers.includes(name)
      ? []
      : [
          invalidValue(
            `metadata.finalizers[${at}]`,
            name,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
