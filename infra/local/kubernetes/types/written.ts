import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import { canonicalQuantity } from '../objects/quantity.ts';
import { type Field, goType } from './table.ts';

const zeros: Readonly<Record<string, Json>> = { string: '', bool: false, int32: 0, int64: 0, float64: 0 };

const times = new Set(['meta/v1.Time', 'meta/v1.MicroTime']);

const emptyField = ({ name, type, omitEmpty, pointer }: Field): Json | undefined => {
  const known = goType(type);
  if (pointer) return omitEmpty ? undefined : null;
  // A time is a struct too; that of the metadata alone is left out when it is none (`omitzero`).
  if (times.has(type)) return name === 'creationTimestamp' ? undefined : null;
  // A struct is never empty to encoding/json.
  if (known.form === 'struct') return emptyOf(type);
  if (omitEmpty) return undefined;
  return known.form === 'plain' ? (zeros[known.type] ?? null) : null;
};

/** An object of a Go type with nothing in it, as encoding/json writes it. */
export const emptyOf = (type: string): JsonObject => {
  const known = goType(type);
  const empty: JsonObject = {};
  if (known.form !== 'struct') return empty;
  for (const [name, field] of known.fields) {
    const value = emptyField(field);
    if (value !== undefined) empty[name] = value;
  }
  return empty;
};

const isEmpty = (value: Json): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

/** Whether encoding/json leaves a value out: neither a struct nor what a pointer points at is empty to it. */
const isLeftOut = (value: Json, { type, omitEmpty, pointer }: Field): boolean =>
  omitEmpty && !pointer && goType(type).form !== 'struct' && goType(type).form !== 'own' && isEmpty(value);

const writtenStruct = (value: JsonObject, fields: ReadonlyMap<string, Field>): JsonObject => {
  const written: JsonObject = {};
  for (const [name, entry] of Object.entries(value)) {
    const field = fields.get(name);
    if (field === undefined) written[name] = entry;
    else if (entry !== null && !isLeftOut(entry, field)) written[name] = writtenAs(entry, field.type);
  }
  for (const [name, field] of fields) {
    if (name in written) continue;
    const empty = emptyField(field);
    if (empty !== undefined) written[name] = empty;
  }
  return written;
};

/**
 * A value as it is read back from its Go type: with the fields that encoding/json never leaves out, without the empty ones
 * that it does leave out, and with quantities in the form that they are written in.
 */
export const writtenAs = (value: Json, type: string): Json => {
  if (type === 'api/resource.Quantity') return canonicalQuantity(String(value).trim());
  const known = goType(type);
  switch (known.form) {
    case 'own':
    case 'plain':
      return value;
    case 'list':
      return Array.isArray(value) ? value.map((entry) => writtenAs(entry, known.of)) : value;
    case 'map':
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, writtenAs(entry, known.of)]))
        : value;
    case 'struct':
      return isObject(value) ? writtenStruct(value, known.fields) : value;
  }
};

/** As encoding/json writes a text: what HTML would misread is escaped. */
const textOf = (value: Json): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What a patch went through on its way to what it changed, by the keys of the path, joined. */
export type Touched = ReadonlySet<string>;

export const pathText = (path: readonly string[]): string => path.join('\0');

const typeAt = (type: string | undefined, name: string): string | undefined => {
  if (type === undefined) return undefined;
  const known = goType(type);
  if (known.form === 'struct') return known.fields.get(name)?.type;
  return known.form === 'map' ? known.of : undefined;
};

/** The fields of an object in the order in which Go writes them: a struct's as they are declared, a map's by name. */
const keysOf = (value: JsonObject, type: string | undefined, sorted: boolean): string[] => {
  const known = type === undefined || sorted ? undefined : goType(type);
  const names = Object.keys(value).sort();
  if (known?.form !== 'struct') return names;
  const order = [...known.fields.keys()];
  const rank = (name: string): number => {
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  return names.sort((a, b) => rank(a) - rank(b));
};

/**
 * An object as the API server writes it to patch it: in the order of its Go type, and by name where the patch went.
 * @param type of a built-in kind; what is custom is a map everywhere
 */
export const writtenText = (
  value: Json,
  type: string | undefined,
  touched: Touched,
  path: readonly string[] = [],
): string => {
  if (Array.isArray(value)) {
    const known = type === undefined ? undefined : goType(type);
    const of = known?.form === 'list' ? known.of : undefined;
    return `[${value.map((entry, at) => writtenText(entry, of, touched, [...path, String(at)])).join(',')}]`;
  }
  if (!isObject(value)) return textOf(value);
  const fields = keysOf(value, type, touched.has(pathText(path))).map(
    (name) =>
      `${textOf(name)}:${writtenText(value[name] ?? null, typeAt(type, name), touched, [...path, name])}`,
  );
  return `{${fields.join(',')}}`;
};

/** As fmt prints a map: `map[metadata:map[labels:x]]`. */
export const fmtText = (value: Json): string => {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(fmtText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const names = Object.keys(value).sort();
  return `map[${names.map((name) => `${name}:${fmtText(value[name] ?? null)}`).join(' ')}]`;
};
