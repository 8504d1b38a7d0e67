import { isObject, type Json, type JsonObject, record } from '../objects/object.ts';
import type { Place } from './field-place.ts';
import { type FieldSet, hasItself, inside } from './field-set.ts';
import { itemName } from './list-items.ts';

/** What was applied the last time, and what anybody owns now. */
interface Owned {
  readonly last: FieldSet;
  readonly now: FieldSet;
}

/**
 * One value after it is decided whether it stays: it goes if it was applied and nobody owns it any more. A field of
 * a struct counts as owned when something in it is.
 */
const keep = (
  element: string,
  value: Json,
  declared: boolean,
  { last, now }: Owned,
  place: Place,
): Json | undefined => {
  const before = inside(last, element);
  if (before === undefined) return value;
  const after = inside(now, element);
  const wasApplied = declared || hasItself(before);
  const isOwned = after !== undefined && (declared || hasItself(after));
  if (wasApplied && !isOwned) return unownable(value, place);
  return pruneValue(value, { last: before, now: after ?? {} }, place);
};

/** What nobody can own stays whoever else goes: an object's name. */
const unownable = (value: Json, place: Place): Json | undefined => {
  const kept = Object.entries(record(value)).filter(([name]) => place.field(name) === undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

/** A map or list that loses its last entry goes with it. */
const pruneValue = (value: Json, owned: Owned, place: Place): Json | undefined => {
  if (isObject(value) && !place.atomic) {
    const left = pruneUnapplied(value, owned, place);
    return Object.keys(left).length === 0 && Object.keys(value).length > 0 ? undefined : left;
  }
  if (!Array.isArray(value) || place.list === 'atomic') return value;
  const left = value.flatMap((item) => {
    const name = itemName(item, place);
    const kept = name === undefined ? item : keep(name, item, false, owned, place.item());
    return kept === undefined ? [] : [kept];
  });
  return left.length === 0 && value.length > 0 ? undefined : left;
};

/**
 * `object` without the fields that their applier leaves out this time and nobody else owns
 * (structured-merge-diff `merge/update.go`, prune). What nobody ever owned stays, unless all around it goes.
 */
export const pruneUnapplied = (object: JsonObject, owned: Owned, place: Place): JsonObject => {
  const left: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const inner = place.field(name);
    const kept = inner === undefined ? value : keep(`f:${name}`, value, place.declares(name), owned, inner);
    if (kept !== undefined) left[name] = kept;
  }
  return left;
};
