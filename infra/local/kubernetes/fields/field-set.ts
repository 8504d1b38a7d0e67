import { isObject, type JsonObject } from '../objects/object.ts';

/**
 * A set of fields as `fieldsV1` spells it (structured-merge-diff `fieldpath/serialize.go`): `f:NAME` for a field,
 * `k:KEYS` and `v:VALUE` for an item of a list, `.` for the place itself, which is left out where it is alone.
 */
export type FieldSet = JsonObject;

const self = '.';

export const isEmptySet = (set: FieldSet): boolean => Object.keys(set).length === 0;

/** A set of nothing but the place itself. */
export const itself = (): FieldSet => ({ [self]: {} });

const inside = (set: FieldSet, element: string): FieldSet | undefined => {
  const part = set[element];
  if (!isObject(part)) return undefined;
  return isEmptySet(part) ? itself() : part;
};

/** `part` as it stands in its parent, where `{}` means the place itself; `undefined` for an empty set. */
const spelled = (part: FieldSet): FieldSet | undefined => {
  const [first, ...others] = Object.keys(part);
  if (first === undefined) return undefined;
  return first === self && others.length === 0 ? {} : part;
};

/** Puts the set `part` into `set` under `element`, unless it is empty. Changes `set`. */
export const include = (set: FieldSet, element: string, part: FieldSet): void => {
  const entry = spelled(part);
  if (entry !== undefined) set[element] = entry;
};

export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  const all = { ...a };
  for (const element of Object.keys(b)) {
    const [mine, other] = [inside(a, element), inside(b, element)];
    if (element === self) all[self] = {};
    else if (other !== undefined) include(all, element, mine === undefined ? other : union(mine, other));
  }
  return all;
};

/** `a` without what is in `b`: `a` itself where they share nothing. Looks at no more than `b` holds. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => {
  let rest = a;
  for (const element of Object.keys(b)) {
    const [mine, other] = [inside(a, element), inside(b, element)];
    if (mine === undefined || other === undefined) continue;
    const left = element === self ? {} : difference(mine, other);
    if (left === mine) continue;
    if (rest === a) rest = { ...a };
    delete rest[element];
    include(rest, element, left);
  }
  return rest;
};
