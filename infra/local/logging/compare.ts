import { nanosOf } from '../time.ts';
import { type Field, severityRank } from './fields.ts';

export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | ':' | '=~' | '!~';

/** Whether an entry passes. */
export type Predicate = (entry: unknown) => boolean;

/**
 * One comparison, ready to be asked: true if any value at the path passes, for a repeated field any element. A
 * missing field passes none, so no negative one either: only NOT turns it into true.
 * @throws Error for a value that the field or the operator cannot be compared with
 * Source: Cloud Logging, *Logging query language*, comparisons and missing fields.
 */
export const comparison = (
  path: readonly string[],
  operator: Operator,
  wanted: string,
  { kind, fallback }: Field,
): Predicate => {
  if (operator === ':' && wanted === '*') return (entry) => valuesAt(entry, path).length > 0;
  const passes = test(kind, operator, wanted);
  return (entry) => {
    const values = valuesAt(entry, path);
    return values.length === 0 && fallback !== undefined ? passes(fallback) : values.some(passes);
  };
};

/** Every value at a path; a repeated field on the way gives those of all its elements. */
export const valuesAt = (value: unknown, path: readonly string[]): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path));
  const [head, ...rest] = path;
  if (head === undefined) return value === undefined || value === null ? [] : [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, head)) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[head], rest);
};

type Test = (value: unknown) => boolean;

const test = (kind: Field['kind'], operator: Operator, wanted: string): Test => {
  switch (operator) {
    case ':': {
      const part = wanted.toLowerCase();
      return (value) => typeof value !== 'object' && String(value).toLowerCase().includes(part);
    }
    case '=~':
    case '!~': {
      const pattern = regularExpression(wanted);
      return (value) => pattern.test(String(value)) === (operator === '=~');
    }
    default: {
      const order = orderOf(kind, wanted);
      return (value) => {
        const difference = order(value);
        return operator === '!=' ? difference !== 0 : difference !== undefined && holds[operator](difference);
      };
    }
  }
};

const holds = {
  '=': (difference: number) => difference === 0,
  '>': (difference: number) => difference > 0,
  '<': (difference: number) => difference < 0,
  '>=': (difference: number) => difference >= 0,
  '<=': (difference: number) => difference <= 0,
};

type Order = (value: unknown) => number | undefined;

/** Times compare as times, severities by rank, numbers as numbers, texts without regard to case. */
const orderOf = (kind: Field['kind'], wanted: string): Order => {
  if (kind === 'time') {
    const time = nanosOf(/^\d{4}-\d\d-\d\d$/.test(wanted) ? `${wanted}T00:00:00Z` : wanted);
    if (time === undefined) throw new Error(`${JSON.stringify(wanted)} is no time (RFC 3339)`);
    return (value) => sign(nanosOf(String(value)) ?? 0n, time);
  }
  if (kind === 'severity') {
    const rank = severityRank(/^\d+$/.test(wanted) ? Number(wanted) : wanted);
    if (rank === undefined) throw new Error(`${JSON.stringify(wanted)} is no severity`);
    return (value) => sign(severityRank(value) ?? 0, rank);
  }
  const number = Number(wanted);
  const text = wanted.toLowerCase();
  return (value) => {
    if (typeof value !== 'number') return sign(String(value).toLowerCase(), text);
    return wanted === '' || Number.isNaN(number) ? undefined : value - number;
  };
};

const sign = <T extends string | number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** What RE2, which Cloud Logging uses, does not have: look-around and back references. */
const notInRe2 = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/** Unanchored, with regard to case, as RE2 reads it as far as JavaScript does too; `(?i)` may stand first. */
const regularExpression = (pattern: string): RegExp => {
  if (notInRe2.test(pattern)) throw new Error('RE2 has neither look-around nor back references');
  return pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'iu') : new RegExp(pattern, 'u');
};
