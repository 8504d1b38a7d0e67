import type { Compute } from 'google-auth-library';
import type { TokenSource } from './http.ts';

/**
 * `userinfo.email` too: without it the API server of a cluster may see a numeric id, RBAC by e-mail address fails,
 * and the sink's filter of our own principal lets our own writes through.
 */
export const scopes = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/userinfo.email',
];

/**
 * The function's own service account, from the metadata server; the library caches and renews the token. Not by way of
 * `GoogleAuth`, which looks for other credentials first and starts gcloud to learn the project: 0.4 s of a cold start. Loaded
 * with the first token: most events end without one.
 */
export const googleCredentials = (): TokenSource => {
  let auth: Promise<Compute> | undefined;
  return {
    token: async () => {
      auth ??= import('google-auth-library').then((library) => new library.Compute({ scopes }));
      const { token } = await (await auth).getAccessToken();
      if (typeof token !== 'string') throw new Error('the metadata server gives no access token');
      return token;
    },
  };
};

/** One token that never changes: the local cloud's. */
export const staticCredentials = (token: string): TokenSource => ({ token: () => Promise.resolve(token) });
