import { isObject, type Json, type JsonObject, same } from '../objects/object.ts';
import { badRequest, StatusError } from '../objects/status.ts';
import { fmtText } from '../types/written.ts';
import { mergedSets, mergeKeyOf } from './merge-keys.ts';
import { unprocessable } from './unprocessable.ts';

const order = '$setElementOrder/';
const fromSet = '$deleteFromPrimitiveList/';

/**
 * Items that the patch orders, or else has, come in that order; the others stay where they were between them, and what
 * is new goes before them (strategicpatch.normalizeElementOrder).
 */
const ordered = (
  items: readonly Json[],
  before: readonly Json[],
  wanted: readonly Json[],
  id: (item: Json) => Json,
): Json[] => {
  const rank = (list: readonly Json[], item: Json): number =>
    list.findIndex((other) => same(id(other), id(item)));
  const ranked = items.filter((item) => rank(wanted, item) >= 0);
  ranked.sort((a, b) => rank(wanted, a) - rank(wanted, b));
  const others = items.filter((item) => rank(wanted, item) < 0);
  const merged: Json[] = [];
  while (ranked.length + others.length > 0) {
    const [first] = ranked;
    const [other] = others;
    // What only the server has goes first if it stood before the patch's next item.
    const takeOther =
      first === undefined ||
      (other !== undefined && rank(before, first) >= 0 && rank(before, other) < rank(before, first));
    const next = takeOther ? others.shift() : ranked.shift();
    if (next !== undefined) merged.push(next);
  }
  return merged;
};

const mergeItems = (
  before: readonly Json[],
  patch: readonly Json[],
  key: string,
  wanted: readonly Json[] | undefined,
  field: string,
): Json[] => {
  const id = (item: Json): Json => (isObject(item) ? (item[key] ?? null) : null);
  if (patch.some((item) => isObject(item) && item.$patch === 'replace')) {
    return patch
      .filter((item) => !isObject(item) || item.$patch !== 'replace')
      .map((item) => strategicMerge(undefined, item));
  }
  let items = [...before];
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key} (${field})`);
    }
    const at = items.findIndex((other) => same(id(other), id(item)));
    if (item.$patch === 'delete') items = items.filter((other) => !same(id(other), id(item)));
    else if (at < 0) items.push(strategicMerge(undefined, item));
    else items[at] = strategicMerge(items[at], item);
  }
  return ordered(items, before, wanted ?? patch, id);
};

const mergeSet = (
  before: readonly Json[],
  patch: readonly Json[],
  wanted: readonly Json[] | undefined,
): Json[] => {
  const items = [...before];
  for (const item of patch) if (!items.some((other) => same(other, item))) items.push(item);
  return ordered(items, before, wanted ?? patch, (item) => item);
};

/** What an item is, as far as the items of a list must be of one type. */
const typeOf = (item: Json): string => (Array.isArray(item) ? 'list' : typeof item);

/** @throws StatusError 422 for a list of lists, 500 for a list of maps and of values */
const refuseMixed = (before: readonly Json[], patch: readonly Json[]): void => {
  const [first, ...others] = [...before, ...patch].map(typeOf);
  if (first === 'list') throw unprocessable(new Error('lists of lists are not supported'));
  if (others.every((type) => type === first)) return;
  const lists = fmtText([[...before], [...patch]]);
  throw new StatusError(500, '', `list element types are not identical: ${lists}`);
};

const isDirected = (value: JsonObject): boolean => value.$patch !== undefined;

/** @throws StatusError 400 for directives that are none */
const refuseDirectives = (patch: JsonObject): void => {
  for (const [name, value] of Object.entries(patch)) {
    const isOrder = name.startsWith('$setElementOrder');
    if (isOrder && !(name.startsWith(order) && Array.isArray(value)))
      throw badRequest('invalid patch format of setElementOrder list');
    const isSet = name.startsWith('$deleteFromPrimitiveList');
    if (isSet && !(name.startsWith(fromSet) && Array.isArray(value)))
      throw badRequest('invalid patch format of primitive list');
    if (name === '$retainKeys' && !Array.isArray(value))
      throw badRequest('invalid patch format of retainKeys');
  }
};

const array = (value: Json | undefined): readonly Json[] | undefined =>
  Array.isArray(value) ? value : undefined;

/**
 * A strategic merge patch as kubelets and controllers send it (apimachinery `pkg/util/strategicpatch`):
 * lists merge by key, with `$patch: delete|replace`, `$setElementOrder`, `$retainKeys` and
 * `$deleteFromPrimitiveList`.
 * @throws StatusError 400 for an item without its list's key
 */
export const strategicMerge = (target: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch;
  refuseDirectives(patch);
  const { $patch, $retainKeys, ...rest } = patch;
  if ($patch === 'delete') return {};
  const base: JsonObject = isObject(target) && $patch !== 'replace' ? { ...target } : {};
  for (const [field, value] of Object.entries(rest)) {
    if (field.startsWith('$')) continue;
    if (value === null) {
      delete base[field];
      continue;
    }
    // A map with a directive for what is not there goes with it.
    if (isObject(value) && (value.$patch === 'delete' || (isDirected(value) && !(field in base)))) {
      delete base[field];
      continue;
    }
    const key = mergeKeyOf(field, array(value) ?? []);
    const wanted = array(rest[`${order}${field}`]);
    const before = array(base[field]) ?? [];
    const merges = key !== undefined || mergedSets.has(field);
    if (Array.isArray(value) && merges) refuseMixed(before, value);
    if (Array.isArray(value) && key !== undefined && value.every(isObject)) {
      base[field] = mergeItems(before, value, key, wanted, field);
    } else if (Array.isArray(value) && mergedSets.has(field)) base[field] = mergeSet(before, value, wanted);
    else base[field] = strategicMerge(base[field], value);
  }
  for (const [directive, value] of Object.entries(rest)) {
    if (directive.startsWith(fromSet)) {
      const field = directive.slice(fromSet.length);
      const gone = array(value) ?? [];
      base[field] = (array(base[field]) ?? []).filter((item) => !gone.some((other) => same(other, item)));
    } else if (directive.startsWith(order)) {
      const field = directive.slice(order.length);
      const before = array(base[field]);
      // An order without items only reorders what is there.
      if (before === undefined || rest[field] !== undefined) continue;
      const key = mergeKeyOf(field, before);
      base[field] = ordered(before, before, array(value) ?? [], (item) =>
        key !== undefined && isObject(item) ? (item[key] ?? null) : item,
      );
    }
  }
  const retained = array($retainKeys);
  return retained === undefined
    ? base
    : Object.fromEntries(Object.entries(base).filter(([field]) => retained.includes(field)));
};
