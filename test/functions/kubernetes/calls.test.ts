import { describe, expect, it } from 'vitest';
import { toClass, toGateway, toRoute } from '../../../functions/kubernetes/objects.ts';
import { selectorText } from '../../../functions/kubernetes/selector-text.ts';
import type { Condition } from '../../../functions/persistent-ip/objects.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { answer, cluster, metadata, rawMetadata, rawRoute } from './setup.ts';

onlyPlannedAnswers();

const object = answer(200, { metadata: rawMetadata });
type Port = ReturnType<typeof cluster>['port'];

const none = answer(200, { items: [], metadata: {} });
const gatewayApi = '/apis/gateway.networking.k8s.io/v1';
const routeApi = '/apis/networking.gke.io/v1';

describe('a read is one GET', () => {
  it.each<[string, (port: Port) => Promise<unknown>, string]>([
    ['a route', (p) => p.route('edge', 'nat'), `${routeApi}/namespaces/edge/gkeiproutes/nat`],
    ['a Gateway', (p) => p.gateway('infra', 'pool'), `${gatewayApi}/namespaces/infra/gateways/pool`],
    ['a Namespace', (p) => p.namespace('edge'), '/api/v1/namespaces/edge'],
    ['a Pod', (p) => p.pod('edge', 'nat-1'), '/api/v1/namespaces/edge/pods/nat-1'],
    ['a Node', (p) => p.node('n1'), '/api/v1/nodes/n1'],
  ])('of %s', async (_, read, path) => {
    const { port, wire } = cluster(({ path: asked }) => {
      const [, namespace = '', name] = /(?:namespaces\/([^/]+)\/)?[^/]+\/([^/]+)$/.exec(asked) ?? [];
      return answer(200, { metadata: { ...rawMetadata, namespace, name } });
    });
    expect(await read(port)).toBeDefined();
    expect(wire.calls).toEqual([{ method: 'GET', path, contentType: null, authorization: 'Bearer token-1' }]);
  });
});

describe('a list is one GET a page, never from the cache of the API server', () => {
  const selector = { matchLabels: { app: 'nat' } };
  it.each<[string, (port: Port) => Promise<readonly unknown[]>, string]>([
    ['all routes', (p) => p.routes(), `${routeApi}/gkeiproutes?limit=500`],
    [
      'the routes of a namespace',
      (p) => p.routes('edge'),
      `${routeApi}/namespaces/edge/gkeiproutes?limit=500`,
    ],
    ['Gateways', (p) => p.gateways(), `${gatewayApi}/gateways?limit=500`],
    ['classes', (p) => p.gatewayClasses(), `${gatewayApi}/gatewayclasses?limit=500`],
    ['Networks', (p) => p.networks(), `${routeApi}/networks?limit=500`],
    ['parameter sets', (p) => p.networkParamSets(), `${routeApi}/gkenetworkparamsets?limit=500`],
    ['Namespaces', (p) => p.namespaces(), '/api/v1/namespaces?limit=500'],
    ['Nodes', (p) => p.nodes(), '/api/v1/nodes?limit=500'],
    [
      'Pods by selector',
      (p) => p.pods('edge', selector),
      '/api/v1/namespaces/edge/pods?labelSelector=app=nat&limit=500',
    ],
    ['Pods of a Node', (p) => p.podsOnNode('n1'), '/api/v1/pods?fieldSelector=spec.nodeName=n1&limit=500'],
  ])('of %s', async (_, list, path) => {
    const { port, wire } = cluster([none]);
    expect(await list(port)).toEqual([]);
    expect(wire.lines()).toEqual([`GET ${path}`]);
  });

  it.each<[string, (port: Port) => Promise<readonly { metadata: { name: string } }[]>]>([
    ['custom', (p) => p.routes()],
    ['core', (p) => p.podsOnNode('n1')],
  ])('of %s objects: all pages, each with a fresh token', async (_, list) => {
    const named = (name: string) => ({ metadata: { ...rawMetadata, name } });
    const { port, wire } = cluster([
      answer(200, { items: [named('a'), named('b')], metadata: { continue: 'c+/=' } }),
      answer(200, { items: [named('c')], metadata: { resourceVersion: '9' } }),
    ]);
    expect((await list(port)).map((it) => it.metadata.name)).toEqual(['a', 'b', 'c']);
    expect(wire.calls.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(wire.calls[0]?.path).not.toContain('continue');
    expect(new URLSearchParams(wire.calls[1]?.path.split('?')[1]).get('limit')).toBe('500');
    expect(wire.calls[1]?.path).toMatch(/continue=c[+ ]\/=/);
  });
});

describe('a selector in a query', () => {
  it.each([
    [{ matchLabels: { a: '1', 'x.io/b': '' } }, 'a=1,x.io/b='],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, 'a in (1,2)'],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, 'a notin (1)'],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, 'a'],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, '!a'],
    [{ matchLabels: { a: '1' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] }, 'a=1,b'],
  ])('%j is %s', (selector, text) => {
    expect(selectorText(selector)).toBe(text);
  });
});

describe('a write is one merge patch, fenced by the object that was read', () => {
  const route = toRoute(rawRoute);
  const fences = { uid: 'uid-1', resourceVersion: '42' };
  const foreign: Condition = {
    type: 'example.com/Foreign',
    status: 'Unknown',
    reason: 'R',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const patch = { method: 'PATCH', contentType: 'application/merge-patch+json' };
  /** By this name metadata.managedFields tells our writes from another controller's. */
  const asUs = '?fieldManager=persistent-ip.dev';

  it('of the status of a route, with the conditions of others as they are', async () => {
    const { port, wire } = cluster([
      answer(200, { ...rawRoute, metadata: { ...rawMetadata, resourceVersion: '43' } }),
    ]);
    const written = await port.writeRouteStatus(route, { pods: ['nat-1'], conditions: [foreign] });
    expect(written.metadata.resourceVersion).toBe('43');
    expect(wire.calls).toEqual([
      {
        ...patch,
        path: `${routeApi}/namespaces/edge/gkeiproutes/nat/status${asUs}`,
        authorization: 'Bearer token-1',
        body: { metadata: fences, status: { pods: ['nat-1'], conditions: [foreign] } },
      },
    ]);
  });

  it('that empties a list sends the empty list', async () => {
    const { port, wire } = cluster([answer(200, rawRoute)]);
    await port.writeRouteStatus(route, { pods: [], conditions: [] });
    expect(wire.calls[0]?.body).toEqual({ metadata: fences, status: { pods: [], conditions: [] } });
  });

  it('of the status of a Gateway', async () => {
    const { port, wire } = cluster([object]);
    const status = { addresses: [{ type: 'IPAddress', value: '1.2.3.4' }], conditions: [], listeners: [] };
    await port.writeGatewayStatus(toGateway({ metadata: rawMetadata }), status);
    expect(wire.calls).toMatchObject([
      {
        ...patch,
        path: `${gatewayApi}/namespaces/edge/gateways/nat/status${asUs}`,
        body: { metadata: fences, status },
      },
    ]);
    expect(wire.calls[0]?.body).toEqual({ metadata: fences, status });
  });

  it('of the conditions of a class', async () => {
    const { port, wire } = cluster([object]);
    await port.writeClassConditions(toClass({ metadata: { ...rawMetadata, namespace: undefined } }), [
      foreign,
    ]);
    expect(wire.calls).toMatchObject([{ ...patch, path: `${gatewayApi}/gatewayclasses/nat/status${asUs}` }]);
    expect(wire.calls[0]?.body).toEqual({ metadata: fences, status: { conditions: [foreign] } });
  });

  it('of finalizers, on the object itself', async () => {
    const { port, wire } = cluster([answer(200, rawRoute)]);
    expect(await port.setRouteFinalizers(route, ['f'])).toMatchObject({ metadata });
    expect(wire.calls).toMatchObject([
      { ...patch, path: `${routeApi}/namespaces/edge/gkeiproutes/nat${asUs}` },
    ]);
    expect(wire.calls[0]?.body).toEqual({ metadata: { ...fences, finalizers: ['f'] } });
  });

  it('of the finalizers of a Gateway', async () => {
    const { port, wire } = cluster([object]);
    await port.setGatewayFinalizers(toGateway({ metadata: rawMetadata }), ['f']);
    expect(wire.calls).toMatchObject([
      { ...patch, path: `${gatewayApi}/namespaces/edge/gateways/nat${asUs}` },
    ]);
    expect(wire.calls[0]?.body).toEqual({ metadata: { ...fences, finalizers: ['f'] } });
  });

  it('of the last finalizer of a route that is being deleted: the route is gone', async () => {
    const deletionTimestamp = '2026-01-01T00:01:00Z';
    const { port } = cluster([
      answer(200, { ...rawRoute, metadata: { ...rawMetadata, deletionTimestamp, finalizers: [] } }),
    ]);
    expect(await port.setRouteFinalizers(route, [])).toBeUndefined();
  });

  it('of the last finalizer of a route that lives: the route is there', async () => {
    const { port } = cluster([answer(200, { ...rawRoute, metadata: { ...rawMetadata, finalizers: [] } })]);
    expect(await port.setRouteFinalizers(route, [])).toBeDefined();
  });
});

describe('which cluster, and who we are', () => {
  it('the uid of kube-system is read once', async () => {
    const { port, wire } = cluster([answer(200, { metadata: { name: 'kube-system', uid: 'c-1' } })]);
    expect([await port.clusterUid(), await port.clusterUid()]).toEqual(['c-1', 'c-1']);
    expect(wire.lines()).toEqual(['GET /api/v1/namespaces/kube-system']);
  });

  it('a failure to read it is not remembered', async () => {
    const { port } = cluster([answer(503, {}), answer(200, { metadata: { uid: 'c-1' } })]);
    await expect(port.clusterUid()).rejects.toThrow();
    expect(await port.clusterUid()).toBe('c-1');
  });

  const email = 'fn@prj.iam.gserviceaccount.com';
  const uid = answer(200, { metadata: { uid: 'c-1' } });
  const known = (username: string) => answer(201, { status: { userInfo: { username, groups: [] } } });

  it('with the first look the API server is asked once who it takes us for', async () => {
    const { port, wire } = cluster([uid, known(email)], { user: email });
    expect([await port.clusterUid(), await port.clusterUid()]).toEqual(['c-1', 'c-1']);
    expect(wire.calls.slice(1)).toMatchObject([
      {
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        contentType: 'application/json',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      },
    ]);
  });

  it('a number instead of our name ends the look, and says which scopes the token needs', async () => {
    const { port } = cluster([uid, known('117243891012345678901')], { user: email });
    await expect(port.clusterUid()).rejects.toMatchObject({
      kind: 'user',
      code: 'WrongIdentity',
      message: expect.stringMatching(/"117243891012345678901".*userinfo\.email/),
    });
  });
});
