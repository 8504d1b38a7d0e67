/**
 * Readers of untyped JSON that never throw: a hostile or broken object gives harmless values, and the rules then
 * say what is wrong with it.
 */
export type Json = Readonly<Record<string, unknown>>;

export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise;

export const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const count = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;

/** The entries whose values are texts. */
export const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(object(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

export const textList = (value: unknown): readonly string[] =>
  list(value).filter((entry): entry is string => typeof entry === 'string');
