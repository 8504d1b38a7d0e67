import protobuf from 'protobufjs';
import { isObject, type Json, type JsonObject, list, record } from '../objects/object.ts';

/** How kubectl asks for `/openapi/v2`, and for nothing else; the second is the older spelling. */
export const openApiProtobufTypes = [
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
] as const;

/** The parts of `OpenAPIv2.proto` (google/gnostic-models) that the document here has, with their numbers. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message Document { string swagger = 1; Info info = 2; Paths paths = 8; Properties definitions = 9; }
  message Info { string title = 1; string version = 2; }
  message Paths { repeated NamedPathItem path = 2; }
  message NamedPathItem { string name = 1; PathItem value = 2; }
  message PathItem { Operation get = 2; Operation put = 3; Operation post = 4; Operation delete = 5; Operation patch = 8; }
  message Operation {
    string operation_id = 5; repeated ParametersItem parameters = 8; Responses responses = 9;
    repeated NamedAny vendor_extension = 13;
  }
  message ParametersItem { Parameter parameter = 1; }
  message Parameter { NonBodyParameter non_body_parameter = 2; }
  message NonBodyParameter { QueryParameter query_parameter_sub_schema = 3; }
  message QueryParameter { string in = 2; string name = 4; string type = 6; bool unique_items = 20; }
  message Responses { repeated NamedResponseValue response_code = 1; }
  message NamedResponseValue { string name = 1; ResponseValue value = 2; }
  message ResponseValue { Response response = 1; }
  message Response { string description = 1; }
  message Properties { repeated NamedSchema additional_properties = 1; }
  message NamedSchema { string name = 1; Schema value = 2; }
  message Schema {
    string _ref = 1; string format = 2; string description = 4; Any default = 5; double maximum = 7; double minimum = 9;
    int64 max_length = 11; int64 min_length = 12; string pattern = 13; int64 max_items = 14; int64 min_items = 15;
    int64 max_properties = 17; int64 min_properties = 18; repeated string required = 19; repeated Any enum = 20;
    AdditionalPropertiesItem additional_properties = 21; TypeItem type = 22; ItemsItem items = 23;
    Properties properties = 25; repeated NamedAny vendor_extension = 31;
  }
  message AdditionalPropertiesItem { Schema schema = 1; bool boolean = 2; }
  message TypeItem { repeated string value = 1; }
  message ItemsItem { repeated Schema schema = 1; }
  message Any { string yaml = 2; }
  message NamedAny { string name = 1; Any value = 2; }`,
  { keepCase: true },
);

/** A value of any form is carried as YAML, which JSON is. */
const any = (value: Json): JsonObject => ({ yaml: `${JSON.stringify(value)}\n` });

const named = (entries: Json | undefined, change: (entry: JsonObject) => JsonObject): JsonObject[] =>
  Object.entries(record(entries)).map(([name, entry]) => ({ name, value: change(record(entry)) }));

const extensions = (object: JsonObject): JsonObject[] =>
  Object.entries(object).flatMap(([name, value]) =>
    name.startsWith('x-') ? [{ name, value: any(value) }] : [],
  );

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const special = new Set(['$ref', 'additionalProperties', 'default', 'enum', 'items', 'properties', 'type']);

const schemaMessage = (schema: JsonObject): JsonObject => {
  const message: JsonObject = { vendor_extension: extensions(schema) };
  const { additionalProperties, enum: values, items, properties, type } = schema;
  for (const [name, value] of Object.entries(schema))
    if (!special.has(name) && !name.startsWith('x-')) message[snake(name)] = value;
  if (schema.$ref !== undefined) message._ref = schema.$ref;
  if (schema.default !== undefined) message.default = any(schema.default);
  if (values !== undefined) message.enum = list(values).map(any);
  if (type !== undefined) message.type = { value: [type] };
  if (items !== undefined) message.items = { schema: [schemaMessage(record(items))] };
  if (properties !== undefined)
    message.properties = { additional_properties: named(properties, schemaMessage) };
  if (typeof additionalProperties === 'boolean')
    message.additional_properties = { boolean: additionalProperties };
  else if (isObject(additionalProperties)) {
    message.additional_properties = { schema: schemaMessage(additionalProperties) };
  }
  return message;
};

const parameterMessage = (parameter: Json): JsonObject => {
  const { name = '', in: place = '', type = '', uniqueItems = false } = record(parameter);
  const query = { name, in: place, type, unique_items: uniqueItems };
  return { parameter: { non_body_parameter: { query_parameter_sub_schema: query } } };
};

const operationMessage = (operation: JsonObject): JsonObject => ({
  operation_id: operation.operationId ?? '',
  parameters: list(operation.parameters).map(parameterMessage),
  responses: { response_code: named(operation.responses, (response) => ({ response })) },
  vendor_extension: extensions(operation),
});

const pathMessage = (path: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(path).map(([verb, entry]) => [verb, operationMessage(record(entry))]));

/** An OpenAPI v2 document as a protobuf message. */
export const encodeOpenApi = ({ swagger = '', info, paths, definitions }: JsonObject): Uint8Array => {
  const message = {
    swagger,
    info: record(info),
    paths: { path: named(paths, pathMessage) },
    definitions: { additional_properties: named(definitions, schemaMessage) },
  };
  const type = root.lookupType('Document');
  return type.encode(type.fromObject(message)).finish();
};
