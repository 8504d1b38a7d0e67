import { accept, malformed, type Parsed } from './refusal.ts';

/** A JSON object as `JSON.parse` gives it: every property may have any type, or be missing. */
export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Protobuf's JSON form may write a field that is not set as `null`. */
export const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

/** @param field what the text is called in a refusal. */
export const parseJson = (text: string, field: string): Parsed<unknown> => {
  try {
    return accept(JSON.parse(text));
  } catch {
    return malformed(field, 'is not JSON');
  }
};

/**
 * A copy of a map of strings without a prototype, so that a look-up of `constructor` finds nothing;
 * `undefined` if it is no object or a value is no string.
 */
export const stringMap = (value: unknown): Readonly<Record<string, string>> | undefined => {
  if (!isObject(value)) return undefined;
  const copy: Record<string, string> = Object.create(null);
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (typeof item !== 'string') return undefined;
    copy[key] = item;
  }
  return copy;
};
