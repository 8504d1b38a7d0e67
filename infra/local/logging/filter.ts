import { comparison, type Operator, type Predicate } from './compare.ts';
import { fieldAt } from './fields.ts';
import { FilterError, type Token, tokenize, unquote } from './tokens.ts';

export type { Predicate } from './compare.ts';

/** Source: Cloud Logging, *Quotas and limits*: length of a query, and of a sink's filter. */
export const longestFilter = 20_000;

/**
 * A filter of the Logging query language, in so far as it compares fields: AND, OR, NOT and `-`, parentheses (also
 * around values), quoted parts of paths, comments. Comparisons that follow one another are joined by AND. NOT binds
 * tightest, then OR, then AND: `a AND b OR c` is `a AND (b OR c)`.
 * Not offered: text that is searched in every field, and functions (SEARCH, sample, ...).
 * @throws FilterError that names the place
 * Source: Cloud Logging, *Logging query language*.
 */
export const parseFilter = (text: string): Predicate => {
  if (text.length > longestFilter)
    throw new FilterError(`more than ${longestFilter} characters`, text, longestFilter);
  return new Parser(text).whole();
};

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Predicate {
    if (this.#peek().kind === 'end') return () => true;
    const predicate = this.#conjunction();
    if (this.#peek().kind !== 'end') throw this.#error(`unexpected "${this.#peek().text}"`);
    return predicate;
  }

  #conjunction(): Predicate {
    const terms = [this.#disjunction()];
    while (this.#takeWord('AND') || !['end', 'close'].includes(this.#peek().kind))
      terms.push(this.#disjunction());
    return (entry) => terms.every((term) => term(entry));
  }

  #disjunction(): Predicate {
    const terms = [this.#term()];
    while (this.#takeWord('OR')) terms.push(this.#term());
    return (entry) => terms.some((term) => term(entry));
  }

  #term(): Predicate {
    const { kind, text } = this.#peek();
    if (this.#takeWord('NOT') || this.#takeWord('-')) return negated(this.#term());
    if (kind === 'word' && text.startsWith('-')) return negated(this.#comparison(text.slice(1)));
    if (kind !== 'open') return this.#comparison(text);
    this.#next += 1;
    const inner = this.#conjunction();
    if (this.#peek().kind !== 'close') throw this.#error('")" is missing');
    this.#next += 1;
    return inner;
  }

  #comparison(name: string): Predicate {
    const { kind } = this.#peek();
    if (kind === 'text') throw this.#error('text that is searched in every field is not offered');
    if (kind !== 'word') throw this.#error('a field is missing');
    const path = pathOf(name);
    const field = fieldAt(path);
    const follower = this.#tokens[this.#next + 1]?.kind;
    if (follower === 'open') throw this.#error(`the function "${name}" is not offered`);
    if (field === undefined) throw this.#error(`no log entry has the field "${name}"`);
    this.#next += 1;
    if (follower !== 'operator') throw this.#error(`a comparison is missing after "${name}"`);
    const operator = this.#peek().text as Operator;
    this.#next += 1;
    const tests = this.#values((value) => comparison(path, operator, value, field));
    return (entry) => tests.some((test) => test(entry));
  }

  /** One value, or `(a OR b)`, each made into what it tests. */
  #values(test: (value: string) => Predicate): readonly Predicate[] {
    if (this.#peek().kind !== 'open') return [this.#value(test)];
    const tests: Predicate[] = [];
    do {
      this.#next += 1;
      tests.push(this.#value(test));
    } while (this.#isWord('OR'));
    if (this.#peek().kind !== 'close') throw this.#error('OR or ")" is missing');
    this.#next += 1;
    return tests;
  }

  #value(test: (value: string) => Predicate): Predicate {
    const { kind, text } = this.#peek();
    if (kind !== 'word' && kind !== 'text') throw this.#error('a value is missing');
    try {
      const predicate = test(text);
      this.#next += 1;
      return predicate;
    } catch (error) {
      throw this.#error((error as Error).message);
    }
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'the end', at: this.#text.length };
  }

  #isWord(text: string): boolean {
    return this.#peek().kind === 'word' && this.#peek().text === text;
  }

  #takeWord(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#next += 1;
    return true;
  }

  #error(what: string): FilterError {
    return new FilterError(what, this.#text, this.#peek().at);
  }
}

const negated =
  (predicate: Predicate): Predicate =>
  (entry) =>
    !predicate(entry);

/** The parts of `labels."a.b/c".d`. */
export const pathOf = (name: string): readonly string[] =>
  (name.match(/"(?:[^"\\]|\\.)*"|[^."]+/g) ?? []).map((part) =>
    part.startsWith('"') ? unquote(part) : part,
  );
