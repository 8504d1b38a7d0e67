/** One word of a filter. */
export interface Token {
  /** `word`: a field's path, a value without quotes, AND, OR, NOT. `text`: what stood in quotes, unescaped. */
  readonly kind: 'word' | 'text' | 'operator' | 'open' | 'close' | 'end';
  readonly text: string;
  /** The index of its first character. */
  readonly at: number;
}

/** A filter that cannot be read; the message names the place. */
export class FilterError extends Error {
  constructor(what: string, filter: string, at: number) {
    const lines = filter.slice(0, at).split('\n');
    super(`${what} at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`);
  }
}

/** A path's quoted part stands after a dot: `labels."a.b/c"`. */
const patterns = [
  ['skip', /(?:\s|--[^\n]*)+/y],
  ['text', /"(?:[^"\\]|\\.)*"/sy],
  ['operator', /=~|!~|!=|>=|<=|=|>|<|:/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['word', /(?:[\w$@/*+.%-]|(?<=\.)"(?:[^"\\]|\\.)*")+/y],
] as const;

/**
 * The words of a filter; white space and comments (`--` to the end of the line) are dropped.
 * @throws FilterError for a character that begins no word
 */
export const tokenize = (filter: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const [kind, text] = wordAt(filter, at);
    if (kind === 'text') tokens.push({ kind, text: unquote(text), at });
    else if (kind !== 'skip') tokens.push({ kind, text, at });
    at += text.length;
  }
  return [...tokens, { kind: 'end', text: 'the end', at }];
};

const wordAt = (filter: string, at: number): readonly [(typeof patterns)[number][0], string] => {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(filter)?.[0];
    if (text !== undefined) return [kind, text];
  }
  throw new FilterError(`unexpected ${JSON.stringify(filter[at])}`, filter, at);
};

/** `\"` and `\\` are escapes; any other backslash stays, because regular expressions are written with it. */
export const unquote = (quoted: string): string =>
  quoted.slice(1, -1).replace(/\\(["\\])/g, (_all, escaped: string) => escaped);
