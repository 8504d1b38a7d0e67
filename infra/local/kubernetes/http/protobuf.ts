import protobuf from 'protobufjs';
import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import { messages } from './protobuf-messages.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const known = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'DeleteOptions',
  'Deployment',
  'Eviction',
  'Namespace',
  'Role',
  'RoleBinding',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
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

/** What is empty is left out in JSON. */
const withoutEmpty = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    const inner = withoutEmpty(entry);
    const empty = inner === '' || (isObject(inner) && Object.keys(inner).length === 0);
    if (!empty) kept[key] = inner;
  }
  return kept;
};

const plain = (type: protobuf.Type, bytes: Uint8Array): JsonObject =>
  type.toObject(type.decode(bytes), { longs: Number, bytes: Array }) as JsonObject;

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
  const { typeMeta = {}, raw = [] } = plain(messages.lookupType('Unknown'), bytes.subarray(4));
  const { apiVersion = '', kind = '' } = typeMeta as JsonObject;
  if (typeof kind !== 'string' || !known.has(kind)) return undefined;
  const type = messages.lookupType(kind);
  const body = Uint8Array.from(raw as number[]);
  if (saysMore(type, body)) return undefined;
  return { ...(withoutEmpty(plain(type, body)) as JsonObject), apiVersion, kind };
};
