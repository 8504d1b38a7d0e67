import { Duration } from '@marcbachmann/cel-js/evaluator';

const listed = (entries: Iterable<unknown>): string => [...entries].map(textOf).join(', ');

/** A value as `%s` prints it (cel-go `ext/formatting.go`). */
export const textOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Duration) return `${Number(value.seconds) + value.nanos / 1e9}s`;
  if (Array.isArray(value) || value instanceof Set) return `[${listed(value)}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, entry]) => [textOf(key), textOf(entry)] as const);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${key}: ${entry}`).join(', ')}}`;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return String(value);
};

const number = (clause: string, value: unknown): number | bigint => {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  const plain = Object(value).valueOf();
  if (typeof plain === 'bigint') return plain;
  throw new Error(
    `error during formatting: ${clause} clause can only be used on numbers, was given ${typeof value}`,
  );
};

const clauses: Readonly<Record<string, (value: unknown, precision: number) => string>> = {
  s: textOf,
  d: (value) => String(number('decimal', value)),
  f: (value, precision) => Number(number('fixed-point', value)).toFixed(precision),
  e: (value, precision) =>
    Number(number('scientific', value))
      .toExponential(precision)
      .replace(/e([+-])(\d)$/, 'e$10$2'),
  b: (value) => (typeof value === 'boolean' ? String(Number(value)) : number('binary', value).toString(2)),
  o: (value) => number('octal', value).toString(8),
  x: (value) =>
    typeof value === 'string' ? Buffer.from(value).toString('hex') : number('hex', value).toString(16),
};

/**
 * `"%s of %d".format([name, count])`.
 * @throws Error for a clause that there is not, or too few arguments
 */
export const formatted = (text: string, values: readonly unknown[]): string => {
  let at = 0;
  return text.replaceAll(
    /%(?:(%)|(?:\.(\d+))?([a-zA-Z])?)/g,
    (whole, percent, precision = '6', letter = '') => {
      if (percent !== undefined) return '%';
      const clause = clauses[letter.toLowerCase()];
      if (clause === undefined || (letter !== 'X' && letter !== letter.toLowerCase())) {
        throw new Error(
          `could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(letter === '' ? whole : letter)}`,
        );
      }
      if (at >= values.length) throw new Error(`index ${at} out of range`);
      const shown = clause(values[at++], Number(precision));
      return letter === 'X' ? shown.toUpperCase() : shown;
    },
  );
};
