import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, deployment, deployments, pod, pods, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

import type { AuditEvent } from '../../../../infra/local/kubernetes/index.ts';

const audited = (): AuditEvent[] => {
  const events: AuditEvent[] = [];
  api.kubernetes.onAudit((event) => events.push(event));
  return events;
};

describe('a caller', () => {
  it('without a known token is refused before anything is read: 401', async () => {
    const response = await fetch(`${api.kubernetes.url}${pods}`, {
      headers: { authorization: 'Bearer forged' },
    });
    expect([response.status, ((await response.json()) as { reason: string }).reason]).toEqual([
      401,
      'Unauthorized',
    ]);
  });

  it('that may not do it is told who may not do what: 403', async () => {
    await api.close();
    api = await Api.start({ authorize: ({ user, verb }) => user !== 'tester' || verb === 'get' });
    const { code, body } = await api.delete(`${pods}/a`);
    expect([code, body.message]).toEqual([
      403,
      'pods "a" is forbidden: User "tester" cannot delete resource "pods" in API group "" in the namespace "default"',
    ]);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
  });

  it('can ask who it is', async () => {
    api.user = 'system:node:node-1';
    const { code, body } = await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    expect(code).toBe(201);
    expect(body.status).toMatchObject({ userInfo: { username: 'system:node:node-1' } });
  });
});

describe('what is not served', () => {
  it('is 501 by name where a cluster has it, and 404 where none has', async () => {
    const { code, body } = await api.get('/api/v1/resourcequotas');
    expect([code, body.message]).toEqual([501, 'resourcequotas is not served by the local cloud']);
    expect((await api.get('/apis/example.com/v1/things')).text).toBe('404 page not found\n');
    expect((await api.get('/apis/example.com/v1')).text).toBe('404 page not found\n');
  });

  it('is protobuf, but for the few kinds that kubectl posts in nothing else: 415', async () => {
    const ofKind = (kind: string): string =>
      `k8s\0\n${String.fromCharCode(6 + kind.length)}\n\u0002v1\u0012${String.fromCharCode(kind.length)}${kind}`;
    const type = 'application/vnd.kubernetes.protobuf';
    expect((await api.call('POST', pods, ofKind('Pod'), type)).code).toBe(415);
    expect((await api.call('POST', pods, 'no envelope', type)).code).toBe(400);
    const { body } = await api.call('DELETE', `${pods}/none`, ofKind('DeleteOptions'), type);
    expect(body.message).toBe('pods "none" not found');
  });

  it('is a body that does not parse: 400', async () => {
    expect((await api.call('POST', pods, '{')).code).toBe(400);
  });
});

describe('a JSON Patch', () => {
  it('is applied whole or not at all', async () => {
    await api.post(routes, route('nat'));
    const type = 'application/json-patch+json';
    const tested = [
      { op: 'replace', path: '/spec/network', value: 'blue' },
      { op: 'test', path: '/spec/reactionMode', value: 'Exists' },
    ];
    const { code, body } = await api.call('PATCH', `${routes}/nat`, tested, type);
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect((await api.get(`${routes}/nat`)).body.spec).toMatchObject({ network: 'default' });
    const fine = await api.call('PATCH', `${routes}/nat`, tested.slice(0, 1), type);
    expect(fine.body.spec).toMatchObject({ network: 'blue' });
  });

  it('may name the version and the object that it means', async () => {
    const { body } = await api.post(pods, pod('a'));
    const stale = { metadata: { resourceVersion: '1', labels: { a: 'b' } } };
    expect((await api.strategic(`${pods}/a`, stale)).code).toBe(409);
    const stranger = { metadata: { uid: 'another' }, status: { phase: 'Running' } };
    expect((await api.strategic(`${pods}/a/status`, stranger)).code).toBe(422);
    const mine = { metadata: { uid: body.metadata.uid }, status: { phase: 'Running' } };
    expect((await api.strategic(`${pods}/a/status`, mine)).body.status).toMatchObject({ phase: 'Running' });
  });
});

describe('the audit log', () => {
  it('has no reads, and every write under the name of its caller', async () => {
    const events = audited();
    await api.get(pods);
    api.user = 'system:serviceaccount:kube-system:replicaset-controller';
    await api.post(pods, { ...pod('x'), metadata: { generateName: 'nat-' } });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      stage: 'ResponseComplete',
      verb: 'create',
      requestURI: pods,
      user: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      objectRef: { resource: 'pods', namespace: 'default', apiVersion: 'v1' },
      responseStatus: { code: 201 },
      requestObject: { metadata: { generateName: 'nat-' } },
      responseObject: { metadata: { name: expect.stringMatching(/^nat-/) } },
      requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
    });
  });

  it('holds the patch itself that a node sends of a status, and no response', async () => {
    const { body } = await api.post(pods, pod('a'));
    const events = audited();
    api.identities.tokenOf('system:node:node-1', ['system:nodes']);
    api.user = 'system:node:node-1';
    const patch = {
      metadata: { uid: body.metadata.uid },
      status: {
        '$setElementOrder/conditions': [{ type: 'Ready' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    };
    await api.strategic(`${pods}/a/status`, patch);
    expect(events[0]).toMatchObject({
      level: 'Request',
      verb: 'patch',
      objectRef: { resource: 'pods', name: 'a', subresource: 'status' },
      requestObject: patch,
    });
    expect(events[0]!.responseObject).toBeUndefined();
  });

  it('holds no body of a custom resource', async () => {
    const events = audited();
    await api.post(routes, route('nat'));
    expect(events[0]).toMatchObject({
      level: 'Metadata',
      objectRef: { resource: 'gkeiproutes', name: 'nat', apiGroup: 'networking.gke.io', apiVersion: 'v1' },
    });
    expect(events[0]).not.toHaveProperty('requestObject');
    expect(events[0]).not.toHaveProperty('responseObject');
  });

  it('says of a write that failed why', async () => {
    const events = audited();
    await api.delete(`${deployments}/gone`);
    expect(events[0]!.responseStatus).toMatchObject({ code: 404, reason: 'NotFound', status: 'Failure' });
  });
});

describe('for tests', () => {
  it('every call is recorded at the HTTP edge', async () => {
    await api.get(`${pods}?limit=5`);
    expect(api.kubernetes.calls.at(-1)).toEqual({
      verb: 'list',
      method: 'GET',
      path: pods,
      query: { limit: '5' },
      body: undefined,
      status: 200,
      user: 'tester',
    });
  });

  it('a planted failure hits the next call that fits, once', async () => {
    await api.post(deployments, deployment('nat'));
    api.kubernetes.inject({
      match: { resource: 'deployments', verb: 'get' },
      answer: { code: 503, reason: 'ServiceUnavailable' },
    });
    expect((await api.get(pods)).code).toBe(200);
    expect((await api.get(`${deployments}/nat`)).code).toBe(503);
    expect((await api.get(`${deployments}/nat`)).code).toBe(200);
  });

  it('a lost answer was done, a broken connection was not', async () => {
    api.kubernetes.inject({ match: { verb: 'create', resource: 'pods' }, answer: 'lost' });
    await expect(api.post(pods, pod('a'))).rejects.toThrow();
    expect((await api.get(`${pods}/a`)).code).toBe(200);
    api.kubernetes.inject({ match: { verb: 'create', resource: 'pods' }, answer: 'reset' });
    await expect(api.post(pods, pod('b'))).rejects.toThrow();
    expect((await api.get(`${pods}/b`)).code).toBe(404);
  });
});
