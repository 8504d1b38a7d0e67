import { isObject, type Json, same } from '../objects/object.ts';
import type { Structure } from '../schema/structure.ts';

const keyed = (entry: Json, keys: readonly string[]): string =>
  JSON.stringify(isObject(entry) ? keys.map((key) => entry[key] ?? null) : entry);

/** The entry of a list map that has the keys of `entry` (schema/cel/maplist.go). `undefined`: it has none, or is no map. */
export const counterpart = (entry: Json, list: Json | undefined, structure: Structure): Json | undefined => {
  const keys = structure['x-kubernetes-list-map-keys'];
  if (keys === undefined || !Array.isArray(list)) return undefined;
  const wanted = keyed(entry, keys);
  return list.find((other) => keyed(other, keys) === wanted);
};

/**
 * Equality as rules see it: sets and list maps are equal in any order (Kubernetes documentation, *Validation rules*;
 * apiserver `pkg/cel/common/valuesunstructured.go`).
 */
export const sameValue = (
  a: Json | undefined,
  b: Json | undefined,
  structure: Structure | undefined,
): boolean => {
  if (structure === undefined) return same(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    const { items } = structure;
    switch (structure['x-kubernetes-list-type']) {
      case 'map':
        return a.every((entry) => sameValue(entry, counterpart(entry, b, structure), items));
      case 'set':
        return a.every((entry) => b.some((other) => sameValue(entry, other, items)));
      default:
        return a.every((entry, at) => sameValue(entry, b[at], items));
    }
  }
  if (!isObject(a) || !isObject(b)) return same(a, b);
  const names = Object.keys(a);
  const { additionalProperties: values } = structure;
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const known = structure.properties?.[name] ?? (isObject(values) ? (values as Structure) : undefined);
      return name in b && sameValue(a[name], b[name], known);
    })
  );
};
