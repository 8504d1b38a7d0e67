import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { badField, type GoogleError } from './google-error.ts';
import { nanosOf } from './time.ts';

export type JsonObject = { [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The descriptors that a client library ships, found from the library that depends on them.
 * @param client the package this project depends on, `@google-cloud/pubsub`
 * @param api the package that holds `build/protos/protos.json`, `@google-cloud/pubsub-api`
 */
export const loadDescriptors = (client: string, api: string): protobuf.Root => {
  const fromHere = createRequire(import.meta.url);
  const fromClient = createRequire(fromHere.resolve(client));
  const file = fromClient.resolve(`${api}/build/protos/protos.json`);
  const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  root.resolveAll();
  return root;
};

/**
 * Reads `value` as the JSON form of `type`: names in lowerCamelCase or as in the .proto file, enums as names or
 * numbers, null as absent. Gives it back with lowerCamelCase names.
 * @throws GoogleError 400 that names an unknown field, a wrong type or a second member of a oneof, as the real
 *   front end words it. Source: protobuf.dev, ProtoJSON format.
 */
export const readProtoJson = (type: protobuf.Type, value: unknown, path = ''): JsonObject => {
  if (!isObject(value)) throw invalidValue(path, type.name, value);
  const read: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const field = type.fields[name] ?? type.fields[camelCase(name)];
    if (field === undefined) throw unknownName(name, path);
    if (item === null) continue;
    refuseSecondOfOneof(field, read, path);
    read[field.name] = readField(field, item, path === '' ? field.name : `${path}.${field.name}`);
  }
  return read;
};

const readField = (field: protobuf.Field, value: unknown, path: string): unknown => {
  if (field instanceof protobuf.MapField) {
    if (!isObject(value)) throw invalidValue(path, 'map', value);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, readOne(field, item, `${path}.${key}`)]),
    );
  }
  if (!field.repeated) return readOne(field, value, path);
  if (!Array.isArray(value)) throw invalidValue(path, 'list', value);
  return value.map((item, index) => readOne(field, item, `${path}[${index}]`));
};

const readOne = (field: protobuf.Field, value: unknown, path: string): unknown => {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) return readEnum(type, value, path);
  if (type !== null) {
    const wellKnown = wellKnownTypes[type.fullName];
    if (wellKnown === undefined) return readProtoJson(type, value, path);
    if (!wellKnown(value)) throw invalidValue(path, type.name, value);
    return value;
  }
  if (!(scalars[field.type] ?? isIntegral)(value)) throw invalidValue(path, field.type, value);
  return value;
};

const readEnum = (type: protobuf.Enum, value: unknown, path: string): string => {
  const name = typeof value === 'number' ? type.valuesById[value] : value;
  if (typeof name !== 'string' || type.values[name] === undefined)
    throw invalidValue(path, type.fullName.slice(1), value);
  return name;
};

const isString = (value: unknown): value is string => typeof value === 'string';
const isIntegral = (value: unknown): boolean =>
  Number.isInteger(value) || (isString(value) && /^-?\d+$/.test(value));
const isNumber = (value: unknown): boolean => typeof value === 'number' || isIntegral(value);

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: isString,
  bool: (value) => typeof value === 'boolean',
  bytes: (value) => isString(value) && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
  double: isNumber,
  float: isNumber,
};

const wellKnownTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  '.google.protobuf.Timestamp': (value) => isString(value) && nanosOf(value) !== undefined,
  '.google.protobuf.Duration': (value) => isString(value) && /^-?\d+(\.\d{1,9})?s$/.test(value),
  '.google.protobuf.FieldMask': isString,
  '.google.protobuf.Struct': isObject,
  '.google.protobuf.Value': () => true,
  '.google.protobuf.Any': (value) => isObject(value) && isString(value['@type']),
};

const refuseSecondOfOneof = (field: protobuf.Field, read: JsonObject, path: string): void => {
  const other = field.partOf?.oneof.find((name) => name !== field.name && name in read);
  if (other === undefined) return;
  throw badField(
    path,
    `Invalid value (oneof), oneof field '${field.partOf?.name}' is already set. Cannot set '${field.name}'`,
  );
};

const unknownName = (name: string, path: string): GoogleError => {
  const at = path === '' ? '' : ` at '${path}'`;
  return badField(path, `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`);
};

const invalidValue = (path: string, type: string, value: unknown): GoogleError =>
  badField(path, `Invalid value at '${path}' (${type}), ${JSON.stringify(value)?.slice(0, 100)}`);

const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
