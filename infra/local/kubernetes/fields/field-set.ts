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

/** The set that `set` has under `element`; `undefined` where it has none. */
export const inside = (set: FieldSet, element: string): FieldSet | undefined => {
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

/** Whether the place itself is in a set, and not only what is inside of it. */
export const hasItself = (set: FieldSet): boolean => set[self] !== undefined;

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

/** What is in both. */
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => {
  const shared: FieldSet = {};
  for (const element of Object.keys(a)) {
    const [mine, other] = [inside(a, element), inside(b, element)];
    if (mine === undefined || other === undefined) continue;
    if (element === self) shared[self] = {};
    else include(shared, element, intersection(mine, other));
  }
  return shared;
};

/** `.name`, `[name="app",port=80]`, `[="value"]` (structured-merge-diff `fieldpath/element.go`). */
export const shownElement = (element: string): string => {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
};

/** The paths of a set in the order of structured-merge-diff: at each place its members, then what is inside of it. */
export const pathsOf = (set: FieldSet, path = ''): string[] => {
  const elements = Object.keys(set).filter((element) => element !== self);
  const parts = elements.sort().map((element) => ({
    path: `${path}${shownElement(element)}`,
    part: inside(set, element) ?? {},
  }));
  return [
    ...parts.filter(({ part }) => hasItself(part)).map((member) => member.path),
    ...parts.flatMap((member) => pathsOf(member.part, member.path)),
  ];
};
