import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve();
});
afterEach(() => stage.close());

const url = () => stage.cloud.deployment.urls.inventory;
const read = async (path: string, authorization?: string) => {
  const response = await fetch(`${url()}${path}`, { headers: authorization ? { authorization } : {} });
  return { status: response.status, body: (await response.json()) as { items?: readonly object[] } };
};
const reader = async (audience = url()) =>
  `Bearer ${await stage.cloud.sign({ audience, email: 'someone@example.com' })}`;

describe('the inventory', () => {
  it('shows who holds which address to whoever may call it', async () => {
    const { status, body } = await read('/v1/routes', await reader());
    expect(status).toBe(200);
    expect(body.items).toMatchObject([{ namespace: 'edge', name: 'nat', pod: 'edge/nat-1', ready: true }]);
    const pools = await read('/v1/pools', await reader());
    expect(pools.body.items).toMatchObject([
      { name: 'pool', addresses: [{ address: '34.1.2.3', route: 'edge/nat', pod: 'edge/nat-1' }] },
    ]);
  });

  it('shows nothing without a token, nor with one that is for somebody else', async () => {
    expect(await read('/v1/routes')).toMatchObject({ status: 401, body: { error: { code: 401 } } });
    expect((await read('/v1/routes', await reader('https://example.com'))).status).toBe(401);
  });

  it('reads as an account of its own, which writes nothing', async () => {
    await read('/v1/routes', await reader());
    const calls = stage.cloud.kubernetes.calls.filter(({ user }) =>
      user.startsWith('persistent-ip-inventory@'),
    );
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every(({ method }) => method === 'GET')).toBe(true);
  });
});
