import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { systemClock } from '../../../../infra/local/clock.ts';
import { startOidc, type TokenClaims } from '../../../../infra/local/oidc/index.ts';

const google = 'https://accounts.google.com';

const claims = ({ audience, email }: TokenClaims) => ({
  email,
  email_verified: true,
  aud: audience,
  iss: google,
});

/** A token with all the right claims, signed by a key that the issuer never had, under the issuer's key id. */
export const signedByAnother = async (wanted: TokenClaims): Promise<string> => {
  const { privateKey } = await generateKeyPair('RS256');
  const header = { alg: 'RS256', kid: 'local-1', typ: 'JWT' };
  return new SignJWT(claims(wanted))
    .setProtectedHeader(header)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
};

/** A token without a signature (`alg: none`). */
export const unsigned = (wanted: TokenClaims): string =>
  new UnsecuredJWT(claims(wanted)).setIssuedAt().setExpirationTime('1h').encode();

/** A token whose signature was taken away, as the platform does before it calls the function. */
export const withoutSignature = (token: string): string =>
  `${token.split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED`;

/** An issuer whose clock stands `hours` behind: what it signs has run out. For another audience or e-mail, ask it so. */
export const startLateOidc = (hours: number) =>
  startOidc({
    clock: { ...systemClock, now: () => new Date(Date.now() - hours * 3_600_000) },
  });
