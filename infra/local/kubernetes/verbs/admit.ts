import type { Target, WriteOptions } from '../cluster.ts';
import { managerOf } from '../fields/managed-fields.ts';
import { type Cause, forbiddenField, required } from '../objects/cause.ts';
import { metadataUpdateCauses } from '../objects/metadata.ts';
import { metadataCauses } from '../objects/metadata-checks.ts';
import { isObject, type JsonObject, type KubeObject, text } from '../objects/object.ts';
import { badRequest, invalid } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { brokenRules } from '../schema/rules.ts';
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

/** Drops what the schema does not know, and fills its defaults. */
export const shape = (object: JsonObject, { resource, version }: Target, strict: boolean): JsonObject => {
  const structure = resource.structures?.[version];
  if (structure === undefined) return object;
  const unknown: string[] = [];
  const pruned = prune(object, structure, unknown) as JsonObject;
  if (strict && unknown.length > 0) {
    throw badRequest(
      `${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(', ')}`,
    );
  }
  return withDefaults(pruned, structure) as JsonObject;
};

/**
 * Lets `object` in, or says everything that is wrong with it at once.
 * @throws StatusError 422
 */
export const validate = (
  object: KubeObject,
  { resource, version }: Target,
  old: KubeObject | undefined,
): void => {
  const causes: Cause[] = metadataCauses(resource.kind, object.metadata);
  if (old !== undefined) causes.push(...metadataUpdateCauses(object.metadata, old.metadata));
  const structure = resource.structures?.[version];
  if (structure !== undefined) {
    const broken = violations(object, structure);
    causes.push(...broken, ...duplicates(object, structure));
    // Rules of CEL are not evaluated on a value that its schema already refuses.
    if (old !== undefined && broken.length === 0) causes.push(...brokenRules(object, old, structure));
  }
  if (causes.length === 0) causes.push(...(resource.check?.(object, old) ?? []));
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
};

/** The apiVersion and kind of what `target` stores. */
export const storedType = ({ resource }: Target): { apiVersion: string; kind: string } => ({
  apiVersion: apiVersionOf(resource.group, resource.storage),
  kind: resource.kind,
});

/**
 * Only an apply can be forced, and it must say who applies (metav1 `validation.go`, ValidatePatchOptions).
 * @throws StatusError 422
 */
const refusePatchOptions = (query: URLSearchParams, patchType: string): void => {
  const applies = patchType === patchTypes.apply;
  const causes: Cause[] = [];
  if (!applies && query.has('force')) {
    causes.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  }
  if (applies && (query.get('fieldManager') ?? '') === '') {
    causes.push(required('fieldManager', 'is required for apply patch'));
  }
  if (causes.length > 0) {
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' }, '', causes);
  }
};

/** `options` of a request's query; who writes is named there, or by the client's User-Agent. */
export const writeOptions = (
  query: URLSearchParams,
  userAgent: string | undefined,
  patchType: string | undefined,
): WriteOptions => {
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((entry) => entry !== 'All')) {
    throw badRequest(`Invalid value: ${JSON.stringify(dryRun)}: supported values: "All"`);
  }
  if (patchType !== undefined) refusePatchOptions(query, patchType);
  return {
    force: query.get('force') === 'true',
    dryRun: dryRun.length > 0,
    strict: query.get('fieldValidation') === 'Strict',
    manager: managerOf(query, userAgent),
  };
};
