import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';

export interface PushIdentityOptions {
  /** The function's own addresses; absent: whatever the platform took the token for. */
  readonly audiences?: readonly string[] | undefined;
  /** The identities that may call; absent: everybody whom the platform let in. */
  readonly emails?: readonly string[];
  readonly issuer: string;
  /** Where the issuer's keys are. */
  readonly jwksUrl: string;
  /**
   * The platform has checked the signature and taken it off: Cloud Run with an invoker right. True only where
   * `K_SERVICE` is set and the configuration says so.
   */
  readonly signatureChecked: boolean;
  readonly now: () => Date;
}

export type PushIdentity =
  | { readonly ok: true; readonly email: string }
  | { readonly ok: false; readonly status: 401 | 403; readonly why: string };

/** What Cloud Run puts in the place of a signature that it has checked. */
const removedSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';

/** Codes of jose that speak of the issuer's keys and not of the token: an answer without them, or none in time. */
const keyFaults: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** Seconds by which two clocks may differ. */
const clockTolerance = 30;

/**
 * Who pushes, from the `Authorization` header: signature (or the platform's word for it), issuer, audience, expiry, a
 * verified e-mail address that may push. 401: no valid token. 403: a valid one of somebody else.
 * Source: design/events.md, *Identity of a push*.
 */
export const createPushIdentity = (
  options: PushIdentityOptions,
): ((authorization: string | undefined) => Promise<PushIdentity>) => {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl));
  const { issuer, audiences, now } = options;
  const verify = async (token: string): Promise<JWTPayload> => {
    if (options.signatureChecked && isStripped(token)) return checkClaims(decodeJwt(token), options);
    const checks = {
      issuer,
      ...(audiences === undefined ? {} : { audience: [...audiences] }),
      clockTolerance,
      currentDate: now(),
      requiredClaims: ['exp'],
    };
    return (await jwtVerify(token, keys, { ...checks, algorithms: ['RS256'] })).payload;
  };
  return async (authorization) => {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { ok: false, status: 401, why: 'no bearer token' };
    let claims: JWTPayload;
    try {
      claims = await verify(token);
    } catch (error) {
      // Keys that cannot be fetched are no verdict on the caller: the push comes again.
      if (error instanceof errors.JOSEError && !keyFaults.has(error.code))
        return { ok: false, status: 401, why: error.code };
      throw error;
    }
    const { email, email_verified: verified } = claims;
    if (typeof email !== 'string' || verified !== true)
      return { ok: false, status: 403, why: 'no verified e-mail address' };
    return options.emails === undefined || options.emails.includes(email)
      ? { ok: true, email }
      : { ok: false, status: 403, why: 'this identity may not push' };
  };
};

const isStripped = (token: string): boolean => {
  const signature = token.split('.')[2];
  return signature === '' || signature === removedSignature;
};

/** The checks that `jwtVerify` makes beside the signature. */
const checkClaims = (claims: JWTPayload, { issuer, audiences, now }: PushIdentityOptions): JWTPayload => {
  const seconds = now().getTime() / 1000;
  const fail = (claim: string): never => {
    throw new errors.JWTClaimValidationFailed(`unexpected "${claim}"`, claims, claim, 'check_failed');
  };
  if (claims.iss !== issuer) fail('iss');
  const meant = [claims.aud].flat();
  if (
    audiences !== undefined &&
    !meant.some((audience) => audience !== undefined && audiences.includes(audience))
  )
    fail('aud');
  if (typeof claims.exp !== 'number' || claims.exp + clockTolerance <= seconds) fail('exp');
  return claims;
};
