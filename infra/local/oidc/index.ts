import { createHash } from 'node:crypto';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { answerErrors, refuseUnknownRoutes } from '../google-error.ts';
import { listen } from '../listen.ts';

/** Whom a token is for and whom it speaks for. */
export interface TokenClaims {
  readonly audience: string;
  readonly email: string;
}

/** Signs identity tokens for a service account, as Pub/Sub and Eventarc do for a push. */
export type SignToken = (claims: TokenClaims) => Promise<string>;

/** The issuer named in every token, whatever address this one listens on. */
const issuer = 'https://accounts.google.com';

const lifetimeSeconds = 3600;

export interface LocalOidc {
  readonly url: string;
  readonly issuer: string;
  /** Where the public keys are: what a verifier reads instead of `https://www.googleapis.com/oauth2/v3/certs`. */
  readonly jwksUrl: string;
  readonly sign: SignToken;
  close(): Promise<void>;
}

/**
 * An issuer of identity tokens with a key of its own (RS256).
 * Claims: `iss`, `aud`, `azp`, `sub`, `email`, `email_verified`, `iat`, `exp` (one hour).
 * Source: Pub/Sub, *Authentication for push subscriptions*; Google's OpenID Connect discovery document.
 */
export const startOidc = async (options: {
  readonly clock: Clock;
  readonly port?: number;
}): Promise<LocalOidc> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'local-1';
  const keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }];

  const sign: SignToken = ({ audience, email }) => {
    const issuedAt = Math.floor(options.clock.now().getTime() / 1000);
    const subject = uniqueIdOf(email);
    return new SignJWT({ email, email_verified: true, azp: subject })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(privateKey);
  };

  const app = express();
  app.get('/oauth2/v3/certs', (_request, response) => {
    response.set('cache-control', 'public, max-age=3600').json({ keys });
  });
  app.use(refuseUnknownRoutes('the token issuer'));
  app.use(answerErrors);
  const { url, close } = await listen(app, options.port);
  return { url, issuer, jwksUrl: `${url}/oauth2/v3/certs`, sign, close };
};

/** A stable number of 21 digits, the form of a service account's unique id. */
const uniqueIdOf = (email: string): string => {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 24)}`).toString();
  return `1${digits.slice(0, 20).padEnd(20, '0')}`;
};
