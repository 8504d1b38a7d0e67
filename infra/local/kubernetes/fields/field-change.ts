import { isObject, type Json, type JsonObject, list, record, same } from '../objects/object.ts';
import type { Place } from './field-place.ts';
import { type FieldSet, include, itself } from './field-set.ts';
import { itemsByName } from './list-items.ts';

/** The fields that a write added or gave another value, and those that it removed. */
export interface FieldChange {
  readonly taken: FieldSet;
  readonly removed: FieldSet;
}

type Value = Json | undefined;
/** A part of a value before and after, under its name in a set of fields. */
type Part = readonly [element: string, before: Value, after: Value, place: Place];

const isNothing = (value: Value): boolean => value === undefined || value === null;

const holdsNothing = (value: Value): boolean =>
  isNothing(value) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

const fieldParts = (before: JsonObject, after: JsonObject, place: Place): Part[] => {
  const parts: Part[] = [];
  const add = (name: string): void => {
    const inner = place.field(name);
    if (inner !== undefined) parts.push([`f:${name}`, before[name], after[name], inner]);
  };
  for (const name of Object.keys(after)) if (before[name] !== after[name]) add(name);
  for (const name of Object.keys(before)) if (after[name] === undefined) add(name);
  return parts;
};

const itemParts = (before: readonly Json[], after: readonly Json[], place: Place): Part[] | undefined => {
  const [old, next] = [itemsByName(before, place), itemsByName(after, place)];
  if (old === undefined || next === undefined) return undefined;
  const names = new Set([...next.keys(), ...old.keys()]);
  return [...names].map((name) => [name, old.get(name), next.get(name), place.item()]);
};

/** What a value divides into; `undefined` for a leaf. Two that hold nothing are a leaf, so that `{}` has an owner. */
const partsOf = (before: Value, after: Value, place: Place): Part[] | undefined => {
  if (holdsNothing(before) && holdsNothing(after)) return undefined;
  const both = (fits: (value: Value) => boolean): boolean =>
    [before, after].every((value) => isNothing(value) || fits(value));
  if (both((value) => isObject(value))) {
    return place.atomic ? undefined : fieldParts(record(before), record(after), place);
  }
  if (both((value) => Array.isArray(value))) return itemParts(list(before), list(after), place);
  return undefined;
};

const collect = ([element, before, after, place]: Part, { taken, removed }: FieldChange): void => {
  if (before === after) return;
  const inner: FieldChange = {
    taken: before === undefined ? itself() : {},
    removed: after === undefined ? itself() : {},
  };
  const parts = partsOf(before, after, place);
  if (parts !== undefined) for (const part of parts) collect(part, inner);
  else if (before !== undefined && after !== undefined && !same(before, after)) {
    include(taken, element, itself());
  }
  include(taken, element, inner.taken);
  include(removed, element, inner.removed);
};

/** What a write changed, as far as fields have owners (structured-merge-diff `typed/compare.go`). */
export const fieldChange = (before: JsonObject, after: JsonObject, place: Place): FieldChange => {
  const change: FieldChange = { taken: {}, removed: {} };
  for (const part of fieldParts(before, after, place)) collect(part, change);
  return change;
};
