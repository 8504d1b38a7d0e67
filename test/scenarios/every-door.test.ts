import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../functions/register.ts';
import { signedByAnother, unsigned, withoutSignature } from '../infra/local/oidc/forge.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;
/** Every line that a function has logged. */
const lines: string[] = [];

beforeAll(async () => {
  stage = await Stage.open({
    log: (severity, message, fields) => void lines.push(JSON.stringify({ severity, message, ...fields })),
  });
});
afterAll(() => stage.close());

type Name = (typeof functionNames)[number];
const urlOf = (name: Name): string => stage.cloud.deployment.urls[name];
const knock = async (name: Name, token: string | undefined): Promise<number> => {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  return (await fetch(urlOf(name), { method: 'POST', headers, body: '{}' })).status;
};
const right = (name: Name) => ({ audience: urlOf(name), email: stage.cloud.pushIdentity });
const another = (name: Name): Name => (name === 'sweep' ? 'reconcile' : 'sweep');
/** What the functions have called. */
const calls = (): number => {
  const { compute, kubernetes, serviceAccount } = stage.cloud;
  return [
    ...compute.calls.filter(({ principal }) => principal === serviceAccount),
    ...kubernetes.calls.filter(({ user }) => user === serviceAccount),
  ].length;
};

describe.each([...functionNames])('%s opens to the identity that pushes, and to nobody else', (name) => {
  it.each<[string, number, () => Promise<string | undefined>]>([
    ['no token', 401, () => Promise.resolve(undefined)],
    ['a token for another function', 401, () => stage.cloud.sign(right(another(name)))],
    [
      'a token of another service account',
      403,
      () => stage.cloud.sign({ ...right(name), email: stage.cloud.serviceAccount }),
    ],
    ['a token that another key has signed', 401, () => signedByAnother(right(name))],
    ['a token of the algorithm none', 401, () => Promise.resolve(unsigned(right(name)))],
    ['a token without its signature', 401, async () => withoutSignature(await stage.cloud.sign(right(name)))],
  ])('%s: %i, and nothing is called', async (_, status, token) => {
    const before = calls();
    expect(await knock(name, await token())).toBe(status);
    expect(calls()).toBe(before);
  });

  it('a token that has run out: 401', async () => {
    const token = await stage.cloud.sign(right(name));
    expect(await knock(name, token)).toBe(200);
    stage.cloud.setAhead(2 * 3_600_000);
    try {
      expect(await knock(name, token)).toBe(401);
    } finally {
      stage.cloud.setAhead(0);
    }
  });
});

describe('no log line holds a token', () => {
  it('of a route that is allocated, moved and released while calls fail and strangers knock', async () => {
    const { cloud } = stage;
    stage.reserve('34.1.2.3');
    cloud.compute.inject({
      path: 'backendServices',
      times: 2,
      effect: { refuse: { status: 503, reason: 'backendError' } },
    });
    cloud.kubernetes.inject({
      match: { resource: 'gkeiproutes', user: cloud.serviceAccount },
      answer: 'reset',
      times: 2,
    });
    await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
    await stage.apply(route('nat', 'edge', ['34.1.2.3']));
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.apply(pod('nat-2', 'edge'));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.delete(paths.route('edge', 'nat'));
    await stage.rest();
    const written = [...lines, ...cloud.logging.list('').map((entry) => JSON.stringify(entry))];
    expect(written.length).toBeGreaterThan(50);
    expect(lines.some((line) => line.includes('unauthorised push'))).toBe(true);
    const tokens = [cloud.serviceAccount, cloud.pushIdentity].map((name) => cloud.identities.tokenOf(name));
    // An identity token is three parts of base64url, the first two of them JSON.
    const shown = written.filter(
      (line) => tokens.some((token) => line.includes(token)) || /eyJ[\w-]{10,}\.eyJ|Bearer /.test(line),
    );
    expect(shown).toEqual([]);
  });
});
