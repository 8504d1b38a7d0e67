/** Path and query of a request, as they stand: `new URL` throws on a path such as `//`. */
export const placeOf = (url: string): { readonly pathname: string; readonly query: URLSearchParams } => {
  const [pathname = '', ...rest] = url.split('?');
  return { pathname, query: new URLSearchParams(rest.join('?')) };
};

/** A segment of a path as it was meant; one that is no encoding stands as it is, and names nothing. */
export const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
