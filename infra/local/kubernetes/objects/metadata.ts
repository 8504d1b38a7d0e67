import { type Cause, forbiddenField, immutable } from './cause.ts';
import { clone, isObject, type Json, type JsonObject, type KubeObject, list, type Meta } from './object.ts';
import { badRequest } from './status.ts';

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
  managedFields: '[]v1.ManagedFieldsEntry',
};

const fits: Readonly<Record<string, (value: Json) => boolean>> = {
  'map[string]string': (value) =>
    isObject(value) && Object.values(value).every((entry) => typeof entry === 'string'),
  '[]string': (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
  '[]v1.OwnerReference': (value) => Array.isArray(value) && value.every(isObject),
  '[]v1.ManagedFieldsEntry': (value) => Array.isArray(value) && value.every(isObject),
};

/**
 * The metadata of a request's object, with the types that ObjectMeta has.
 * @throws StatusError 400 as the decoder of the API server does
 */
export const decodeMetadata = (object: JsonObject): JsonObject => {
  const given = object.metadata ?? {};
  if (!isObject(given)) throw wrongType('', given, 'v1.ObjectMeta');
  // Owners can be many, and nobody changes them: they are not worth a copy.
  const { managedFields, ...rest } = given;
  const metadata: JsonObject = clone(rest);
  if (managedFields !== undefined) metadata.managedFields = managedFields;
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
    'managedFields',
  ]) {
    const before = old[field];
    if (before === undefined) delete kept[field];
    else kept[field] = before;
  }
  delete kept.selfLink;
  return kept;
};

export const isDeleting = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;

export const finalizersOf = (object: KubeObject): readonly Json[] => list(object.metadata.finalizers);
