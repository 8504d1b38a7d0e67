export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | ':' | '=~' | '!~';

/** Every value at a path; a repeated field on the way gives those of all its elements. */
const valuesAt = (value: unknown, path: readonly string[]): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path));
  const [head, ...rest] = path;
  if (head === undefined) return value === undefined || value === null ? [] : [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, head)) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[head], rest);
};

/** Times compare as times, numbers as numbers, texts without regard to case. */
const order = (value: unknown, wanted: string): number | undefined => {
  if (typeof value === 'number') return Number.isNaN(Number(wanted)) ? undefined : value - Number(wanted);
  const text = String(value);
  const [left, right] = [Date.parse(text), Date.parse(wanted)];
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  const [a, b] = [text.toLowerCase(), wanted.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
};

const holds = (value: unknown, operator: Operator, wanted: string): boolean => {
  switch (operator) {
    case '=':
    case '!=':
      return order(value, wanted) === 0;
    case ':':
      return wanted === '*' || String(value).toLowerCase().includes(wanted.toLowerCase());
    case '=~':
    case '!~':
      return new RegExp(wanted).test(String(value));
    default: {
      const difference = order(value, wanted);
      if (difference === undefined) return false;
      if (operator === '>') return difference > 0;
      if (operator === '<') return difference < 0;
      return operator === '>=' ? difference >= 0 : difference <= 0;
    }
  }
};

/**
 * One comparison: true if any value at the path passes. A missing field passes none, and so no negative one either.
 * Source: Cloud Logging, *Missing fields*: only NOT turns a missing field into true.
 */
export const compare = (
  entry: unknown,
  path: readonly string[],
  operator: Operator,
  wanted: string,
): boolean => {
  const values = valuesAt(entry, path);
  const negative = operator === '!=' || operator === '!~';
  return values.some((value) => holds(value, operator, wanted) !== negative);
};
