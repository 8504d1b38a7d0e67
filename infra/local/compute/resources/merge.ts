import type { Json, JsonObject } from '../types.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A body without its nulls: in a resource as a whole, null and absent are the same (proto3 JSON mapping). */
export const withoutNulls = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, isObject(value) ? withoutNulls(value) : value]),
  );

/** JSON merge patch (RFC 7396): objects merge, null removes, everything else, lists too, replaces. */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged: Record<string, Json | undefined> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name];
    if (value === null) delete merged[name];
    else if (isObject(value)) merged[name] = mergePatch(isObject(old) ? old : {}, value);
    else merged[name] = value;
  }
  return merged;
};
