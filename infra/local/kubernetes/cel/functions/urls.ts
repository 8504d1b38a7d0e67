import type { Environment } from '@marcbachmann/cel-js';

/** `kubernetes.URL` of CEL. */
interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}
class Url {
  readonly parts: Parts;
  constructor(parts: Parts) {
    this.parts = parts;
  }
}

const authority = /^(?:[^@]*@)?((?:\[[0-9A-Fa-f:.]+\]|[^:[\]]*)(?::\d*)?)$/;
const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/;

/** Go's `url.ParseRequestURI`: an absolute URI, or an absolute path. */
const parsed = (text: string): Url | undefined => {
  if (/\p{Cc}/u.test(text)) return undefined;
  if (text.startsWith('/')) {
    const [path = '', ...query] = text.split('?');
    return new Url({ scheme: '', host: '', path, query: query.join('?') });
  }
  const [, scheme, given = '', path = '', query = ''] = absolute.exec(text) ?? [];
  const host = authority.exec(given)?.[1];
  if (scheme === undefined || host === undefined) return undefined;
  return new Url({ scheme: scheme.toLowerCase(), host, path, query });
};

/** @throws Error in the API server's words (`pkg/cel/library/urls.go`) */
const urlOf = (text: string): Url => {
  const found = parsed(text);
  if (found === undefined) {
    throw new Error(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    );
  }
  return found;
};

const hostname = (host: string): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');

const queryOf = (query: string): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) found.set(key, [...(found.get(key) ?? []), value]);
  return found;
};

/** `url`, `isURL` and the parts of a URL. */
export const urlFunctions = (env: Environment): void => {
  env
    .registerType('kubernetes.URL', Url)
    .registerFunction('url(string): kubernetes.URL', urlOf)
    .registerFunction('isURL(string): bool', (text: string) => parsed(text) !== undefined)
    .registerFunction('kubernetes.URL.getScheme(): string', ({ parts }: Url) => parts.scheme)
    .registerFunction('kubernetes.URL.getHost(): string', ({ parts }: Url) => parts.host)
    .registerFunction('kubernetes.URL.getHostname(): string', ({ parts }: Url) => hostname(parts.host))
    .registerFunction(
      'kubernetes.URL.getPort(): string',
      ({ parts }: Url) => /:(\d*)$/.exec(parts.host)?.[1] ?? '',
    )
    .registerFunction('kubernetes.URL.getEscapedPath(): string', ({ parts }: Url) =>
      parts.path.replaceAll(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encodeURIComponent),
    )
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', ({ parts }: Url) =>
      queryOf(parts.query),
    )
    .registerOperator(
      'kubernetes.URL == kubernetes.URL',
      (a: Url, b: Url) => JSON.stringify(a.parts) === JSON.stringify(b.parts),
    );
};
