import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { startOidc } from '../../../../infra/local/oidc/index.ts';
import { signedByAnother, startLateOidc, unsigned, withoutSignature } from './forge.ts';

const wanted = { audience: 'https://reconcile', email: 'push@p.iam.gserviceaccount.com' };

const start = async () => {
  const oidc = await startOidc({ clock: systemClock });
  onTestFinished(() => oidc.close());
  const keys = createRemoteJWKSet(new URL(oidc.jwksUrl));
  const verify = (token: string) =>
    jwtVerify(token, keys, { issuer: oidc.issuer, audience: wanted.audience });
  return { oidc, verify };
};

test('its published keys verify its tokens, which last an hour', async () => {
  const { oidc, verify } = await start();
  const { payload } = await verify(await oidc.sign(wanted));
  expect(payload).toMatchObject({
    iss: 'https://accounts.google.com',
    aud: wanted.audience,
    email: wanted.email,
    email_verified: true,
  });
  expect(payload.exp! - payload.iat!).toBe(3600);
  expect(payload.sub).toMatch(/^\d{21}$/);
});

test('a service account keeps its subject, and another one has another', async () => {
  const { oidc } = await start();
  const subject = async (email: string) => decodeJwt(await oidc.sign({ ...wanted, email })).sub;
  expect(await subject('a@b')).toBe(await subject('a@b'));
  expect(await subject('a@b')).not.toBe(await subject('c@d'));
});

test.each([
  ['signed by another key', signedByAnother],
  ['unsigned', unsigned],
  ['for another audience', async () => (await start()).oidc.sign({ ...wanted, audience: 'https://other' })],
  ['without its signature', async () => withoutSignature(await (await start()).oidc.sign(wanted))],
])('a token %s does not verify', async (_how, forge) => {
  const { verify } = await start();
  await expect(verify(await forge(wanted))).rejects.toThrow();
});

test('a token that has run out does not verify, although its key is right', async () => {
  const late = await startLateOidc(2);
  onTestFinished(() => late.close());
  const keys = createRemoteJWKSet(new URL(late.jwksUrl));
  await expect(jwtVerify(await late.sign(wanted), keys)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
});

test('it serves its keys and nothing else', async () => {
  const { oidc } = await start();
  const { keys } = (await (await fetch(oidc.jwksUrl)).json()) as { keys: object[] };
  expect(keys).toHaveLength(1);
  expect(keys[0]).not.toHaveProperty('d');
  expect((await fetch(`${oidc.url}/token`)).status).toBe(501);
});
