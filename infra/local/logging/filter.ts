import { compare, type Operator } from './compare.ts';
import { FilterError, type Token, tokenize } from './tokens.ts';

/** Whether an entry passes. */
export type Predicate = (entry: unknown) => boolean;

/**
 * A filter of the Logging query language, in so far as this repository's texts use it: comparisons, AND, OR, NOT and
 * `-`, parentheses (also of values), quoted parts of paths, comments; a new line is AND, AND binds as tightly as it
 * does there: OR before AND. Source: Cloud Logging, *Logging query language*.
 * @throws FilterError that names the place
 */
export const parseFilter = (text: string): Predicate => new Parser(tokenize(text)).whole();

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Predicate {
    this.#skipLines();
    if (this.#peek().kind === 'end') return () => true;
    const predicate = this.#conjunction();
    this.#skipLines();
    const { kind, text, at } = this.#peek();
    if (kind !== 'end') throw new FilterError(`unexpected "${text}" at character ${at}`);
    return predicate;
  }

  /** OR binds tighter than AND: `a AND b OR c` is `a AND (b OR c)`. */
  #conjunction(): Predicate {
    const terms = [this.#disjunction()];
    for (;;) {
      this.#skipLines();
      if (this.#isWord('AND')) this.#take();
      else if (this.#peek().kind === 'end' || this.#peek().kind === 'close') break;
      this.#skipLines();
      terms.push(this.#disjunction());
    }
    return (entry) => terms.every((term) => term(entry));
  }

  #disjunction(): Predicate {
    const terms = [this.#negation()];
    while (this.#continuesWithOr()) {
      this.#skipLines();
      this.#take();
      this.#skipLines();
      terms.push(this.#negation());
    }
    return (entry) => terms.some((term) => term(entry));
  }

  #continuesWithOr(): boolean {
    let ahead = this.#next;
    while (this.#tokens[ahead]?.kind === 'newline') ahead += 1;
    const token = this.#tokens[ahead];
    return token?.kind === 'word' && token.text === 'OR';
  }

  #negation(): Predicate {
    if (this.#isWord('NOT') || this.#isWord('-')) {
      this.#take();
      const term = this.#negation();
      return (entry) => !term(entry);
    }
    if (this.#peek().kind !== 'open') return this.#comparison();
    this.#take();
    this.#skipLines();
    const inner = this.#conjunction();
    this.#skipLines();
    this.#expect('close');
    return inner;
  }

  #comparison(): Predicate {
    const field = this.#take();
    if (field.kind !== 'word' && field.kind !== 'text')
      throw new FilterError(`a field is missing at character ${field.at}`);
    const operator = this.#take();
    if (operator.kind !== 'operator')
      throw new FilterError(`a comparison is missing after "${field.text}" at character ${operator.at}`);
    const path = pathOf(field);
    const values = this.#values();
    return (entry) => values.some((value) => compare(entry, path, operator.text as Operator, value));
  }

  /** One value, or `(a OR b)`. */
  #values(): readonly string[] {
    const token = this.#take();
    if (token.kind === 'word' || token.kind === 'text') return [token.text];
    if (token.kind !== 'open') throw new FilterError(`a value is missing at character ${token.at}`);
    const values: string[] = [];
    for (;;) {
      const value = this.#take();
      if (value.kind !== 'word' && value.kind !== 'text')
        throw new FilterError(`a value is missing at character ${value.at}`);
      values.push(value.text);
      if (this.#peek().kind === 'close') break;
      if (!this.#isWord('OR')) throw new FilterError(`OR is missing at character ${this.#peek().at}`);
      this.#take();
    }
    this.#take();
    return values;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #expect(kind: Token['kind']): void {
    const token = this.#take();
    if (token.kind !== kind) throw new FilterError(`")" is missing at character ${token.at}`);
  }

  #isWord(text: string): boolean {
    return this.#peek().kind === 'word' && this.#peek().text === text;
  }

  #skipLines(): void {
    while (this.#peek().kind === 'newline') this.#next += 1;
  }
}

/** The parts of `labels."a.b/c".d`. */
const pathOf = ({ kind, text }: Token): readonly string[] =>
  kind === 'text'
    ? [text]
    : (text.match(/"(?:[^"\\]|\\.)*"|[^."]+/g) ?? []).map((part) =>
        part.startsWith('"') ? part.slice(1, -1) : part,
      );
