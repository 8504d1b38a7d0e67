import protobuf from 'protobufjs';
import { isObject, type Json, type JsonObject } from './object.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

/**
 * The messages that kubectl posts in protobuf whatever a server prefers (its typed clients, since 1.32), with the
 * numbers that `generated.proto` of k8s.io/api and k8s.io/apimachinery give their fields.
 */
const messages = protobuf.parse(
  `syntax = "proto3";
  message Unknown { TypeMeta typeMeta = 1; bytes raw = 2; string contentEncoding = 3; string contentType = 4; }
  message TypeMeta { string apiVersion = 1; string kind = 2; }
  message ObjectMeta {
    string name = 1; string generateName = 2; string namespace = 3; string uid = 5; string resourceVersion = 6;
    map<string, string> labels = 11; map<string, string> annotations = 12; repeated string finalizers = 14;
  }
  message DeleteOptions {
    optional int64 gracePeriodSeconds = 1; Preconditions preconditions = 2; optional bool orphanDependents = 3;
    optional string propagationPolicy = 4; repeated string dryRun = 5;
  }
  message Preconditions { optional string uid = 1; optional string resourceVersion = 2; }
  message Eviction { ObjectMeta metadata = 1; DeleteOptions deleteOptions = 2; }
  message Namespace { ObjectMeta metadata = 1; }
  message SelfSubjectReview { ObjectMeta metadata = 1; }
  message SelfSubjectRulesReview { ObjectMeta metadata = 1; SelfSubjectRulesReviewSpec spec = 2; }
  message SelfSubjectRulesReviewSpec { string namespace = 1; }
  message SelfSubjectAccessReview { ObjectMeta metadata = 1; SelfSubjectAccessReviewSpec spec = 2; }
  message SelfSubjectAccessReviewSpec {
    ResourceAttributes resourceAttributes = 1; NonResourceAttributes nonResourceAttributes = 2;
  }
  message ResourceAttributes {
    string namespace = 1; string verb = 2; string group = 3; string version = 4; string resource = 5;
    string subresource = 6; string name = 7;
  }
  message NonResourceAttributes { string path = 1; string verb = 2; }`,
  { keepCase: true },
).root;

const known = new Set([
  'DeleteOptions',
  'Eviction',
  'Namespace',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
]);

/** Go writes what is empty, too; in JSON it is left out. */
const withoutEmpty = (value: Json): Json => {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      const kept = withoutEmpty(entry);
      const empty = kept === '' || (isObject(kept) && Object.keys(kept).length === 0);
      return empty ? [] : [[key, kept]];
    }),
  );
};

const plain = (name: string, bytes: Uint8Array): JsonObject => {
  const message = messages.lookupType(name);
  return message.toObject(message.decode(bytes), { longs: Number, bytes: Array }) as JsonObject;
};

/** Four bytes that every protobuf body begins with (apimachinery `serializer/protobuf`). */
const magic = Buffer.from('k8s\0');

/**
 * The object in a protobuf body, or `undefined` for a kind that is not read here.
 * @throws Error when it does not parse
 */
export const decodeProtobuf = (bytes: Buffer): JsonObject | undefined => {
  if (!bytes.subarray(0, 4).equals(magic))
    throw new Error('provided data does not appear to be a protobuf message');
  const { typeMeta = {}, raw = [] } = plain('Unknown', bytes.subarray(4));
  const { apiVersion = '', kind = '' } = typeMeta as JsonObject;
  if (typeof kind !== 'string' || !known.has(kind)) return undefined;
  return { ...(withoutEmpty(plain(kind, Uint8Array.from(raw as number[]))) as JsonObject), apiVersion, kind };
};
