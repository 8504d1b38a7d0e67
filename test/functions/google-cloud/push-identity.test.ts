import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createPushIdentity } from '../../../functions/google-cloud/push-identity.ts';
import { type Answer, onlyPlannedAnswers, serve } from '../wire.ts';

onlyPlannedAnswers();

const issuer = 'https://accounts.example';
const audience = 'https://reconcile.run.app';
const email = 'push@prj.iam.gserviceaccount.com';
const now = new Date('2026-01-01T00:00:00Z');
const seconds = now.getTime() / 1000;
const good = { iss: issuer, aud: audience, email, email_verified: true, exp: seconds + 60 };

const keys = await generateKeyPair('RS256');
const strangers = await generateKeyPair('RS256');
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };

const sign = (claims: JWTPayload, { privateKey }: typeof keys = keys) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const withSignature = (claims: JWTPayload, signature: string) =>
  `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}.${signature}`;
const stripped = (claims: JWTPayload) => withSignature(claims, 'SIGNATURE_REMOVED_BY_GOOGLE');

const identity = (signatureChecked: boolean, answer: Answer = [200, jwks]) => {
  const wire = serve('https://keys.example', () => answer);
  const jwksUrl = 'https://keys.example/certs';
  const check = createPushIdentity({
    audiences: [audience, 'https://reconcile-hash-uc.a.run.app'],
    emails: [email],
    issuer,
    jwksUrl,
    signatureChecked,
    now: () => now,
  });
  return { check, wire };
};

const bad: readonly [string, JWTPayload, 401 | 403][] = [
  ['another issuer', { ...good, iss: 'https://evil.example' }, 401],
  ['another audience', { ...good, aud: 'https://other.run.app' }, 401],
  ['no audience', { iss: issuer, email, email_verified: true, exp: good.exp }, 401],
  ['an expiry that has passed', { ...good, exp: seconds - 60 }, 401],
  ['no expiry', { iss: issuer, aud: audience, email, email_verified: true }, 401],
  ['another e-mail address', { ...good, email: 'someone@prj.iam.gserviceaccount.com' }, 403],
  ['no e-mail address', { iss: issuer, aud: audience, email_verified: true, exp: good.exp }, 403],
  ['an unverified e-mail address', { ...good, email_verified: false }, 403],
  ['a verification that is only a text', { ...good, email_verified: 'true' }, 403],
];

it('a token for either address of the function is accepted', async () => {
  const other = { ...good, aud: 'https://reconcile-hash-uc.a.run.app' };
  const verified = await identity(false).check(`Bearer ${await sign(other)}`);
  expect([verified, await identity(true).check(`Bearer ${stripped(other)}`)]).toEqual([
    { ok: true, email },
    { ok: true, email },
  ]);
});

describe('a signed token', () => {
  it('of an identity that may push is accepted', async () => {
    const { check, wire } = identity(false);
    expect(await check(`Bearer ${await sign(good)}`)).toEqual({ ok: true, email });
    expect(wire.lines()).toEqual(['GET /certs']);
  });

  it('needs the keys once', async () => {
    const { check, wire } = identity(false);
    await check(`Bearer ${await sign(good)}`);
    await check(`Bearer ${await sign(good)}`);
    expect(wire.calls).toHaveLength(1);
  });

  it.each(bad)('with %s is refused', async (_, claims, status) => {
    const { check } = identity(false);
    expect(await check(`Bearer ${await sign(claims)}`)).toMatchObject({ ok: false, status });
  });

  it("of a stranger's key is refused", async () => {
    const { check } = identity(false);
    expect(await check(`Bearer ${await sign(good, strangers)}`)).toMatchObject({ ok: false, status: 401 });
  });

  it('is verified whole also where the platform authenticates', async () => {
    const { check } = identity(true);
    expect(await check(`Bearer ${await sign(good, strangers)}`)).toMatchObject({ ok: false, status: 401 });
    expect(await check(`Bearer ${await sign(good)}`)).toEqual({ ok: true, email });
  });

  it.each([
    ['a 500', [500, {}] as Answer],
    ['no connection', 'broken' as Answer],
    ['no keys in it', [200, { hello: 1 }] as Answer],
  ])('is not judged when the keys answer %s', async (_, answer) => {
    const { check } = identity(false, answer);
    await expect(check(`Bearer ${await sign(good)}`)).rejects.toThrow();
  });
});

describe('a token whose signature the platform has removed', () => {
  it.each(['SIGNATURE_REMOVED_BY_GOOGLE', ''])(
    '(%j) is accepted where it authenticates',
    async (signature) => {
      const { check, wire } = identity(true);
      expect(await check(`Bearer ${withSignature(good, signature)}`)).toEqual({ ok: true, email });
      expect(wire.calls).toHaveLength(0);
    },
  );

  it.each(['SIGNATURE_REMOVED_BY_GOOGLE', ''])('(%j) is refused everywhere else', async (signature) => {
    const { check } = identity(false);
    const verdict = await check(`Bearer ${withSignature(good, signature)}`);
    expect(verdict).toMatchObject({ ok: false, status: 401 });
  });

  it.each(bad)('with %s is refused', async (_, claims, status) => {
    const { check } = identity(true);
    expect(await check(`Bearer ${stripped(claims)}`)).toMatchObject({ ok: false, status });
  });
});

describe('no token', () => {
  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearer a b',
    'Bearer x',
    'Bearer a.b.c',
    'Bearer ..',
  ])('%j is refused', async (authorization) => {
    for (const checked of [true, false]) {
      const { check } = identity(checked);
      expect(await check(authorization)).toMatchObject({ ok: false, status: 401 });
    }
  });
});
