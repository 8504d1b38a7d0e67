/** Path and query of a request, as they stand: `new URL` throws on a path such as `//`. */
export const placeOf = (url: string): { readonly pathname: string; readonly query: URLSearchParams } => {
  const [pathname = '', ...rest] = url.split('?');
  return { pathname, query: new URLSearchParams(rest.join('?')) };
};

/** The segments that a pattern of paths leaves open, as they were meant; `undefined`: it is another path. */
export const segmentsOf = (pattern: RegExp, pathname: string): readonly string[] | undefined =>
  pattern.exec(pathname)?.slice(1).map(decoded);

/** What is wrong with a query that has another parameter than these; a misspelt one must not be ignored. */
export const strangeParameter = (query: URLSearchParams, known: readonly string[]): string | undefined => {
  const strange = [...query.keys()].find((key) => !known.includes(key));
  if (strange === undefined) return undefined;
  return `there is no parameter "${strange}": there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
};

/** One that is no encoding stands as it is, and names nothing. */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
