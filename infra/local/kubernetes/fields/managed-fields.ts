import type { Target, WriteOptions } from '../cluster.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  text,
  without,
} from '../objects/object.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { typeOfKind } from '../types/table.ts';
import { emptyOf } from '../types/written.ts';
import { type FieldChange, fieldChange } from './field-change.ts';
import { objectPlace, type Place, whole } from './field-place.ts';
import { isEmptySet } from './field-set.ts';
import { type Manager, managersAfter } from './managers.ts';

/** Fields of a spec that come after owners are counted: from admission, or the registry. */
const addedLater: Readonly<Record<string, readonly string[]>> = {
  Namespace: ['finalizers'],
  Pod: ['preemptionPolicy', 'priority', 'serviceAccount', 'serviceAccountName', 'tolerations'],
};

/** How an object divides into fields that can have owners. */
export const placeOf = ({ resource, version, subresource }: Target): Place => {
  const { custom, kind, structures, subresources } = resource;
  const status = subresource === 'status' || !subresources.includes('status');
  const place = objectPlace(custom ? structures?.[version] : 'builtin', status);
  // What a revision holds is of any type, and divides for nobody (runtime.RawExtension).
  if (kind !== 'ControllerRevision' || custom) return place;
  return { ...place, field: (name) => (name === 'data' ? whole : place.field(name)) };
};

const change = (before: JsonObject, after: JsonObject, target: Target): FieldChange =>
  fieldChange(before, after, placeOf(target));

export const writerOf = (
  { resource, version, subresource }: Target,
  { manager, through }: WriteOptions,
  operation: Manager['operation'] = 'Update',
): Manager => ({
  manager,
  operation,
  apiVersion: apiVersionOf(resource.group, version),
  subresource: through ?? subresource,
});

/**
 * The owner of a new object's fields: whoever creates it.
 * @param given the object as it came, without what the server adds
 */
export const firstManagers = (
  given: JsonObject,
  object: KubeObject,
  target: Target,
  options: WriteOptions,
  time: string,
): Json[] | undefined => {
  const { kind } = target.resource;
  const spec = record(object.spec);
  const later = (addedLater[kind] ?? []).filter((field) => record(given.spec)[field] === undefined);
  const own = { ...object, ...(object.spec === undefined ? {} : { spec: without(spec, ...later) }) };
  return ownerOfAll(own, target, writerOf(target, options), time);
};

/** The entries when one manager has all fields of an object. */
export const ownerOfAll = (
  object: JsonObject,
  target: Target,
  manager: Manager,
  time: string,
): Json[] | undefined => managersAfter([], change(emptyLike(object, target), object, target), manager, time);

/** A new object of the kind, before anything is said about it: a built-in one has the fields that its Go type always has. */
const emptyLike = ({ apiVersion, kind }: JsonObject, { resource: { custom } }: Target): JsonObject => {
  const type = custom ? undefined : typeOfKind(String(apiVersion), String(kind));
  return { ...(type === undefined ? {} : emptyOf(type)), metadata: {} };
};

/** An empty list, or one of an empty entry, takes all owners away (`fieldmanager.go`, isResetManagedFields). */
const clears = (given: Json | undefined): boolean =>
  Array.isArray(given) &&
  given.every((entry) => isObject(entry) && Object.keys(entry).length === 0) &&
  given.length <= 1;

/** Whether a client's entries can be read as owners (`internal/managedfields.go`, DecodeManagedFields). */
const isReadable = (given: Json | undefined): given is JsonObject[] =>
  Array.isArray(given) &&
  given.length > 0 &&
  given.every(
    (entry) =>
      isObject(entry) &&
      (entry.operation === 'Apply' || entry.operation === 'Update') &&
      text(entry.apiVersion) !== undefined &&
      entry.fieldsType === 'FieldsV1',
  );

/** Of an Event, fields that its other API names are nobody's in this one (`internal/manager.go`: a version that is missing). */
const convertible = (entries: Json[], { resource, version }: Target): Json[] =>
  resource.kind === 'Event' && !resource.custom
    ? entries.filter((entry) => record(entry).apiVersion === apiVersionOf(resource.group, version))
    : entries;

/**
 * The owners after `current` became `next`. An object without owners does not get any by an update
 * (`skipnonapplied.go`). What a client sends as owners counts if it can be read, and if it clears them; those who
 * do not know of owners and leave them out change nothing.
 * @param given `metadata.managedFields` of the request
 */
export const nextManagers = (
  current: KubeObject,
  next: KubeObject,
  given: Json | undefined,
  target: Target,
  options: WriteOptions,
  time: string,
): Json | undefined => {
  const writer = writerOf(target, options);
  const whole = writer.subresource === undefined;
  if (whole && clears(given)) return undefined;
  const all = whole && isReadable(given) ? given : current.metadata.managedFields;
  if (all === undefined) return undefined;
  const managedFields = convertible(list(all), target);
  const changed = change(current, next, target);
  if (isEmptySet(changed.taken) && isEmptySet(changed.removed)) return managedFields;
  return managersAfter(managedFields, changed, writer, time);
};

const longestManager = 128;

/** The first word of a User-Agent, of what can be printed of it (handlers/create.go, prefixFromUserAgent). */
export const managerOf = (query: URLSearchParams, userAgent: string | undefined): string => {
  const named = query.get('fieldManager') ?? '';
  if (named !== '') return named;
  const [word = ''] = (userAgent ?? '').split('/');
  return word.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, longestManager) || 'unknown';
};
