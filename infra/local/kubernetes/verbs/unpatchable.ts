import type { Target } from '../cluster.ts';
import { invalidValue } from '../objects/cause.ts';
import { isObject, type Json, type JsonObject, record, text } from '../objects/object.ts';
import { invalid, type StatusError } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { typeOfKind } from '../types/table.ts';
import { fmtText, pathText, type Touched, writtenText } from '../types/written.ts';

/** The objects that a merge patch goes through. */
const mergedPaths = (patch: Json, path: readonly string[]): string[] =>
  isObject(patch)
    ? [
        pathText(path),
        ...Object.entries(patch).flatMap(([field, value]) => mergedPaths(value, [...path, field])),
      ]
    : [];

/** The objects that the operations of a JSON Patch go through. */
const operatedPaths = (patch: Json): string[] => {
  const pointers = (Array.isArray(patch) ? patch : []).map(record).flatMap(({ path, from }) => [path, from]);
  return pointers.flatMap((pointer) => {
    const keys = (text(pointer) ?? '').split('/').slice(1);
    return keys.map((_, at) => pathText(keys.slice(0, at)));
  });
};

/**
 * An object that a patch made, and that does not decode (handlers/patch.go). It is shown as it was patched, or for a
 * strategic merge the patch itself.
 */
export const unpatchable = (
  patched: JsonObject,
  patch: Json,
  contentType: string,
  { resource, version }: Target,
  why: string,
): StatusError => {
  const touched: Touched = new Set(
    contentType === patchTypes.json ? operatedPaths(patch) : mergedPaths(patch, []),
  );
  const type = resource.custom ? undefined : typeOfKind(apiVersionOf(resource.group, version), resource.kind);
  const shown = contentType === patchTypes.strategic ? fmtText(patch) : writtenText(patched, type, touched);
  return invalid({ group: '', plural: '', kind: '' }, '', [invalidValue('patch', shown, why)]);
};
