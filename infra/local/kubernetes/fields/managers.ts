import { isObject, type Json, type JsonObject, record, text } from '../objects/object.ts';
import type { FieldChange } from './field-change.ts';
import { difference, type FieldSet, isEmptySet, union } from './field-set.ts';

/** Who writes, as an entry of `metadata.managedFields` tells them apart. */
export interface Manager {
  readonly manager: string;
  /** The version in which the fields are named. */
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

const isOf = (entry: JsonObject, { manager, apiVersion, subresource }: Manager): boolean =>
  entry.manager === manager &&
  entry.operation === 'Update' &&
  entry.apiVersion === apiVersion &&
  text(entry.subresource) === subresource;

const fieldsOf = (entry: JsonObject): FieldSet => record(entry.fieldsV1);

/** Oldest first, then by name (`managedfields/internal/managedfields.go`, sortEncodedManagedFields). */
const rank = (entry: JsonObject): string =>
  ['operation', 'time', 'manager', 'apiVersion', 'subresource']
    .map((field) => text(entry[field]) ?? '')
    .join('\0');

const sorted = (entries: JsonObject[]): JsonObject[] =>
  entries.sort((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));

/** The API server remembers so many managers of an object (DefaultMaxUpdateManagers). */
const mostManagers = 10;

/** Beyond that, the oldest ones become one (`capmanagers.go`). */
const capped = (entries: JsonObject[]): JsonObject[] => {
  const kept = [...entries];
  while (kept.length > mostManagers) {
    const at = kept.findIndex(
      (entry, index) => kept.findIndex(({ apiVersion }) => apiVersion === entry.apiVersion) < index,
    );
    const [later] = at < 0 ? [] : kept.splice(at, 1);
    if (later === undefined) break;
    const first = kept.findIndex(({ apiVersion }) => apiVersion === later.apiVersion);
    const { subresource: _, ...rest } = later;
    const fieldsV1 = union(fieldsOf(record(kept[first])), fieldsOf(later));
    kept[first] = { ...rest, manager: 'ancient-changes', fieldsV1 };
  }
  return sorted(kept);
};

/**
 * The entries after a write: the fields that it changed are its manager's, and nobody has those that it removed.
 * Only an entry that took something gets a new time.
 */
export const managersAfter = (
  entries: readonly Json[],
  { taken, removed }: FieldChange,
  manager: Manager,
  time: string,
): Json[] | undefined => {
  const changed = union(taken, removed);
  const left = entries.filter(isObject).flatMap((entry) => {
    const fields = difference(fieldsOf(entry), isOf(entry, manager) ? removed : changed);
    if (fields === entry.fieldsV1) return [entry];
    return isEmptySet(fields) ? [] : [{ ...entry, fieldsV1: fields }];
  });
  if (isEmptySet(taken)) return left.length === 0 ? undefined : left;
  const own = left.find((entry) => isOf(entry, manager));
  const { subresource } = manager;
  const entry: JsonObject = {
    manager: manager.manager,
    operation: 'Update',
    apiVersion: manager.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: union(own === undefined ? {} : fieldsOf(own), taken),
    ...(subresource === undefined ? {} : { subresource }),
  };
  return capped(sorted([...left.filter((other) => other !== own), entry]));
};
