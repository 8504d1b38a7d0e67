import jsonpatch, { type Operation } from 'fast-json-patch';
import { clone, isObject, type Json, type JsonObject, type KubeObject, text } from '../objects/object.ts';
import { badRequest, unsupportedMediaType } from '../objects/status.ts';
import type { Resource } from '../resources/resource.ts';
import { kindOf } from '../types/decode.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMerge } from './strategic-merge.ts';
import { unprocessable } from './unprocessable.ts';

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

const decoding = (patch: Json, type: string): string =>
  `json: cannot unmarshal ${kindOf(patch)} into Go value of type ${type}`;

/** The object or list that holds what a pointer names. */
const holderOf = (object: Json, pointer: string): Json | undefined => {
  const keys = pointer.split('/').slice(1, -1);
  return keys.reduce<Json | undefined>((value, key) => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) return value[Number(name)];
    return isObject(value) ? value[name] : undefined;
  }, object);
};

/** To the library of the API server a `replace` of a field that is not there is an `add` (evanphx/json-patch v4). */
const asItReads = (object: Json, operation: Json): Json => {
  if (!isObject(operation) || operation.op !== 'replace') return operation;
  return isObject(holderOf(object, text(operation.path) ?? '')) ? { ...operation, op: 'add' } : operation;
};

const jsonPatch = (object: JsonObject, operations: Json): JsonObject => {
  if (!Array.isArray(operations))
    throw badRequest(`error decoding patch: ${decoding(operations, '[]handlers.jsonPatchOp')}`);
  let patched: Json = clone(object);
  for (const operation of operations) {
    try {
      const next = asItReads(patched, operation) as unknown as Operation;
      patched = jsonpatch.applyPatch(patched, [next], true).newDocument;
    } catch (error) {
      throw unprocessable(error);
    }
  }
  if (isObject(patched)) return patched;
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
  if (!isObject(patch)) {
    const why = decoding(patch, 'map[string]interface {}');
    throw badRequest(contentType === patchTypes.merge ? `error decoding patch: ${why}` : why);
  }
  const next = contentType === patchTypes.merge ? mergePatch(object, patch) : strategicMerge(object, patch);
  return isObject(next) ? next : object;
};
