import type { Target, WriteOptions } from '../cluster.ts';
import { type Cause, invalidValue } from '../objects/cause.ts';
import { metadataUpdateCauses } from '../objects/metadata.ts';
import { metadataCauses, unqualifiedFinalizers } from '../objects/metadata-checks.ts';
import { type JsonObject, type KubeObject, record, text, without } from '../objects/object.ts';
import { invalid } from '../objects/status.ts';
import { apiVersionOf, inVersion, keeperOf } from '../resources/resource.ts';
import { brokenRules, hasRules } from '../schema/rules.ts';
import { duplicates, prune, type Structure, withDefaults } from '../schema/structure.ts';
import { violations } from '../schema/validator.ts';
import { typeOfKind } from '../types/table.ts';
import { writtenAs } from '../types/written.ts';
import { judgeStrictly, type Wanted } from './decode.ts';

/**
 * Drops what the schema does not know, and fills its defaults.
 * @throws StatusError for unknown fields where the caller is strict
 */
export const shape = (object: JsonObject, target: Target, options: WriteOptions): JsonObject => {
  const { resource, version } = target;
  const structure = resource.structures?.[version];
  if (structure === undefined) return object;
  const unknown: string[] = [];
  const pruned = prune(object, structure, unknown) as JsonObject;
  judgeStrictly(unknown, wantedOf(target), options);
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

/** A write of the status is held against the schema of the status alone, which then is the root of all paths. */
const schemaFaults = (object: KubeObject, structure: Structure, by: Target['subresource']): Cause[] => {
  if (by !== 'status') return violations(object, structure);
  const status = structure.properties?.status;
  return status === undefined || object.status === undefined
    ? []
    : violations(object.status, status, 'status');
};

/**
 * Lets `object` in, or says everything that is wrong with it at once.
 * @throws StatusError 422
 */
export const validate = (
  object: KubeObject,
  { resource, version, subresource }: Target,
  old: KubeObject | undefined,
  { warn }: WriteOptions,
): void => {
  const causes: Cause[] = metadataCauses(resource.kind, object.metadata);
  const { custom, group } = resource;
  if (old === undefined && !custom && group !== 'apiextensions.k8s.io')
    causes.push(...unqualifiedFinalizers(object.metadata));
  if (old !== undefined) {
    // What every kind checks, its own strategy checks once more (registry/rest/update.go, BeforeUpdate).
    const changed = metadataUpdateCauses(object.metadata, old.metadata);
    causes.push(...changed, ...changed);
  }
  const structure = resource.structures?.[version];
  if (structure !== undefined) {
    causes.push(...schemaFaults(object, structure, subresource), ...duplicates(object, structure));
    if (causes.some(({ reason }) => blocking.has(reason))) {
      if (hasRules(structure)) causes.push(unchecked);
    } else {
      const broken = brokenRules(object, old, structure);
      causes.push(...broken.causes);
      for (const text of broken.warnings) warn(text);
    }
  }
  causes.push(...(resource.check?.(object, old) ?? []));
  if (causes.length > 0) throw invalid(keeperOf(resource), text(object.metadata.name) ?? '', causes);
};

/** The object that the store gets: of the version that is stored, and as its type writes it. Metadata was read before. */
export const storable = (object: JsonObject, target: Target): KubeObject => {
  const { apiVersion, kind } = storedType(target);
  const { view, settle } = target.resource;
  settle?.(object);
  const type = target.resource.custom ? undefined : typeOfKind(apiVersion, kind);
  const { metadata = {}, ...rest } = view?.toStored(object) ?? object;
  const written = type === undefined ? rest : without(record(writtenAs(rest, type)), 'metadata');
  return { ...written, metadata, apiVersion, kind } as KubeObject;
};

/** An object that is kept, in the words in which it was written: whose fields they are is said in these. */
export const asWritten = (object: KubeObject, { resource, version }: Target): KubeObject =>
  resource.view === undefined ? object : inVersion(resource, object, version);

/** The apiVersion and kind of what `target` stores. */
export const storedType = ({ resource }: Target): { apiVersion: string; kind: string } => {
  const { group, storage, kind } = keeperOf(resource);
  return { apiVersion: apiVersionOf(group, storage), kind };
};

/** What is written to `target`. */
export const wantedOf = ({ resource, version }: Target): Wanted => ({
  apiVersion: apiVersionOf(resource.group, version),
  kind: resource.kind,
  custom: resource.custom,
});
