import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import type { Place } from './field-place.ts';
import { itemName } from './list-items.ts';

/**
 * The applied items in their order; what only the server has stays between the neighbours that it had, as far as
 * their order allows (structured-merge-diff `typed/merge.go`, visitListItems).
 */
const mergeItems = (live: readonly Json[], config: readonly Json[], place: Place): Json[] => {
  const before = live.map((item) => itemName(item, place));
  const names = new Set(config.map((item) => itemName(item, place)));
  const isApplied = (at: number): boolean => names.has(before[at]);
  const merged: Json[] = [];
  let at = 0;
  /** Goes on in the live list up to `end`, and takes over what only the server has. */
  const pass = (end: number): void => {
    for (; at < end; at += 1) if (!isApplied(at)) merged.push(live[at] ?? null);
  };
  const passOthers = (): void => {
    while (at < live.length && !isApplied(at)) pass(at + 1);
  };
  passOthers();
  for (const item of config) {
    const name = itemName(item, place);
    const found = before.indexOf(name, at);
    pass(found);
    merged.push(mergeValue(live[before.indexOf(name)], item, place.item()));
    if (found < 0) continue;
    at = found + 1;
    passOthers();
  }
  pass(live.length);
  return merged;
};

const mergeValue = (live: Json | undefined, config: Json, place: Place): Json => {
  const empty = live === undefined || live === null;
  if (isObject(config) && !place.atomic && (empty || isObject(live))) {
    return mergeApplied(empty ? {} : live, config, place);
  }
  if (Array.isArray(config) && place.list !== 'atomic' && Array.isArray(live)) {
    return mergeItems(live, config, place);
  }
  return config;
};

/** `live` with what `config` says; where `config` is silent it stays. */
export const mergeApplied = (live: JsonObject, config: JsonObject, place: Place): JsonObject => {
  const merged: JsonObject = { ...live };
  for (const [name, value] of Object.entries(config)) {
    const inner = place.field(name);
    // What nobody can own, as a name or a version, is taken as it comes.
    merged[name] = inner === undefined ? value : mergeValue(live[name], value, inner);
    if (merged[name] === null) delete merged[name];
  }
  return merged;
};
