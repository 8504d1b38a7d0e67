import { isObject, type Json, type JsonObject, list, record, without } from '../objects/object.ts';
import type { Catalog } from '../resources/catalog.ts';
import { openApiDocuments } from './openapi.ts';

/** Keywords of OpenAPI v3 that v2 has not. */
const newer = ['allOf', 'anyOf', 'not', 'nullable', 'oneOf'];

/**
 * A schema as far as OpenAPI v2 can say it: what kubectl cannot read of unknown or untyped parts is left out
 * (apiextensions `openapi/v2/conversion.go`, ToStructuralOpenAPIV2).
 */
const olderSchema = (schema: JsonObject): JsonObject => {
  const [referred] = list(schema.allOf).map(record);
  if (typeof referred?.$ref === 'string') {
    return {
      ...without(schema, 'allOf', 'default'),
      $ref: referred.$ref.replace('components/schemas', 'definitions'),
    };
  }
  // A whole kind keeps what every object has, however little else is known of it.
  const whole = schema['x-kubernetes-group-version-kind'] !== undefined;
  const open =
    !whole && (schema['x-kubernetes-preserve-unknown-fields'] === true || schema.nullable === true);
  const older = without(schema, ...newer, ...(open ? ['items', 'properties', 'type'] : []));
  if (isObject(older.items)) older.items = olderSchema(older.items);
  else if (older.type === 'array') delete older.type;
  if (isObject(older.additionalProperties))
    older.additionalProperties = olderSchema(older.additionalProperties);
  const { properties } = older;
  return isObject(properties) ? { ...older, properties: mapped(properties, olderSchema) } : older;
};

const mapped = (entries: JsonObject, change: (entry: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, change(record(entry))]));

/** A parameter's type stands beside its name, not in a schema of its own. */
const olderParameter = (parameter: Json): JsonObject => {
  const { schema, ...rest } = record(parameter);
  return { ...rest, ...record(schema) };
};

const olderOperation = (operation: JsonObject): JsonObject => ({
  ...operation,
  parameters: list(operation.parameters).map(olderParameter),
});

/** `/openapi/v2`: one document for all groups, made of those of v3. */
export const openApiV2 = (catalog: Catalog): JsonObject => {
  const documents = openApiDocuments(catalog);
  const all = (part: (document: JsonObject) => Json | undefined): JsonObject =>
    Object.assign({}, ...documents.map((document) => record(part(document)))) as JsonObject;
  return {
    swagger: '2.0',
    info: record(documents[0]?.info),
    paths: mapped(
      all(({ paths }) => paths),
      (path) => mapped(path, olderOperation),
    ),
    definitions: mapped(
      all(({ components }) => record(components).schemas),
      olderSchema,
    ),
  };
};
