import { describe, expect, it } from 'vitest';
import { createCluster } from '../../../functions/kubernetes/cluster.ts';
import { toRoute } from '../../../functions/kubernetes/objects.ts';
import { type Answer, onlyPlannedAnswers } from '../wire.ts';
import { answer, cluster, failureOf, notFound, rawRoute, refusal } from './setup.ts';

onlyPlannedAnswers();

const route = toRoute(rawRoute);
const status = { pods: [], conditions: [] };

const unknown: readonly [string, Answer][] = [
  ['a 404 page: the CRD is not installed', [404, '404 page not found\n', { 'content-type': 'text/plain' }]],
  ['a 404 Status that names no object', refusal(404, 'NotFound', { details: {} })],
  ['a 404 Status of another reason', refusal(404, 'Unknown', { details: { name: 'nat' } })],
  ['401', refusal(401, 'Unauthorized')],
  ['403', refusal(403, 'Forbidden', { details: { name: 'nat' } })],
  ['410', refusal(410, 'Expired')],
  ['429', refusal(429, 'TooManyRequests')],
  ['500', refusal(500, 'InternalError')],
  ['503 that is no JSON', [503, 'upstream', { 'content-type': 'text/plain' }]],
  ['504', refusal(504, 'Timeout')],
  ['a broken connection', 'broken'],
];

describe('what the API server did not say is not known', () => {
  it.each(unknown)('read: %s', async (_, said) => {
    const { port, wire } = cluster([said]);
    expect(await failureOf(port.route('edge', 'nat'))).toMatchObject({ kind: 'retry' });
    expect(wire.calls).toHaveLength(1);
  });

  it.each(unknown)('read of a core object: %s', async (_, said) => {
    const { port } = cluster([said]);
    expect(await failureOf(port.pod('edge', 'nat'))).toMatchObject({ kind: 'retry' });
  });

  it.each(unknown)('write: %s', async (_, said) => {
    const { port, wire } = cluster([said]);
    expect(await failureOf(port.writeRouteStatus(route, status))).toMatchObject({ kind: 'retry' });
    expect(wire.calls).toHaveLength(1);
  });

  it.each(unknown.filter(([name]) => name !== '410'))('list: %s', async (_, said) => {
    const { port } = cluster([said]);
    expect(await failureOf(port.routes())).toMatchObject({ kind: 'retry' });
  });
});

describe('what it did say', () => {
  it.each([
    ['custom', 'route'],
    ['core', 'pod'],
  ] as const)('a %s object that is absent', async (_, read) => {
    const { port } = cluster([notFound('nat')]);
    expect(await port[read]('edge', 'nat')).toBeUndefined();
  });

  it.each([
    ['an object that has vanished', notFound('nat'), 'not-found', 'NotFound', 404],
    ['an older resourceVersion', refusal(409, 'Conflict'), 'stale', 'Conflict', 409],
    ['a name that is taken', refusal(409, 'AlreadyExists'), 'exists', 'AlreadyExists', 409],
    ['an invalid object', refusal(422, 'Invalid'), 'user', 'Invalid', 422],
    ['a bad request', refusal(400, 'BadRequest'), 'user', 'BadRequest', 400],
  ] as const)('write: %s', async (_, said, kind, code, http) => {
    const { port } = cluster([said]);
    const failure = await failureOf(port.writeRouteStatus(route, status));
    expect(failure).toMatchObject({ kind, code, status: http, message: `${code}: what it says` });
  });
});

it('a token that cannot be had is worth another try', async () => {
  const token = () => Promise.reject(new Error('no metadata'));
  const port = createCluster({ endpoint: 'https://x.gke.goog', token });
  expect(await failureOf(port.route('a', 'b'))).toMatchObject({ kind: 'retry', message: 'no metadata' });
});

describe('a continue token that has expired', () => {
  const named = (name: string) => ({ metadata: { name, namespace: 'edge', uid: `uid-${name}` } });
  const page = answer(200, { items: [named('a')], metadata: { continue: 't' } });
  const last = answer(200, { items: [named('b')], metadata: {} });
  const expired = refusal(410, 'Expired');

  it('starts the list over, so that pages of two times are not mixed', async () => {
    const { port, wire } = cluster([page, expired, page, last]);
    expect((await port.routes()).map((it) => it.metadata.name)).toEqual(['a', 'b']);
    expect(wire.calls[2]?.path).not.toContain('continue');
  });

  it('three times at most', async () => {
    const { port, wire } = cluster([page, expired, page, expired, page, expired]);
    expect(await failureOf(port.routes())).toMatchObject({ kind: 'retry', status: 410 });
    expect(wire.calls).toHaveLength(6);
  });
});
