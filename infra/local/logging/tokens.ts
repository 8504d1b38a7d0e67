/** One word of a filter: its text, where it stands, and whether it was quoted. */
export interface Token {
  readonly kind: 'word' | 'text' | 'operator' | 'open' | 'close' | 'newline' | 'end';
  readonly text: string;
  readonly at: number;
}

export class FilterError extends Error {}

const operators = ['=~', '!~', '!=', '>=', '<=', '=', '>', '<', ':'];

/** The words of a filter in the Logging query language; `--` begins a comment. */
export const tokenize = (filter: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], text: string, length: number): void => {
    tokens.push({ kind, text, at });
    at += length;
  };
  while (at < filter.length) {
    const rest = filter.slice(at);
    const space = /^[ \t\r]+/.exec(rest)?.[0];
    const comment = /^--[^\n]*/.exec(rest)?.[0];
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0];
    const operator = operators.find((one) => rest.startsWith(one));
    const word = /^(?:[A-Za-z0-9_@/*+.%-]|"(?:[^"\\]|\\.)*"(?=[.:=!<>\s]))+/.exec(rest)?.[0];
    if (comment !== undefined) at += comment.length;
    else if (space !== undefined) at += space.length;
    else if (rest.startsWith('\n')) push('newline', '\n', 1);
    else if (rest.startsWith('(')) push('open', '(', 1);
    else if (rest.startsWith(')')) push('close', ')', 1);
    else if (quoted !== undefined && !(word !== undefined && word.length > quoted.length))
      push('text', unquote(quoted), quoted.length);
    else if (operator !== undefined) push('operator', operator, operator.length);
    else if (word !== undefined) push('word', word, word.length);
    else throw new FilterError(`unexpected "${rest.slice(0, 10)}" at character ${at}`);
  }
  push('end', '', 0);
  return tokens;
};

/** `\"` and `\\` are escapes; any other backslash stays, because regular expressions are written with it. */
const unquote = (quoted: string): string =>
  quoted.slice(1, -1).replace(/\\(["\\])/g, (_, escaped: string) => escaped);
