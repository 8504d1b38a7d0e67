import type { ClientOptions } from 'google-gax';
import { GoogleHttp, type TokenSource } from './http.ts';

/** What every Google client is made with: REST, our transport, and another address where one is configured. */
export type RestOptions = ClientOptions;

/** @param endpoint `http://127.0.0.1:8080` or a private endpoint; absent: Google's own */
export const restOptions = (projectId: string, tokens: TokenSource, endpoint?: string): RestOptions => {
  const common = { fallback: true, authClient: new GoogleHttp(tokens), projectId } as const;
  if (endpoint === undefined) return common;
  const { hostname, port, protocol } = new URL(endpoint);
  const secure = protocol === 'https:';
  return {
    ...common,
    apiEndpoint: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
  };
};
