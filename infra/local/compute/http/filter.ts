import { invalid } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';

/** True for a resource that a list is to show. */
export type Filter = (resource: JsonObject) => boolean;

const refusal = (text: string): Error => invalid('filter', text, 'Invalid list filter expression.');

/** Every value at a dotted path; lists on the way contribute each of their items. */
const valuesAt = (value: Json | undefined, path: readonly string[]): Json[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  return typeof value === 'object' ? valuesAt((value as JsonObject)[head], rest) : [];
};

const textOf = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');

/** AIP-160: `*` stands for any text. */
const wildcard = (pattern: string): RegExp => new RegExp(`^${escaped(pattern).replaceAll('*', '.*')}$`, 's');

const compare = (a: string, b: string): number => {
  const numbers = [a, b].map(Number);
  const [x, y] = numbers as [number, number];
  if (a.trim() !== '' && b.trim() !== '' && !numbers.some(Number.isNaN)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Made once a filter: a list asks it of every resource. */
type Operator = (operand: string) => (values: readonly string[]) => boolean;

const ordered =
  (holds: (order: number) => boolean): Operator =>
  (operand) =>
  (values) =>
    values.some((value) => holds(compare(value, operand)));

/** `!=` holds where the field is absent; `:` finds a part of a text, in either case (unverified). */
const operators: Readonly<Record<string, Operator>> = {
  '=': (operand) => {
    const pattern = wildcard(operand);
    return (values) => values.some((value) => pattern.test(value));
  },
  '!=': (operand) => {
    const pattern = wildcard(operand);
    return (values) => !values.some((value) => pattern.test(value));
  },
  '>=': ordered((order) => order >= 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '<': ordered((order) => order < 0),
  ':': (operand) => {
    const part = operand.toLowerCase();
    return (values) => values.some((value) => part === '*' || value.toLowerCase().includes(part));
  },
};

/** What precedes each comparison: the name is of the resource's message, or the filter is refused. */
type Known = (field: string) => boolean;

/** A parser of the AIP-160 form. OR binds closer than AND, and side by side means AND (AIP-160's grammar). */
class Parser {
  readonly #text: string;
  readonly #known: Known;
  #at = 0;

  constructor(text: string, known: Known) {
    this.#text = text;
    this.#known = known;
  }

  parse(): Filter {
    const filter = this.#conjunction();
    if (this.#peek(/\S/) !== undefined) throw refusal(this.#text);
    return filter;
  }

  #conjunction(): Filter {
    const parts = [this.#disjunction()];
    while (this.#peek(/[^)\s]/) !== undefined) {
      this.#take(/AND\b/);
      parts.push(this.#disjunction());
    }
    return (resource) => parts.every((part) => part(resource));
  }

  #disjunction(): Filter {
    const parts = [this.#term()];
    while (this.#take(/OR\b/) !== undefined) parts.push(this.#term());
    return (resource) => parts.some((part) => part(resource));
  }

  #term(): Filter {
    if (this.#take(/NOT\b|-/) !== undefined) {
      const negated = this.#term();
      return (resource) => !negated(resource);
    }
    if (this.#take(/\(/) === undefined) return this.#comparison();
    const inner = this.#conjunction();
    if (this.#take(/\)/) === undefined) throw refusal(this.#text);
    return inner;
  }

  #comparison(): Filter {
    const field = this.#take(/[A-Za-z_][\w.\-/]*/);
    const operator = this.#take(/!=|>=|<=|[=<>:]/);
    const operand = this.#take(/"[^"]*"|'[^']*'|[^\s()"']+/);
    if (field === undefined || operator === undefined || operand === undefined || !this.#known(field)) {
      throw refusal(this.#text);
    }
    const test = operators[operator]?.(unquoted(operand));
    if (test === undefined) throw refusal(this.#text);
    const path = field.split('.');
    return (resource) => test(valuesAt(resource, path).map(textOf));
  }

  #peek(token: RegExp): string | undefined {
    return new RegExp(`^\\s*(${token.source})`).exec(this.#text.slice(this.#at))?.[1];
  }

  #take(token: RegExp): string | undefined {
    const match = new RegExp(`^\\s*(${token.source})`).exec(this.#text.slice(this.#at));
    this.#at += match?.[0].length ?? 0;
    return match?.[1];
  }
}

const unquoted = (text: string): string => (/^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text);

/** RE2 has no back references and no look-around: what JavaScript would take beyond it is refused. */
const regularExpression = (source: string, text: string): RegExp => {
  if (/\\[1-9]|\(\?[=!<]/.test(source)) throw refusal(text);
  try {
    return new RegExp(`^(?:${source})$`, 's');
  } catch {
    throw refusal(text);
  }
};

const expression = (field: string, operator: string, literal: string, text: string): Filter => {
  const wanted = regularExpression(unquoted(literal.trim()), text);
  const path = field.split('.');
  return (resource) =>
    valuesAt(resource, path).some((value) => wanted.test(textOf(value))) === (operator === 'eq');
};

/** `(name eq a.*) (status ne "DONE")`: comparisons in parentheses, all of which must hold. */
const expressions = (text: string, known: Known): Filter => {
  const one = /\s*\(\s*([\w.]+)\s+(eq|ne)\s+("[^"]*"|'[^']*'|(?:[^()]|\([^()]*\))+)\)\s*/gy;
  const parts: Filter[] = [];
  let end = 0;
  for (let match = one.exec(text); match !== null; match = one.exec(text)) {
    const [whole, field = '', operator = '', literal = ''] = match;
    if (!known(field)) throw refusal(text);
    parts.push(expression(field, operator, literal, text));
    end += whole.length;
  }
  if (end !== text.length) throw refusal(text);
  return (resource) => parts.every((part) => part(resource));
};

/**
 * A list's `filter`, in the two forms of its documentation (proto comment of `filter`), which cannot be
 * mixed: AIP-160 (`name = a AND (labels.owner:* OR status != IN_USE)`), and regular expressions of RE2 that
 * must match the whole value (`name eq a.*`).
 * @throws ComputeError 400 for one that cannot be parsed or names a field that resources do not have
 */
export const parseFilter = (text: string, hasField: (name: string) => boolean): Filter => {
  const known: Known = (field) => hasField(field.split('.')[0] ?? '');
  const single = /^\s*([\w.]+)\s+(eq|ne)\s+(.+)$/s.exec(text);
  if (single !== null) {
    const [, field = '', operator = '', literal = ''] = single;
    if (!known(field)) throw refusal(text);
    return expression(field, operator, literal, text);
  }
  if (/^\s*\(\s*[\w.]+\s+(eq|ne)\s/.test(text)) return expressions(text, known);
  return new Parser(text, known).parse();
};
