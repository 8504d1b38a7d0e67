import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import { type Field, goType } from './table.ts';

const zeros: Readonly<Record<string, Json>> = { string: '', bool: false, int32: 0, int64: 0, float64: 0 };

const emptyField = ({ type, omitEmpty, pointer }: Field): Json | undefined => {
  const known = goType(type);
  if (pointer) return omitEmpty ? undefined : null;
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
