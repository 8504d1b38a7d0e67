import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import type { Place } from './field-place.ts';
import { type FieldSet, include, itself } from './field-set.ts';
import { itemsByName } from './list-items.ts';

const withItself = (set: FieldSet): FieldSet => ({ ...set, ...itself() });

const isBare = (value: Json): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);

const ofValue = (value: Json, place: Place): FieldSet => {
  if (isObject(value) && !place.atomic) return appliedFields(value, place);
  if (!Array.isArray(value) || place.list === 'atomic') return itself();
  const set: FieldSet = {};
  for (const [name, item] of itemsByName(value, place) ?? []) {
    include(set, name, withItself(ofValue(item, place.item())));
  }
  return set;
};

/**
 * The fields that a configuration names, which whoever applies it owns: leaves, items of lists, and keys of maps
 * (structured-merge-diff `typed/tofieldset.go`).
 */
export const appliedFields = (config: JsonObject, place: Place): FieldSet => {
  const set: FieldSet = {};
  for (const [name, value] of Object.entries(config)) {
    const inner = place.field(name);
    if (inner === undefined) continue;
    const part = ofValue(value, inner);
    include(set, `f:${name}`, isBare(value) || !place.declares(name) ? withItself(part) : part);
  }
  return set;
};
