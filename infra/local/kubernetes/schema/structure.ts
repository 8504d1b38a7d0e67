import { type Cause, duplicate } from '../objects/cause.ts';
import { clone, isObject, type Json, type JsonObject, same } from '../objects/object.ts';

/** A CEL rule of a schema (apiextensions v1 `ValidationRule`). */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
  /** CEL that comes to the message. */
  readonly messageExpression?: string;
  /** The kind of error that a broken rule is; `FieldValueInvalid` when it is not given. */
  readonly reason?: string;
  /** The field below that the error names, as `.spec.a`. */
  readonly fieldPath?: string;
  /** `oldSelf` is an optional, and the rule is evaluated where there is none too. */
  readonly optionalOldSelf?: boolean;
}

/** A structural schema, as a CRD's `openAPIV3Schema` has it (apiextensions `pkg/apiserver/schema`). */
export interface Structure {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Structure>>;
  readonly additionalProperties?: boolean | Structure;
  readonly items?: Structure;
  readonly required?: readonly string[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly Rule[];
  readonly [keyword: string]: unknown;
}

const ofEveryObject: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/**
 * `value` without the fields that its schema does not name; their paths go to `unknown`.
 * @param root whole objects keep `apiVersion`, `kind` and `metadata`, which no schema describes
 */
export const prune = (
  value: Json,
  structure: Structure,
  unknown: string[],
  path = '',
  root = path === '',
): Json => {
  if (Array.isArray(value)) {
    const { items } = structure;
    return items === undefined
      ? value
      : value.map((entry, at) => prune(entry, items, unknown, `${path}[${at}]`, false));
  }
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  const { additionalProperties } = structure;
  const whole = root || structure['x-kubernetes-embedded-resource'] === true;
  for (const [field, entry] of Object.entries(value)) {
    const at = path === '' ? field : `${path}.${field}`;
    const known = structure.properties?.[field];
    if (whole && ofEveryObject.includes(field)) kept[field] = entry;
    else if (known !== undefined) kept[field] = prune(entry, known, unknown, at, false);
    else if (isObject(additionalProperties)) {
      kept[field] = prune(entry, additionalProperties as Structure, unknown, at, false);
    } else if (additionalProperties === true || structure['x-kubernetes-preserve-unknown-fields'] === true) {
      kept[field] = entry;
    } else unknown.push(at);
  }
  return kept;
};

/** `value` with the schema's defaults where a field is absent, or null where null is not allowed. */
export const withDefaults = (value: Json, structure: Structure): Json => {
  if (Array.isArray(value)) {
    const { items } = structure;
    return items === undefined ? value : value.map((entry) => withDefaults(entry, items));
  }
  if (!isObject(value)) return value;
  const filled: JsonObject = {};
  const { properties = {}, additionalProperties } = structure;
  for (const [field, entry] of Object.entries(value)) {
    const known = properties[field] ?? (isObject(additionalProperties) ? additionalProperties : undefined);
    // A null that is not allowed counts as absent (schema/defaulting/prune.go).
    const dropped = entry === null && known !== undefined && known.nullable !== true;
    if (!dropped) filled[field] = known === undefined ? entry : withDefaults(entry, known as Structure);
  }
  for (const [field, known] of Object.entries(properties)) {
    if (!(field in filled) && known.default !== undefined) {
      filled[field] = withDefaults(clone(known.default), known);
    }
  }
  return filled;
};

/** Lists declared as maps or sets hold no key twice (schema/listtype/validation.go). */
export const duplicates = (value: Json, structure: Structure, path = ''): Cause[] => {
  if (Array.isArray(value)) {
    const { items } = structure;
    const inside =
      items === undefined ? [] : value.flatMap((entry, at) => duplicates(entry, items, `${path}[${at}]`));
    const type = structure['x-kubernetes-list-type'];
    if (type !== 'map' && type !== 'set') return inside;
    const keys = structure['x-kubernetes-list-map-keys'] ?? [];
    const seen: Json[] = [];
    for (const [at, entry] of value.entries()) {
      const key =
        type === 'map' && isObject(entry)
          ? Object.fromEntries(keys.flatMap((name) => (name in entry ? [[name, entry[name] ?? null]] : [])))
          : entry;
      if (seen.some((other) => same(other, key))) inside.push(duplicate(`${path}[${at}]`, key));
      else seen.push(key);
    }
    return inside;
  }
  if (!isObject(value)) return [];
  const { additionalProperties } = structure;
  return Object.entries(value).flatMap(([field, entry]) => {
    const known =
      structure.properties?.[field] ?? (isObject(additionalProperties) ? additionalProperties : undefined);
    return known === undefined
      ? []
      : duplicates(entry, known as Structure, path === '' ? field : `${path}.${field}`);
  });
};
