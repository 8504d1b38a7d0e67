import { generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
  // Whatever still happens by itself would be counted as called for a push that is refused.
  await stage.podReady('edge', 'nat-1');
  await stage.gatewayReason('edge', 'pool', 'Programmed', 'Programmed');
  await stage.rest();
});
afterEach(() => stage.close());

const pusher = 'persistent-ip-push@local-project.iam.gserviceaccount.com';
const url = () => stage.cloud.deployment.urls['on-cluster-event'];
const envelope = (data: string) =>
  JSON.stringify({
    message: {
      data: Buffer.from(data).toString('base64'),
      messageId: '1',
      publishTime: new Date().toISOString(),
    },
    subscription: 'projects/p/subscriptions/s',
  });
const push = async (body: string, authorization?: string): Promise<number> => {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  return (await fetch(url(), { method: 'POST', headers, body })).status;
};
const signed = async (claims: { audience?: string; email?: string } = {}) =>
  `Bearer ${await stage.cloud.sign({ audience: claims.audience ?? url(), email: claims.email ?? pusher })}`;
const entry = (more: object = {}) =>
  JSON.stringify({
    insertId: 'forged',
    logName: 'projects/local-project/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: new Date().toISOString(),
    resource: {
      type: 'k8s_cluster',
      labels: { project_id: 'local-project', location: 'us-central1', cluster_name: 'local' },
    },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'k8s.io',
      methodName: 'io.gke.networking.v1.gkeiproutes.update',
      resourceName: 'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat',
      authenticationInfo: { principalEmail: 'someone' },
      status: { code: 0 },
    },
    ...more,
  });
/** What the functions have called: nothing, if it does not grow. The nodes' own heartbeats do not count. */
const calls = () => {
  const { compute, kubernetes, pubsub, serviceAccount } = stage.cloud;
  return (
    compute.calls.filter(({ principal }) => principal === serviceAccount).length +
    kubernetes.calls.filter(({ user }) => user === serviceAccount).length +
    pubsub.deliveries.length
  );
};

describe('nobody unknown gets in, and nothing is called', () => {
  it.each<[string, number, () => Promise<string | undefined>]>([
    ['without a token', 401, () => Promise.resolve(undefined)],
    ['with a token that is none', 401, () => Promise.resolve('Bearer not-a-token')],
    ['for another audience', 401, () => signed({ audience: 'https://example.com' })],
    ['as an identity that may not push', 403, () => signed({ email: 'someone@example.com' })],
    [
      'signed by somebody else',
      401,
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        const token = await new SignJWT({ email: pusher, email_verified: true })
          .setProtectedHeader({ alg: 'RS256', kid: 'local' })
          .setIssuer('https://accounts.google.com')
          .setAudience(url())
          .setExpirationTime('1h')
          .sign(privateKey);
        return `Bearer ${token}`;
      },
    ],
    [
      'without a signature, where no platform has checked one',
      401,
      async () => (await signed()).replace(/\.[^.]*$/, '.SIGNATURE_REMOVED_BY_GOOGLE'),
    ],
  ])('a push %s is %i', async (_, status, authorization) => {
    const before = calls();
    expect(await push(envelope(entry()), await authorization())).toBe(status);
    expect(calls()).toBe(before);
  });

  it('the same push with its token is taken', async () => {
    expect(await push(envelope(entry()), await signed())).toBe(204);
  });
});

describe('what no retry can mend is acknowledged, and nothing is called', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no message', '{}'],
    [
      'data that is not base64',
      JSON.stringify({
        message: { data: '***', messageId: '1', publishTime: '2026-01-01T00:00:00Z' },
        subscription: 's',
      }),
    ],
    ['data that is no LogEntry', envelope('hello')],
    ['a LogEntry without a payload', envelope(entry({ protoPayload: null }))],
    [
      'an entry of a foreign cluster',
      envelope(
        entry({
          resource: { type: 'k8s_cluster', labels: { project_id: 'x', location: 'y', cluster_name: 'z' } },
        }),
      ),
    ],
  ])('%s', async (what, body) => {
    const before = calls();
    const status = await push(body, await signed());
    // The framework itself refuses what is no JSON, before any function sees it.
    expect(status).toBe(what === 'no JSON' ? 400 : 200);
    expect(calls()).toBe(before);
  });
});

describe('a route that cannot be served says what to do, and nothing is made', () => {
  it.each<[string, string, object, RegExp]>([
    ['an empty selector', 'InvalidLabels', { podSelector: {} }, /spec\.podSelector is empty/],
    [
      'an address in no pool',
      'InvalidAddresses',
      { addresses: [{ type: 'gke.networking.io/cidr', value: '34.9.9.9/32' }] },
      /34\.9\.9\.9\/32 is in the pool of no Gateway/,
    ],
    [
      'a value that is no CIDR',
      'InvalidAddresses',
      { addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.3' }] },
      /write it with its prefix length/,
    ],
    ['no parent', 'MissingParentRefs', { parentRefs: [] }, /spec\.parentRefs/],
  ])('%s: %s', async (_, reason, spec, message) => {
    const before = stage.cloud.compute.calls.length;
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], spec));
    const { conditions, pod: holder } = await stage.reason('edge', 'nat', 'Accepted', reason);
    await stage.rest();
    expect(conditions.find(({ type }) => type === 'Accepted')?.message).toMatch(message);
    expect(holder).toBeUndefined();
    expect(stage.mutations(before)).toEqual([]);
  });
});

it('an address that nobody reserved is named by the Gateway, and the good one beside it is used', async () => {
  await stage.apply(gateway('mixed', 'edge', ['34.1.2.3', '34.9.9.9']));
  await stage.rest();
  const { status } = (await stage.admin.kubernetes(
    'GET',
    '/apis/gateway.networking.k8s.io/v1/namespaces/edge/gateways/mixed',
  )) as {
    status: { addresses: unknown; conditions: readonly { type: string; reason: string; message: string }[] };
  };
  expect(status.addresses).toEqual([{ type: 'IPAddress', value: '34.1.2.3' }]);
  const programmed = status.conditions.find(({ type }) => type === 'Programmed');
  expect(programmed).toMatchObject({
    reason: 'AddressNotUsable',
    message: expect.stringContaining('34.9.9.9'),
  });
  expect(programmed?.message).toContain('gcloud compute addresses create');
});
