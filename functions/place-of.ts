/** Path and query of a request, as they stand: `new URL` throws on a path such as `//`. */
export const placeOf = (url: string): { readonly pathname: string; readonly query: URLSearchParams } => {
  const [pathname = '', ...rest] = url.split('?');
  return { pathname, query: new URLSearchParams(rest.join('?')) };
};
