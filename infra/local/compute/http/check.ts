import { ComputeError, invalid, invalidJson, notImplemented } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';
import type { Descriptors, Method } from './descriptors.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const whole = (low: bigint, high: bigint) => (value: unknown) => {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  if (!/^-?\d+$/.test(String(value))) return false;
  const n = BigInt(value);
  return n >= low && n <= high;
};

/** Which JSON values a proto scalar takes: numbers also as decimal strings (proto3 JSON mapping). */
const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bytes: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int32: whole(-(2n ** 31n), 2n ** 31n - 1n),
  uint32: whole(0n, 2n ** 32n - 1n),
  int64: whole(-(2n ** 63n), 2n ** 63n - 1n),
  uint64: whole(0n, 2n ** 64n - 1n),
  float: (value) => value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value)),
  double: (value) => value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value)),
};

const badValue = (at: string, type: string, value: unknown): ComputeError =>
  invalidJson(`Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`, at);

const checkValue = (api: Descriptors, type: string, value: unknown, at: string): void => {
  const scalar = scalars[type];
  if (scalar !== undefined) {
    if (!scalar(value)) throw badValue(at, `TYPE_${type.toUpperCase()}`, value);
  } else if (api.message(type) !== undefined) {
    if (!isObject(value)) throw badValue(at, type, value);
    checkMessage(api, type, value, at);
  } else if (typeof value !== 'string') {
    throw badValue(at, type, value);
  }
};

const checkList = (api: Descriptors, type: string, value: unknown, at: string): void => {
  if (!Array.isArray(value)) throw badValue(at, type, value);
  value.forEach((item, i) => {
    if (item === null) throw badValue(`${at}[${i}]`, type, item);
    checkValue(api, type, item, `${at}[${i}]`);
  });
};

const checkMap = (api: Descriptors, type: string, value: unknown, at: string): void => {
  if (!isObject(value)) throw badValue(at, 'map', value);
  for (const [key, item] of Object.entries(value))
    checkValue(api, type, item, `${at}[${JSON.stringify(key)}]`);
};

/**
 * Checks a JSON object against a message of the API's descriptors: every name known, every type right,
 * every enum value listed. `null` stands for an absent field, as in the proto3 JSON mapping.
 */
const checkMessage = (api: Descriptors, message: string, value: JsonObject, at: string): void => {
  const fields = api.message(message)?.fields ?? {};
  for (const [name, item] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      throw invalidJson(
        `Invalid JSON payload received. Unknown name ${JSON.stringify(name)} at '${at}': Cannot find field.`,
        at,
      );
    }
    const here = `${at}.${name}`;
    if (item === null || item === undefined) continue;
    if (field.keyType !== undefined) checkMap(api, field.type, item, here);
    else if (field.rule === 'repeated') checkList(api, field.type, item, here);
    else checkValue(api, field.type, item, here);
    const values = typeof item === 'string' ? api.enumOf(message, name) : undefined;
    if (values !== undefined && !values.includes(item as string)) {
      throw badValue(here, `${message}.${name}`, item);
    }
  }
};

/** The Node client sends `""` for an empty message and for the POST of a method without a body, Go `null`. */
const isEmpty = (text: string): boolean => ['', '""', '{}', 'null'].includes(text.trim());

/**
 * The body of a request, checked against the method's message.
 * @throws ComputeError 400 naming the field
 */
export const checkBody = (api: Descriptors, method: Method, text: string): JsonObject => {
  if (isEmpty(text)) return {};
  if (method.body === undefined) {
    throw invalidJson('Invalid JSON payload received. The request must have no body.', '');
  }
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ComputeError(400, 'parseError', 'Parse Error');
  }
  if (!isObject(value)) throw badValue('resource', method.body, value);
  checkMessage(api, method.body, value, 'resource');
  return value;
};

/** Parameters that every Google API takes. `fields` changes the answer and is not here. */
const standard = new Set([
  'alt',
  '$alt',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'userIp',
  '$.xgafv',
]);

/** The REST reference has `returnPartialSuccess` on every list; the descriptors have it on some. */
const parameterOf = (method: Method, name: string): Method['query'][string] | undefined => {
  if (name === 'returnPartialSuccess' && 'pageToken' in method.query) return { type: 'bool' };
  return Object.hasOwn(method.query, name) ? method.query[name] : undefined;
};

/** @throws ComputeError 400 for a parameter that the method does not have or whose value is of another type */
export const checkQuery = (method: Method, query: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(query)) {
    if (standard.has(name)) continue;
    if (name === 'fields' || name === '$fields') throw notImplemented('the parameter fields');
    const field = parameterOf(method, name);
    if (field === undefined) {
      throw invalidJson(
        `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}: Cannot bind query parameter. ` +
          `Field '${name}' could not be found in request message.`,
        '',
      );
    }
    // gcloud writes `True`.
    const ok = field.type === 'bool' ? /^(true|false)$/i.test(value) : (scalars[field.type]?.(value) ?? true);
    if (!ok) throw badValue(name, `TYPE_${field.type.toUpperCase()}`, value);
  }
  const { requestId } = query;
  if (requestId !== undefined) checkRequestId(requestId);
};

/** The proto's comment of `request_id`: a valid UUID, and not the zero one. */
const checkRequestId = (id: string): void => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
  if (!uuid.test(id) || /^[0-]*$/.test(id)) throw invalid('requestId', id, 'Must be a non-zero UUID.');
};
