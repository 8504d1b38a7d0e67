import protobuf from 'protobufjs';
import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import { messages } from './protobuf-messages.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const known = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'DeleteOptions',
  'Deployment',
  'Eviction',
  'Job',
  'Namespace',
  'PodDisruptionBudget',
  'Role',
  'RoleBinding',
  'Secret',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'Service',
  'ServiceAccount',
  'TokenRequest',
]);

const lengthDelimited = 2;

/** Whether a message says more than is described: what is empty or zero does not count, Go writes it anyway. */
const saysMore = (type: protobuf.Type, bytes: Uint8Array): boolean => {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3]?.resolve();
    if ((tag & 7) !== lengthDelimited) {
      const from = reader.pos;
      reader.skipType(tag & 7);
      if (field === undefined && bytes.subarray(from, reader.pos).some((byte) => byte !== 0)) return true;
      continue;
    }
    const content = reader.bytes();
    const inner = field?.map === true ? null : field?.resolvedType;
    if (
      field === undefined ? content.length > 0 : inner instanceof protobuf.Type && saysMore(inner, content)
    ) {
      return true;
    }
  }
  return false;
};

/** What a message holds, by the names of its fields. */
type Held = Readonly<Record<string, unknown>>;

const intOrString = ({ type, intVal, strVal }: Held): Json =>
  Number(type) === 1 ? String(strVal) : Number(intVal);

const jsonOf = (field: protobuf.Field, value: unknown): Json => {
  if (field.resolvedType instanceof protobuf.Type) {
    const { name } = field.resolvedType;
    return name === 'IntOrString' ? intOrString(value as Held) : fieldsOf(field.resolvedType, value as Held);
  }
  if (field.type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  return field.type === 'int64' ? Number(value) : (value as Json);
};

/** Go leaves out of JSON what is zero, unless a pointer leads to it (`omitempty`). */
const isZero = (value: Json): boolean =>
  value === '' || value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0);

/** A message as JSON spells it. */
const fieldsOf = (type: protobuf.Type, message: Held): JsonObject => {
  const object: JsonObject = {};
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue;
    field.resolve();
    const value = message[field.name];
    if (field.repeated) {
      const items = value as unknown[];
      if (items.length > 0) object[field.name] = items.map((item) => jsonOf(field, item));
    } else if (field.map) {
      const entries = Object.entries(value as Held);
      if (entries.length > 0)
        object[field.name] = Object.fromEntries(entries.map(([key, entry]) => [key, jsonOf(field, entry)]));
    } else {
      const single = jsonOf(field, value);
      if (field.options?.proto3_optional === true || !isZero(single)) object[field.name] = single;
    }
  }
  return object;
};

const decoded = (type: protobuf.Type, bytes: Uint8Array): Held => type.decode(bytes) as unknown as Held;

/** Four bytes that every protobuf body begins with (apimachinery `serializer/protobuf`). */
const magic = Buffer.from('k8s\0');

/**
 * The object in a protobuf body, or `undefined` for what is not described here.
 * @throws Error when it does not parse
 */
export const decodeProtobuf = (bytes: Buffer): JsonObject | undefined => {
  if (!bytes.subarray(0, 4).equals(magic)) {
    throw new Error('provided data does not appear to be a protobuf message');
  }
  const { typeMeta, raw } = decoded(messages.lookupType('Unknown'), bytes.subarray(4));
  const { apiVersion = '', kind = '' } = (typeMeta ?? {}) as Partial<Record<'apiVersion' | 'kind', string>>;
  if (!known.has(kind)) return undefined;
  const type = messages.lookupType(kind);
  const body = raw as Uint8Array;
  return saysMore(type, body) ? undefined : { ...fieldsOf(type, decoded(type, body)), apiVersion, kind };
};
