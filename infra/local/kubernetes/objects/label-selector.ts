import { aggregated, type Cause, invalidValue } from './cause.ts';
import { labelValueFaults, qualifiedNameFaults } from './names.ts';

/** The operators between a key and what it is held against, in the order in which the API server names them. */
const binaryOperators = ['in', 'notin', '=', '==', '!=', '>', '<'] as const;
/** How errors name them (apimachinery `pkg/selection`). */
const binaryNames = 'in, notin, =, ==, !=, gt, lt';

export type Operator = (typeof binaryOperators)[number] | 'exists' | '!';

/** One term of a selector: all must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** In order, each once. */
  readonly values: readonly string[];
}

/** A selector that does not parse, in the words of the API server. */
export class SelectorError extends Error {}

type Kind = 'word' | 'end' | 'wrong' | '(' | ')' | ',' | Operator;

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** Symbols, the longest first; what stands between them and spaces is a word. */
const tokenForm = /\s*(?:(?<symbol>==|!=|[=!(),<>])|(?<word>[^\s=!(),<>]+))/y;

const tokensOf = (selector: string): Token[] => {
  const tokens: Token[] = [];
  tokenForm.lastIndex = 0;
  for (let found = tokenForm.exec(selector); found !== null; found = tokenForm.exec(selector)) {
    const { symbol, word = '' } = found.groups ?? {};
    const keyword = word === 'in' || word === 'notin' ? word : 'word';
    tokens.push({ kind: (symbol as Kind | undefined) ?? keyword, text: symbol ?? word });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
};

const fail = (text: string): never => {
  throw new SelectorError(text);
};

/** Reads tokens one after the other. `in` and `notin` are words where no operator can stand. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(selector: string) {
    this.#tokens = tokensOf(selector);
  }

  peek(): Token {
    const token = this.#tokens[this.#at] ?? { kind: 'end', text: '' };
    return token.kind === 'in' || token.kind === 'notin' ? { ...token, kind: 'word' } : token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  operator(): Operator {
    const { kind, text } = this.#tokens[this.#at++] ?? { kind: 'end', text: '' };
    const found = binaryOperators.find((operator) => operator === kind);
    return found ?? fail(`found '${text}', expected: ${binaryNames}`);
  }
}

/** `(a,,b)`: what stands between commas, nothing too. */
const valuesIn = (reader: Reader): string[] => {
  const open = reader.next();
  if (open.kind !== '(') fail(`found '${open.text}' expected: '('`);
  const values: string[] = [];
  const first = reader.peek();
  if (![')', ',', 'word'].includes(first.kind))
    fail(`found '${first.text}', expected: ',', ')' or identifier`);
  for (;;) {
    const { kind } = reader.peek();
    values.push(kind === 'word' ? reader.next().text : '');
    const after = reader.next();
    if (after.kind === ')') return [...new Set(values)].sort();
    if (after.kind === ',') {
      const item = reader.peek();
      if ([')', ',', 'word'].includes(item.kind)) continue;
      fail(`found '${item.text}', expected: ',', or identifier`);
    }
    fail(`found '${after.text}', expected: ',' or ')'`);
  }
};

const exactValue = (reader: Reader): string[] => {
  const { kind, text } = reader.peek();
  if (kind === 'end' || kind === ',') return [''];
  reader.next();
  return kind === 'word' ? [text] : fail(`found '${text}', expected: identifier`);
};

/** What no requirement may say (labels.NewRequirement). */
const faultsOf = ({ key, operator, values }: Requirement): Cause[] => {
  const causes: Cause[] = [];
  if (operator === '<' || operator === '>') {
    for (const [at, value] of values.entries()) {
      if (!/^[-+]?\d+$/.test(value))
        causes.push(
          invalidValue(`values[${at}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"),
        );
    }
  }
  for (const [at, value] of values.entries()) {
    const broken = labelValueFaults(value);
    if (broken.length > 0) causes.push(invalidValue(`values[${at}][${key}]`, value, broken.join('; ')));
  }
  return causes;
};

const requirement = (reader: Reader): Requirement => {
  const not = reader.peek().kind === '!';
  if (not) reader.next();
  const { kind, text: key } = reader.next();
  if (kind !== 'word') fail(`found '${key}', expected: identifier`);
  const broken = qualifiedNameFaults(key);
  if (broken.length > 0) {
    const { field, message } = invalidValue('<nil>', key, broken.join('; '));
    fail(`${field}: ${message}`);
  }
  const after = reader.peek().kind;
  if (not || after === 'end' || after === ',') return { key, operator: not ? '!' : 'exists', values: [] };
  const operator = reader.operator();
  const values = operator === 'in' || operator === 'notin' ? valuesIn(reader) : exactValue(reader);
  const found = { key, operator, values };
  const causes = faultsOf(found);
  return causes.length === 0 ? found : fail(aggregated(causes));
};

/**
 * Parses a label selector (apimachinery `pkg/labels/selector.go`): `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`,
 * `a`, `!a`, `a>1`, `a<1`, joined by commas that mean *and*.
 * @throws SelectorError with what is wrong
 */
export const parseLabelSelector = (selector: string): Requirement[] => {
  const reader = new Reader(selector);
  const requirements: Requirement[] = [];
  const begins = (kind: Kind): boolean => kind === 'word' || kind === '!';
  for (;;) {
    const { kind, text } = reader.peek();
    if (kind === 'end') return requirements;
    if (!begins(kind)) fail(`found '${text}', expected: !, identifier, or 'end of string'`);
    try {
      requirements.push(requirement(reader));
    } catch (error) {
      if (error instanceof SelectorError) error.message = `unable to parse requirement: ${error.message}`;
      throw error;
    }
    const separator = reader.next();
    if (separator.kind === 'end') return requirements;
    if (separator.kind !== ',') fail(`found '${separator.text}', expected: ',' or 'end of string'`);
    const following = reader.peek();
    if (!begins(following.kind)) fail(`found '${following.text}', expected: identifier after ','`);
  }
};
