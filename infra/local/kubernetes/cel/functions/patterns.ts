import type { Environment } from '@marcbachmann/cel-js';

/** RE2's spellings (github.com/google/re2 `Syntax`) that JavaScript has others for. */
const translated = (source: string): string =>
  source
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')
    .replaceAll('[[:digit:]]', '[0-9]')
    .replaceAll('[[:space:]]', '\\s');

/**
 * A regular expression as rules write them. JavaScript's engine runs it, which for some patterns takes longer than
 * RE2 would.
 * @throws Error as Go's regexp would be reported
 */
export const pattern = (source: string, more = ''): RegExp => {
  const [, flags = '', rest = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? [];
  try {
    return new RegExp(translated(rest), `${flags}${more}`);
  } catch (error) {
    throw new Error(`error parsing regexp: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const findAll = (text: string, source: string, limit: bigint): string[] => {
  const found = [...text.matchAll(pattern(source, 'g'))].map(([match]) => match);
  return limit < 0n ? found : found.slice(0, Number(limit));
};

/** The name of the library's own `matches`, and of the one here: expressions are led to it as they are read. */
export const ownMatches = { from: 'matches', to: 'matchesRe2' } as const;

/** `matches`, and Kubernetes' `find` and `findAll` (`pkg/cel/library/regex.go`). */
export const patternFunctions = (env: Environment): void => {
  env
    .registerFunction(`string.${ownMatches.to}(string): bool`, (text: string, source: string) =>
      pattern(source).test(text),
    )
    .registerFunction(`${ownMatches.to}(string, string): bool`, (text: string, source: string) =>
      pattern(source).test(text),
    )
    .registerFunction(
      'string.find(string): string',
      (text: string, source: string) => pattern(source).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, source: string) =>
      findAll(text, source, -1n),
    )
    .registerFunction('string.findAll(string, int): list<string>', findAll);
};
