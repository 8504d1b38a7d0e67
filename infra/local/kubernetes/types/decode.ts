import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import { bareName, type Field, goType, shownType } from './table.ts';

/** A value that has not the type of its field, in Go's words. */
export class DecodeError extends Error {}

/** What a decoder made of a value. */
export interface Decoded {
  readonly object: JsonObject;
  /** Paths of the fields that the type has not, which are dropped: `spec.containers[0].imagee`. */
  readonly unknown: readonly string[];
}

/** Where a decoder is: the struct and the fields that Go's errors name, and the path that strict errors name. */
interface Place {
  readonly struct: string;
  readonly fields: readonly string[];
  readonly path: string;
  readonly unknown: string[];
}

/** What JSON calls a value, in Go's errors. */
export const kindOf = (value: Json): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

/** encoding/json, UnmarshalTypeError. */
const mismatch = (what: string, type: string, { struct, fields }: Place): DecodeError => {
  const into = struct === '' ? 'value' : `struct field ${bareName(struct)}.${fields.join('.')}`;
  return new DecodeError(`json: cannot unmarshal ${what} into Go ${into} of type ${shownType(type)}`);
};

const bounds: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

const checkPlain = (value: Json, type: string, under: string, place: Place): void => {
  if (under === 'interface{}') return;
  const wanted = under === '[]uint8' ? 'string' : under === 'bool' || under === 'string' ? under : 'number';
  if (kindOf(value) !== wanted) throw mismatch(kindOf(value), type, place);
  const bound = bounds[under];
  if (bound === undefined) return;
  const number = Number(value);
  if (!Number.isInteger(number) || number >= bound || number < -bound)
    throw mismatch(`number ${number}`, type, place);
};

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** What a time that is none lacks first, as package time says it: only its beginning is told apart. */
const checkTime = (value: Json, place: Place, layout = '2006-01-02T15:04:05Z07:00'): void => {
  if (typeof value !== 'string') throw mismatch(kindOf(value), 'string', place);
  if (instant.test(value)) return;
  const year = /^\d{4}/.test(value);
  const rest = year ? value.slice(4) : value;
  throw new DecodeError(
    `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${year ? '-' : '2006'}"`,
  );
};

/** Six digits behind the seconds, and no others. */
const checkMicroTime = (value: Json, place: Place): void => {
  const layout = '2006-01-02T15:04:05.000000Z07:00';
  checkTime(value, place, layout);
  const [, fraction = ''] = /^.{19}(.*)$/.exec(String(value)) ?? [];
  if (!/^\.\d{6}(?!\d)/.test(fraction))
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(fraction)} as ".000000"`,
    );
};

/** The types that read themselves, as far as they refuse something. */
const own: Readonly<Record<string, (value: Json, place: Place) => void>> = {
  'api/resource.Quantity': (value) => {
    if (!quantity.test(String(value).trim()))
      throw new DecodeError(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
  },
  'meta/v1.Time': (value, place) => checkTime(value, place),
  'meta/v1.MicroTime': checkMicroTime,
  'util/intstr.IntOrString': (value, place) => {
    if (typeof value !== 'string') checkPlain(value, 'int32', 'int32', place);
  },
};

const at = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

/** null stands for the empty value of every type, which is that of a field left out. */
const entries = (value: JsonObject): [string, Json][] =>
  Object.entries(value).filter(([, entry]) => entry !== null);

const decodeStruct = (
  value: JsonObject,
  type: string,
  fields: ReadonlyMap<string, Field>,
  place: Place,
): JsonObject => {
  const decoded: JsonObject = {};
  for (const [name, entry] of Object.entries(value)) {
    const field = fields.get(name);
    const path = at(place.path, name);
    if (field === undefined) place.unknown.push(path);
    else if (entry !== null) {
      const inner = { ...place, struct: type, fields: [...place.fields, ...field.within, name], path };
      decoded[name] = decodeValue(entry, field.type, inner);
    }
  }
  return decoded;
};

const decodeValue = (value: Json, type: string, place: Place): Json => {
  const known = goType(type);
  switch (known.form) {
    case 'own':
      own[type]?.(value, place);
      return value;
    case 'plain':
      checkPlain(value, type, known.type, place);
      return value;
    case 'list':
      if (!Array.isArray(value)) throw mismatch(kindOf(value), type, place);
      return value.map((entry, index) =>
        entry === null ? null : decodeValue(entry, known.of, { ...place, path: `${place.path}[${index}]` }),
      );
    case 'map':
      if (!isObject(value)) throw mismatch(kindOf(value), type, place);
      return Object.fromEntries(
        entries(value).map(([key, entry]) => [
          key,
          decodeValue(entry, known.of, { ...place, path: at(place.path, key) }),
        ]),
      );
    case 'struct':
      if (!isObject(value)) throw mismatch(kindOf(value), type, place);
      return decodeStruct(value, type, known.fields, place);
  }
};

/**
 * A value as the decoder of a Go type reads it: fields that it has not are dropped, null is nothing.
 * @throws DecodeError for the first value that has not its field's type
 */
export const decodeAs = (value: Json, type: string): Decoded => {
  const unknown: string[] = [];
  const object = decodeValue(value, type, { struct: '', fields: [], path: '', unknown });
  return { object: object as JsonObject, unknown };
};
