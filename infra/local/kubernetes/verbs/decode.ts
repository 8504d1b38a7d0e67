import type { WriteOptions } from '../cluster.ts';
import { isObject, type Json, type JsonObject, text } from '../objects/object.ts';
import { badRequest, type StatusError } from '../objects/status.ts';
import { DecodeError, decodeAs } from '../types/decode.ts';
import { typeOfKind } from '../types/table.ts';

/** How strictly a body is read, and how it is refused. */
export type Strictness = Pick<WriteOptions, 'fieldValidation' | 'warn' | 'duplicates' | 'refuse'>;

const lenient: Strictness = { fieldValidation: 'Ignore', warn: () => {}, duplicates: [], refuse: undefined };

/** What an object is to be. */
export interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly custom?: boolean;
}

/** A body in short (handlers/rest.go, summarizeData). */
const summary = (bytes: Buffer): string => {
  if (bytes.length === 0) return '<empty>';
  const cut = bytes.length > 30 ? ' ...' : '';
  const start = bytes.subarray(0, 30);
  return `${start[0] === 0x7b ? start.toString() : start.toString('hex')}${cut}`;
};

/** A body of which not even the kind is known. */
export const unrecognized = (kind: string, why: string, bytes: Buffer): StatusError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`);

/** The Go type into which the kind of a body is read, which its errors show. */
const typeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

export const noVersion = "couldn't get version/kind; json parse error: ";

const typeFault = (body: Json | undefined): string | undefined => {
  if (body === undefined) return 'unexpected end of JSON input';
  const kindOf = (value: Json): string =>
    Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  if (!isObject(body)) return `json: cannot unmarshal ${kindOf(body)} into Go value of type ${typeMeta}`;
  for (const field of ['apiVersion', 'kind']) {
    const value = body[field] ?? '';
    if (typeof value !== 'string')
      return `json: cannot unmarshal ${kindOf(value)} into Go struct field .${field} of type string`;
  }
  return undefined;
};

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
const otherKind = (given: Wanted, wanted: Wanted): StatusError => {
  const known = typeOfKind(given.apiVersion, given.kind) !== undefined;
  const from = `${versionOf(given.apiVersion)}.${given.kind}`;
  const why = known
    ? `converting (${from}) to (${internalType(wanted)}): unknown conversion`
    : notRegistered(given);
  return cannotBeHandled(given, wanted.kind, why);
};

/** A custom resource says itself what it is: its decoder knows no default. @throws StatusError 400 */
const typedCustom = (body: JsonObject, wanted: Wanted): Wanted => {
  const content = JSON.stringify(body);
  for (const [name, field] of [
    ['Kind', 'kind'],
    ['apiVersion', 'apiVersion'],
  ] as const) {
    if (text(body[field]) === undefined)
      throw unrecognized(wanted.kind, `Object '${name}' is missing in '${content}'`, Buffer.from(content));
  }
  const given = { apiVersion: String(body.apiVersion), kind: String(body.kind) };
  if (given.apiVersion !== wanted.apiVersion) {
    throw badRequest(
      `the API version in the data (${given.apiVersion}) does not match the expected API version (${wanted.apiVersion})`,
    );
  }
  if (given.kind !== wanted.kind)
    throw badRequest(`${wanted.kind} in version "${wanted.apiVersion}" cannot be handled as a ${given.kind}`);
  return given;
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

/**
 * An object with the fields of its Go type and no others. What is custom is not changed: its schema says what it has.
 * @throws StatusError for a field of a wrong type, and for what is unknown where the caller is strict
 */
export const decodeFields = (object: JsonObject, wanted: Wanted, strictness: Strictness): JsonObject => {
  const type = wanted.custom === true ? undefined : typeOfKind(wanted.apiVersion, wanted.kind);
  if (type === undefined) return object;
  try {
    const decoded = decodeAs(object, type);
    judgeStrictly(decoded.unknown, wanted, strictness);
    return decoded.object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw strictness.refuse?.(error.message) ?? cannotBeHandled(wanted, wanted.kind, error.message);
  }
};

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
  const fault = typeFault(body ?? (body === null ? {} : undefined));
  if (fault !== undefined)
    throw unrecognized(wanted.kind, `${noVersion}${fault}`, Buffer.from(JSON.stringify(body) ?? ''));
  const object = isObject(body) ? body : {};
  const { apiVersion, kind } = wanted;
  if (wanted.custom === true) return { ...object, ...typedCustom(object, wanted) };
  const given = { apiVersion: text(object.apiVersion) ?? apiVersion, kind: text(object.kind) ?? kind };
  if (given.apiVersion !== apiVersion || given.kind !== kind) throw otherKind(given, wanted);
  return decodeFields({ ...object, ...given }, wanted, strictness);
};
