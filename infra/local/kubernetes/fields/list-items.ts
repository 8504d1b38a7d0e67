import { isObject, type Json } from '../objects/object.ts';
import type { Place } from './field-place.ts';

/** What tells an item of a list apart, as a set of fields names it; `undefined` where nothing does. */
export const itemName = (item: Json, { list, keyDefault }: Place): string | undefined => {
  if (list === 'set') return `v:${JSON.stringify(item)}`;
  if (list === 'atomic' || !isObject(item)) return undefined;
  const key = list.flatMap((name) => {
    const value = item[name] ?? keyDefault(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return key.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(key))}`;
};

/** The items by their names; `undefined` if they do not divide: one has no key, or two have the same. */
export const itemsByName = (items: readonly Json[], place: Place): Map<string, Json> | undefined => {
  const found = new Map<string, Json>();
  for (const item of items) {
    const name = itemName(item, place);
    if (name === undefined || found.has(name)) return undefined;
    found.set(name, item);
  }
  return found;
};
