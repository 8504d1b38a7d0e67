import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { type Cause, duplicate, invalidValue, notSupported, required, tooLong } from '../objects/cause.ts';
import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import type { Structure } from './structure.ts';

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateFormats: true });
formats.default(ajv);

const compiled = new WeakMap<Structure, ValidateFunction>();

/** JSON Schema of a structural schema: the same keywords, with Kubernetes' own types spelled out. */
const toJsonSchema = (structure: Structure): JsonObject => {
  const schema: JsonObject = {};
  for (const [keyword, value] of Object.entries(structure)) {
    if (keyword.startsWith('x-kubernetes-') || keyword === 'description' || keyword === 'default') continue;
    schema[keyword] = value as Json;
  }
  if (structure.properties !== undefined) {
    schema.properties = Object.fromEntries(
      Object.entries(structure.properties).map(([field, known]) => [field, toJsonSchema(known)]),
    );
  }
  if (structure.items !== undefined) schema.items = toJsonSchema(structure.items);
  // What an object may hold beyond its properties was pruned before; only values of maps are left to check.
  if (isObject(structure.additionalProperties)) {
    schema.additionalProperties = toJsonSchema(structure.additionalProperties as Structure);
  } else delete schema.additionalProperties;
  if (structure['x-kubernetes-int-or-string'] === true) {
    delete schema.type;
    schema.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  return schema;
};

/** `/spec/addresses/0/value` as `spec.addresses[0].value`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );

const typeName = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const typeInvalid = (field: string, value: unknown, detail: string): Cause => ({
  ...invalidValue(field, value, detail),
  reason: 'FieldValueTypeInvalid',
});

const count = (field: string, limit: number, found: number): Cause => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${found}: must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  field,
});

/** Errors about alternatives name their field in the text alone. */
const composite = (text: string): Cause => invalidValue('<nil>', '', text);

/** The texts of apiextensions `pkg/apiserver/validation` (go-openapi's errors as field errors). */
const causeOf = (error: ErrorObject): Cause => {
  const field = fieldOf(error.instancePath);
  const value: unknown = error.data;
  const params = error.params as Record<string, unknown>;
  const limit = Number(params.limit);
  switch (error.keyword) {
    case 'required':
      return required(`${field === '' ? '' : `${field}.`}${String(params.missingProperty)}`);
    case 'enum':
      return notSupported(field, value, params.allowedValues as unknown[]);
    case 'type':
      return typeInvalid(
        field,
        typeName(value),
        `${field} in body must be of type ${String(params.type)}: ${JSON.stringify(typeName(value))}`,
      );
    case 'minItems':
      return invalidValue(
        field,
        Array.isArray(value) ? value.length : 0,
        `${field} in body should have at least ${limit} items`,
      );
    case 'maxItems':
      return count(field, limit, Array.isArray(value) ? value.length : 0);
    case 'minLength':
      return invalidValue(field, value, `${field} in body should be at least ${limit} chars long`);
    case 'maxLength':
      return tooLong(field, limit);
    case 'maxProperties':
      return count(field, limit, isObject(value) ? Object.keys(value).length : 0);
    case 'minimum':
      return invalidValue(field, value, `${field} in body should be greater than or equal to ${limit}`);
    case 'maximum':
      return invalidValue(field, value, `${field} in body should be less than or equal to ${limit}`);
    case 'pattern':
      return invalidValue(field, value, `${field} in body should match '${String(params.pattern)}'`);
    case 'format':
      return typeInvalid(
        field,
        value,
        `${field} in body must be of type ${String(params.format)}: ${JSON.stringify(value)}`,
      );
    case 'uniqueItems':
      return duplicate(field, value);
    case 'oneOf':
      return composite(
        `"${field}" must validate one and only one schema (oneOf). ${
          Array.isArray(params.passingSchemas)
            ? `Found ${params.passingSchemas.length} valid alternatives`
            : 'Found none valid'
        }`,
      );
    case 'anyOf':
      return composite(`"${field}" must validate at least one schema (anyOf)`);
    case 'not':
      return composite(`"${field}" must not validate the schema (not)`);
    default:
      return invalidValue(field, value, error.message ?? error.keyword);
  }
};

/** Of the alternatives that did not fit one is reported; here the first, in the API server the one that fits most. */
const isOfAnother = ({ schemaPath }: ErrorObject): boolean => /\/(oneOf|anyOf)\/[1-9]\d*\//.test(schemaPath);

const lengths = ['maxLength', 'minLength'];

/** A text of a wrong length is not held against its pattern (kube-openapi `validate/validator.go`, stringValidator). */
const isMoot = (error: ErrorObject, all: readonly ErrorObject[]): boolean =>
  error.keyword === 'pattern' &&
  all.some(({ keyword, instancePath }) => lengths.includes(keyword) && instancePath === error.instancePath);

const below = (prefix: string, field: string): string => (field === '' ? prefix : `${prefix}.${field}`);

/**
 * What is wrong with `value` by its schema's types, bounds and patterns.
 * @param prefix where `value` stands in its object; the texts name fields from `value` on
 */
export const violations = (value: Json, structure: Structure, prefix = ''): Cause[] => {
  let validate = compiled.get(structure);
  if (validate === undefined) {
    validate = ajv.compile(toJsonSchema(structure));
    compiled.set(structure, validate);
  }
  if (validate(value)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isOfAnother(error));
  const causes = errors.filter((error) => !isMoot(error, errors)).map(causeOf);
  const seen = new Set<string>();
  return causes.flatMap((cause) => {
    const key = `${cause.field} ${cause.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const field = prefix === '' || cause.field === '<nil>' ? cause.field : below(prefix, cause.field);
    return [{ ...cause, field }];
  });
};
