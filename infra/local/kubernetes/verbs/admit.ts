import type { Target, WriteOptions } from '../cluster.ts';
import { type Cause, invalidValue } from '../objects/cause.ts';
import { metadataUpdateCauses } from '../objects/metadata.ts';
import { metadataCauses } from '../objects/metadata-checks.ts';
import { isObject, type JsonObject, type KubeObject, text } from '../objects/object.ts';
import { badRequest, invalid } from '../objects/status.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { brokenRules, hasRules } from '../schema/rules.ts';
import { duplicates, prune, withDefaults } from '../schema/structure.ts';
import { violations } from '../schema/validator.ts';

/**
 * The object in a request's body, of the kind and version that its path says. A built-in kind need not repeat
 * them; a custom resource must (its decoder knows no default).
 * @throws StatusError 400 otherwise
 */
export const decode = (body: unknown, apiVersion: string, kind: string, custom = false): JsonObject => {
  if (!isObject(body)) throw badRequest('the body of the request is not an object');
  for (const [name, field] of [
    ['Kind', 'kind'],
    ['apiVersion', 'apiVersion'],
  ] as const) {
    if (text(body[field]) === undefined && custom) {
      throw badRequest(`Object '${name}' is missing in '${JSON.stringify(body).slice(0, 200)}'`);
    }
  }
  const given = { apiVersion: text(body.apiVersion) ?? apiVersion, kind: text(body.kind) ?? kind };
  if (given.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${given.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (given.kind !== kind) {
    throw badRequest(`${kind} in version "${apiVersion}" cannot be handled as a ${given.kind}`);
  }
  return { ...body, ...given };
};

/**
 * Drops what the schema does not know, and fills its defaults.
 * @throws StatusError 400 for unknown fields where the caller is strict
 */
export const shape = (
  object: JsonObject,
  { resource, version }: Target,
  { fieldValidation, warn }: WriteOptions,
): JsonObject => {
  const structure = resource.structures?.[version];
  if (structure === undefined) return object;
  const unknown: string[] = [];
  const pruned = prune(object, structure, unknown) as JsonObject;
  const unknownFields = unknown.map((path) => `unknown field "${path}"`);
  if (fieldValidation === 'Strict' && unknown.length > 0) {
    throw badRequest(
      `${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: strict decoding error: ${unknownFields.join(', ')}`,
    );
  }
  if (fieldValidation === 'Warn') for (const text of unknownFields) warn(text);
  return withDefaults(pruned, structure) as JsonObject;
};

/** Faults after which rules of CEL are not evaluated (apiextensions `hasBlockingErr`). */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const unchecked = invalidValue(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/**
 * Lets `object` in, or says everything that is wrong with it at once.
 * @throws StatusError 422
 */
export const validate = (
  object: KubeObject,
  { resource, version }: Target,
  old: KubeObject | undefined,
  { warn }: WriteOptions,
): void => {
  const causes: Cause[] = metadataCauses(resource.kind, object.metadata);
  if (old !== undefined) causes.push(...metadataUpdateCauses(object.metadata, old.metadata));
  const structure = resource.structures?.[version];
  if (structure !== undefined) {
    causes.push(...violations(object, structure), ...duplicates(object, structure));
    if (causes.some(({ reason }) => blocking.has(reason))) {
      if (hasRules(structure)) causes.push(unchecked);
    } else {
      const broken = brokenRules(object, old, structure);
      causes.push(...broken.causes);
      for (const text of broken.warnings) warn(text);
    }
  }
  if (causes.length === 0) causes.push(...(resource.check?.(object, old) ?? []));
  if (causes.length > 0) throw invalid(resource, text(object.metadata.name) ?? '', causes);
};

/** The apiVersion and kind of what `target` stores. */
export const storedType = ({ resource }: Target): { apiVersion: string; kind: string } => ({
  apiVersion: apiVersionOf(resource.group, resource.storage),
  kind: resource.kind,
});
