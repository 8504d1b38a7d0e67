import {
  isObject,
  type Json,
  type JsonObject,
  list,
  record,
  same,
  text,
  without,
} from '../objects/object.ts';
import type { FieldChange } from './field-change.ts';
import { difference, type FieldSet, isEmptySet, union } from './field-set.ts';

/** Who writes, as an entry of `metadata.managedFields` tells them apart. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  /** The version in which the fields are named. */
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

/** Who applies is the same in every version (`internal/managedfields.go`, BuildManagerIdentifier). */
export const isOf = (entry: JsonObject, { manager, operation, apiVersion, subresource }: Manager): boolean =>
  entry.manager === manager &&
  entry.operation === operation &&
  (operation === 'Apply' || entry.apiVersion === apiVersion) &&
  text(entry.subresource) === subresource;

export const fieldsOf = (entry: JsonObject): FieldSet => record(entry.fieldsV1);

/** Oldest first, then by name (`managedfields/internal/managedfields.go`, sortEncodedManagedFields). */
const rank = (entry: JsonObject): string =>
  ['operation', 'time', 'manager', 'apiVersion', 'subresource']
    .map((field) => text(entry[field]) ?? '')
    .join('\0');

export const sorted = (entries: JsonObject[]): JsonObject[] =>
  entries.sort((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));

/** The API server remembers so many managers of an object (DefaultMaxUpdateManagers). */
const mostManagers = 10;

/** Beyond that, the oldest that did not apply become one (`capmanagers.go`). */
const capped = (entries: JsonObject[]): JsonObject[] => {
  const kept = entries.filter(({ operation }) => operation !== 'Apply');
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
  return sorted([...entries.filter(({ operation }) => operation === 'Apply'), ...kept]);
};

/** `now`, or `before` where only their times differ: a time alone is no change (handlers/create.go). */
export const unlessOnlyTimes = (now: Json, before: Json | undefined): Json =>
  before !== undefined && same(withoutTimes(list(now)), withoutTimes(list(before))) ? before : now;

const whoOf = ({ manager = null, operation = null, subresource = null }: JsonObject): JsonObject => ({
  manager,
  operation,
  subresource,
});

/**
 * A Scale's owners become its object's with the times that those had: who comes by a Scale alone has none (apimachinery
 * `managedfields/scalehandler.go`, ToParent).
 */
export const withTimesOf = (entries: readonly Json[], before: readonly Json[]): Json[] =>
  entries.map((entry) => {
    const { time, ...rest } = record(entry);
    const known = before.map(record).find((other) => same(whoOf(other), whoOf(rest)))?.time;
    return known === undefined ? rest : { ...rest, time: known };
  });

const withoutTimes = (entries: readonly Json[]): Json[] =>
  entries.map((entry) => without(record(entry), 'time'));

/** How `metadata.managedFields` says it. @param time absent for who applied what was there already */
export const entryOf = (manager: Manager, fieldsV1: FieldSet, time: string | undefined): JsonObject => ({
  manager: manager.manager,
  operation: manager.operation,
  apiVersion: manager.apiVersion,
  ...(time === undefined ? {} : { time }),
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
});

/** The entries without `fields`; an entry that has none left goes. */
export const withoutFields = (
  entries: readonly Json[],
  fields: (entry: JsonObject) => FieldSet,
): JsonObject[] =>
  entries.filter(isObject).flatMap((entry) => {
    const left = difference(fieldsOf(entry), fields(entry));
    if (left === entry.fieldsV1) return [entry];
    return isEmptySet(left) ? [] : [{ ...entry, fieldsV1: left }];
  });

/**
 * The entries after an update: the fields that it changed are its manager's, and nobody has those that it removed.
 * Only an entry that took something gets a new time.
 */
export const managersAfter = (
  entries: readonly Json[],
  { taken, removed }: FieldChange,
  manager: Manager,
  time: string,
): Json[] | undefined => {
  const changed = union(taken, removed);
  const left = withoutFields(entries, (entry) => (isOf(entry, manager) ? removed : changed));
  if (isEmptySet(taken)) return left.length === 0 ? undefined : left;
  const own = left.find((entry) => isOf(entry, manager));
  const entry = entryOf(manager, union(own === undefined ? {} : fieldsOf(own), taken), time);
  return capped(sorted([...left.filter((other) => other !== own), entry]));
};
