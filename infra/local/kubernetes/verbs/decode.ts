import type { WriteOptions } from '../cluster.ts';
import { invalidValue } from '../objects/cause.ts';
import { isObject, type Json, type JsonObject, record, text } from '../objects/object.ts';
import { badRequest, invalid, type StatusError } from '../objects/status.ts';
import { type Decoded, DecodeError, decodeAs } from '../types/decode.ts';
import { typeOfKind } from '../types/table.ts';
import { headFault, unrecognized } from './unrecognized.ts';

/** How strictly a body is read, and how it is refused. */
export type Strictness = Pick<WriteOptions, 'fieldValidation' | 'warn' | 'duplicates' | 'refuse'>;

const lenient: Strictness = { fieldValidation: 'Ignore', warn: () => {}, duplicates: [], refuse: undefined };

/** What an object is to be. */
export interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly custom?: boolean;
}

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

export const cannotBeHandled = (given: Wanted, kind: string, why: string): StatusError =>
  badRequest(
    `${given.kind} in version "${versionOf(given.apiVersion)}" cannot be handled as a ${kind}: ${why}`,
  );

/** `policy/v1 Eviction` as its internal type is named: `policy.Eviction`. */
const internalType = ({ apiVersion, kind }: Wanted): string =>
  `${apiVersion.includes('/') ? apiVersion.split(/[./]/, 1)[0] : 'core'}.${kind}`;

export const notRegistered = ({ apiVersion, kind }: Wanted): string =>
  `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`;

/** The API server decodes what the body says it is, and then finds that it cannot make of it what the path says. */
const otherKind = (given: Wanted, wanted: Wanted): string => {
  if (typeOfKind(given.apiVersion, given.kind) === undefined) return notRegistered(given);
  const from = `${versionOf(given.apiVersion)}.${given.kind}`;
  return `converting (${from}) to (${internalType(wanted)}): unknown conversion`;
};

/** A custom resource says itself what it is: its decoder knows no default. @throws StatusError 400 */
const refuseUntyped = (body: JsonObject, wanted: Wanted): void => {
  const content = JSON.stringify(body);
  if (text(body.kind) === undefined)
    throw unrecognized(wanted.kind, `Object 'Kind' is missing in '${content}'`, Buffer.from(content));
  const given = text(body.apiVersion) ?? '';
  if (given !== wanted.apiVersion) {
    throw badRequest(
      `the API version in the data (${given}) does not match the expected API version (${wanted.apiVersion})`,
    );
  }
};

/**
 * A custom resource of another kind is found by its validation (registry/customresource/validator.go), which takes the
 * object at its word.
 * @throws StatusError 422
 */
export const refuseOtherType = (object: JsonObject, wanted: Wanted): void => {
  if (wanted.custom !== true) return;
  const apiVersion = text(object.apiVersion) ?? '';
  const kind = text(object.kind) ?? '';
  const causes = [
    ...(kind === wanted.kind ? [] : [invalidValue('kind', kind, `must be ${wanted.kind}`)]),
    ...(apiVersion === wanted.apiVersion
      ? []
      : [invalidValue('apiVersion', apiVersion, `must be ${wanted.apiVersion}`)]),
  ];
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  if (causes.length > 0)
    throw invalid({ group, plural: '', kind }, text(record(object.metadata).name) ?? '', causes);
};

/**
 * What strict decoding finds: refused, told, or nothing, as the caller wants it.
 * @throws StatusError for unknown fields and fields that stand twice where the caller is strict
 */
export const judgeStrictly = (
  unknown: readonly string[],
  wanted: Wanted,
  { fieldValidation, warn, duplicates, refuse }: Strictness,
): void => {
  if (fieldValidation === 'Ignore') return;
  const faults = [
    ...duplicates.map((path) => `duplicate field "${path}"`),
    ...unknown.map((path) => `unknown field "${path}"`),
  ];
  if (fieldValidation === 'Warn') for (const fault of faults) warn(fault);
  else if (faults.length > 0) {
    const why = `strict decoding error: ${faults.join(', ')}`;
    throw refuse?.(why) ?? cannotBeHandled(wanted, wanted.kind, why);
  }
};

/** Of a custom resource only the metadata has a Go type; what else it has its schema says. */
const decodeCustom = (object: JsonObject): Decoded => {
  const { metadata } = object;
  if (metadata === undefined || metadata === null) return { object, unknown: [] };
  const decoded = decodeAs(metadata, 'meta/v1.ObjectMeta');
  return {
    object: { ...object, metadata: decoded.object },
    unknown: decoded.unknown.map((path) => `metadata.${path}`),
  };
};

const decodeBuiltin = (object: JsonObject, wanted: Wanted): Decoded => {
  const { apiVersion, kind } = wanted;
  const given = typeGiven(object, wanted);
  if (given.apiVersion !== apiVersion || given.kind !== kind) throw new DecodeError(otherKind(given, wanted));
  const type = typeOfKind(apiVersion, kind);
  return type === undefined ? { object, unknown: [] } : decodeAs(object, type);
};

/**
 * An object with the fields of its Go type and no others.
 * @throws StatusError for a field of a wrong type, and for what is unknown where the caller is strict
 */
export const decodeFields = (object: JsonObject, wanted: Wanted, strictness: Strictness): JsonObject => {
  try {
    const decoded = wanted.custom === true ? decodeCustom(object) : decodeBuiltin(object, wanted);
    judgeStrictly(decoded.unknown, wanted, strictness);
    return decoded.object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const given = { ...wanted, ...typeGiven(object, wanted) };
    throw strictness.refuse?.(error.message) ?? cannotBeHandled(given, wanted.kind, error.message);
  }
};

const typeGiven = (object: JsonObject, { apiVersion, kind }: Wanted): Wanted => ({
  apiVersion: text(object.apiVersion) ?? apiVersion,
  kind: text(object.kind) ?? kind,
});

/**
 * The object in a request's body, of the kind and version that its path says. A built-in kind need not repeat
 * them; a custom resource must.
 * @throws StatusError 400 otherwise, and for what does not decode
 */
export const decode = (
  body: Json | undefined,
  wanted: Wanted,
  strictness: Strictness = lenient,
): JsonObject => {
  const fault = headFault(body);
  if (fault !== undefined) throw unrecognized(wanted.kind, fault, Buffer.from(JSON.stringify(body) ?? ''));
  const object = isObject(body) ? body : {};
  if (wanted.custom === true) refuseUntyped(object, wanted);
  return decodeFields({ ...object, ...typeGiven(object, wanted) }, wanted, strictness);
};
