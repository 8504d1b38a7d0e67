import jsonpatch, { type Operation } from 'fast-json-patch';
import { clone, isObject, type Json, type JsonObject, type KubeObject } from '../objects/object.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../objects/status.ts';
import type { Resource } from '../resources/resource.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMerge } from './strategic-merge.ts';

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** The API server does not say which operation failed (handlers/patch.go); the cause is for a debugger. */
const unprocessable = (cause: unknown): StatusError => {
  const text = 'the server rejected our request due to an error in our request';
  return Object.assign(new StatusError(422, 'Invalid', text), { cause });
};

const jsonPatch = (object: JsonObject, operations: Json): JsonObject => {
  if (!Array.isArray(operations)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  try {
    const patched: unknown = jsonpatch.applyPatch(
      clone(object),
      operations as unknown as Operation[],
      true,
    ).newDocument;
    if (isObject(patched)) return patched;
  } catch (error) {
    throw unprocessable(error);
  }
  throw unprocessable(undefined);
};

/**
 * The object after a patch of the given content type.
 * @throws StatusError 400 malformed, 415 a type that the resource has not, 422 a JSON Patch that does not apply
 */
export const patched = (
  object: KubeObject,
  patch: Json,
  contentType: string,
  resource: Resource,
): JsonObject => {
  const { custom } = resource;
  const accepted = Object.values(patchTypes).filter((type) => !custom || type !== patchTypes.strategic);
  if (contentType === patchTypes.json) return jsonPatch(object, patch);
  if (contentType !== patchTypes.merge && (custom || contentType !== patchTypes.strategic)) {
    throw unsupportedMediaType(accepted);
  }
  if (!isObject(patch))
    throw badRequest('json: cannot unmarshal the patch into Go value of type map[string]interface {}');
  const next = contentType === patchTypes.merge ? mergePatch(object, patch) : strategicMerge(object, patch);
  return isObject(next) ? next : object;
};
