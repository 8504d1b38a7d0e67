import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { GoogleAuth } from 'google-auth-library';
import { scopes } from '../../../functions/google-cloud/credentials.ts';
import type { TokenSource } from '../../../functions/google-cloud/http.ts';
import { CommandFailure } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** Files that hold a token, for whoever gets it another way (the local cloud): identity, and access. */
export const idTokenVariable = 'PERSISTENT_IP_ID_TOKEN_FILE';
export const accessTokenVariable = 'PERSISTENT_IP_ACCESS_TOKEN_FILE';

const fromFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CommandFailure('usage', `the token file ${path} cannot be read`, undefined, { cause });
  }
};

const run = promisify(execFile);

/**
 * The identity token that the inventory is called with. From a file where one is named; none for plain http (`gcloud
 * run services proxy` adds it); else gcloud's, since a user's credentials alone give none.
 * @throws CommandFailure when gcloud gives none
 */
export const identityToken = async (
  { env }: Pick<Surroundings, 'env'>,
  url: URL,
): Promise<string | undefined> => {
  const file = env[idTokenVariable];
  if (file !== undefined) return fromFile(file);
  if (url.protocol === 'http:') return undefined;
  try {
    const { stdout } = await run('gcloud', ['auth', 'print-identity-token']);
    return stdout.trim();
  } catch (cause) {
    throw new CommandFailure(
      'not-allowed',
      'gcloud gives no identity token for the inventory',
      'run gcloud auth login, or reach it through gcloud run services proxy and --inventory http://localhost:8080',
      { cause },
    );
  }
};

/** Access tokens of whoever runs the command: from a file where one is named, else the application default ones. */
export const accessTokens = ({ env }: Pick<Surroundings, 'env'>): TokenSource => {
  const file = env[accessTokenVariable];
  if (file !== undefined) return { token: async () => fromFile(file) };
  let auth: Promise<GoogleAuth> | undefined;
  return {
    token: async () => {
      // A package that only this needs. Not the functions' own way, which knows the metadata server alone.
      auth ??= import('google-auth-library').then(
        (library) => new library.GoogleAuth({ scopes: [...scopes] }),
      );
      try {
        const token = await (await auth).getAccessToken();
        if (typeof token === 'string') return token;
        throw new Error('they give no access token');
      } catch (cause) {
        throw new CommandFailure(
          'not-allowed',
          `your application default credentials cannot be used (${cause instanceof Error ? cause.message : String(cause)})`,
          'run gcloud auth application-default login',
          { cause },
        );
      }
    },
  };
};
