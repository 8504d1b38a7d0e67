import {
  clone,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  type Meta,
  record,
  text,
} from './object.ts';
import { badRequest, type Cause, forbiddenField, immutable, invalidValue, required } from './status.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const wrongType = (field: string, value: Json, wanted: string): Error =>
  badRequest(
    `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go struct field ObjectMeta.metadata.${field} of type ${wanted}`,
  );

const fieldTypes: Readonly<Record<string, string>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  uid: 'types.UID',
  resourceVersion: 'string',
  labels: 'map[string]string',
  annotations: 'map[string]string',
  finalizers: '[]string',
  ownerReferences: '[]v1.OwnerReference',
};

const fits: Readonly<Record<string, (value: Json) => boolean>> = {
  'map[string]string': (value) =>
    isObject(value) && Object.values(value).every((entry) => typeof entry === 'string'),
  '[]string': (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
  '[]v1.OwnerReference': (value) => Array.isArray(value) && value.every(isObject),
};

/**
 * The metadata of a request's object, with the types that ObjectMeta has.
 * @throws StatusError 400 as the decoder of the API server does
 */
export const decodeMetadata = (object: JsonObject): JsonObject => {
  const given = object.metadata ?? {};
  if (!isObject(given)) throw wrongType('', given, 'v1.ObjectMeta');
  const metadata = clone(given);
  for (const [field, type] of Object.entries(fieldTypes)) {
    const value = metadata[field];
    if (value === undefined) continue;
    if (value === null) delete metadata[field];
    else if (!(fits[type]?.(value) ?? typeof value === 'string')) throw wrongType(field, value, type);
  }
  for (const field of ['creationTimestamp', 'deletionTimestamp'])
    if (metadata[field] === null) delete metadata[field];
  // Empty maps and lists are omitted by their Go types' `omitempty`.
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = metadata[field];
    if (isObject(value) ? Object.keys(value).length === 0 : Array.isArray(value) && value.length === 0)
      delete metadata[field];
  }
  return metadata;
};

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

/** Metadata rules that hold for every kind (apimachinery `pkg/api/validation/objectmeta.go`). */
export const metadataCauses = (kind: string, metadata: JsonObject): Cause[] => {
  const causes: Cause[] = [];
  const name = text(metadata.name);
  if (name === undefined) {
    causes.push(required('metadata.name', 'name or generateName is required'));
  } else if (
    kind === 'Namespace' ? name.length > 63 || !label.test(name) : name.length > 253 || !subdomain.test(name)
  ) {
    causes.push(invalidValue('metadata.name', name, kind === 'Namespace' ? labelRule : subdomainRule));
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
  for (const [at, owner] of owners.entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (text(owner[field]) === undefined) {
        causes.push(invalidValue(`metadata.ownerReferences[${at}].${field}`, '', 'must not be empty'));
      }
    }
  }
  if (owners.filter((owner) => owner.controller === true).length > 1) {
    causes.push(
      invalidValue('metadata.ownerReferences', null, 'Only one reference can have Controller set to true.'),
    );
  }
  return causes;
};

/** What an update may not do to metadata (ValidateObjectMetaAccessorUpdate). */
export const metadataUpdateCauses = (metadata: JsonObject, old: Meta): Cause[] => {
  const causes: Cause[] = [];
  for (const field of ['name', 'namespace', 'uid'])
    if (metadata[field] !== old[field]) causes.push(immutable(`metadata.${field}`, metadata[field]));
  if (old.deletionTimestamp === undefined) return causes;
  const before = new Set(list(old.finalizers));
  const added = list(metadata.finalizers).filter((finalizer) => !before.has(finalizer));
  if (added.length > 0) {
    causes.push(
      forbiddenField(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
      ),
    );
  }
  return causes;
};

/** Metadata that only the server sets is taken from the stored object, whatever a request says. */
export const inheritMetadata = (metadata: JsonObject, old: Meta): JsonObject => {
  const kept: JsonObject = { ...metadata };
  kept.uid ??= old.uid;
  kept.resourceVersion = old.resourceVersion;
  for (const field of [
    'creationTimestamp',
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generateName',
  ]) {
    const before = old[field];
    if (before === undefined) delete kept[field];
    else kept[field] = before;
  }
  delete kept.managedFields;
  delete kept.selfLink;
  return kept;
};

export const isDeleting = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;

export const finalizersOf = (object: KubeObject): readonly Json[] => list(object.metadata.finalizers);
