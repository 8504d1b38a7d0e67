import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api, classes, gateway, gateways, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const causes = (body: KubeObject): string[] =>
  ((body.details as { causes?: { field: string }[] } | undefined)?.causes ?? []).map(({ field }) => field);

/** The field of the cause that says that no rule was tried. */
const unchecked = '<nil>';

describe('a GKEIPRoute', () => {
  it('gets the defaults of its CRD', async () => {
    const { body } = await api.post(routes, route('nat'));
    expect(body.spec).toEqual({
      parentRefs: [{ name: 'pool', group: 'gateway.networking.k8s.io', kind: 'Gateway' }],
      addresses: [{ type: 'IPAddress', value: '34.123.10.1/32' }],
      podSelector: { matchLabels: { app: 'nat' } },
      network: 'default',
      reactionMode: 'ReadyCondition',
    });
  });

  it('takes a null as a field that was left out, so that one may be applied away', async () => {
    const spec = { ...(route('nat').spec as object), network: null, reactionMode: null, parentRefs: null };
    const { code, body } = await api.post(routes, { ...route('nat'), spec } as never);
    expect(code).toBe(201);
    expect(body.spec).toMatchObject({ network: 'default', reactionMode: 'ReadyCondition' });
    expect(body.spec).not.toHaveProperty('parentRefs');
    const none = { ...(route('other').spec as object), addresses: null };
    const refused = await api.post(routes, { ...route('other'), spec: none } as never);
    expect(refused.body.message).toContain('spec.addresses: Required value');
  });

  it('is admitted as GKE admits it: seventeen addresses, a bare IP, an empty selector are conditions', async () => {
    const addresses = Array.from({ length: 17 }, (_, at) => ({ value: `34.1.2.${at}` }));
    const { parentRefs: _, ...spec } = route('nat', { addresses, podSelector: {} }).spec as Record<
      string,
      never
    >;
    expect((await api.post(routes, { ...route('nat'), spec })).code).toBe(201);
  });

  it('is refused without addresses and with an unknown reaction mode, all faults in one answer', async () => {
    const bad = route('nat', { addresses: [], reactionMode: 'Sometimes', podSelector: 'app=nat' });
    const { code, body } = await api.post(routes, bad);
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect(causes(body).sort()).toEqual([
      unchecked,
      'spec.addresses',
      'spec.podSelector',
      'spec.reactionMode',
    ]);
    expect(body.message).toContain('spec.addresses in body should have at least 1 items');
  });

  it('has at most 32 parents', async () => {
    const parentRefs = Array.from({ length: 33 }, (_, at) => ({ name: `pool-${at}` }));
    expect(causes((await api.post(routes, route('nat', { parentRefs }))).body)).toEqual([
      'spec.parentRefs',
      unchecked,
    ]);
  });

  it('loses the fields that nobody knows, or is refused when the client is strict', async () => {
    const { body } = await api.post(routes, route('nat', { colour: 'red' }));
    expect(body.spec).not.toHaveProperty('colour');
    const strict = await api.post(`${routes}?fieldValidation=Strict`, route('other', { colour: 'red' }));
    expect([strict.code, strict.body.reason]).toEqual([400, 'BadRequest']);
    expect(strict.body.message).toContain('unknown field "spec.colour"');
  });

  it('keeps its haPolicy once it has one', async () => {
    await api.post(routes, route('nat'));
    expect((await api.merge(`${routes}/nat`, { spec: { haPolicy: true } })).code).toBe(200);
    const { code, body } = await api.merge(`${routes}/nat`, { spec: { haPolicy: false } });
    expect(code).toBe(422);
    expect(body.message).toContain('haPolicy is immutable');
  });

  it('has one condition of a type, each whole', async () => {
    await api.post(routes, route('nat'));
    const ready = {
      type: 'Ready',
      status: 'False',
      reason: 'NoPodsFound',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const twice = await api.merge(`${routes}/nat/status`, { status: { conditions: [ready, ready] } });
    expect(twice.body.message).toContain('Duplicate value: {"type":"Ready"}');
    const { reason: _, ...half } = ready;
    const partial = await api.merge(`${routes}/nat/status`, { status: { conditions: [half] } });
    expect(causes(partial.body)).toEqual(['status.conditions[0].reason', unchecked]);
    const fine = await api.merge(`${routes}/nat/status`, { status: { conditions: [ready] } });
    expect(fine.code).toBe(200);
  });

  it('has no strategic merge patch: 415', async () => {
    await api.post(routes, route('nat'));
    expect((await api.strategic(`${routes}/nat`, {})).code).toBe(415);
  });
});

describe('a Gateway', () => {
  it('waits for its controller from the start, and admits its own namespace by default', async () => {
    const { body } = await api.post(gateways, gateway('pool'));
    expect(body.status).toMatchObject({
      conditions: [
        { type: 'Accepted', status: 'Unknown', reason: 'Pending' },
        { type: 'Programmed', status: 'Unknown', reason: 'Pending' },
      ],
    });
    expect(body.spec).toMatchObject({ listeners: [{ allowedRoutes: { namespaces: { from: 'Same' } } }] });
  });

  it('is the same object as v1beta1', async () => {
    await api.post(gateways, gateway('pool'));
    const { body } = await api.get(`${gateways.replace('/v1/', '/v1beta1/')}/pool`);
    expect(body.apiVersion).toBe('gateway.networking.k8s.io/v1beta1');
    const beta = { ...gateway('beta'), apiVersion: 'gateway.networking.k8s.io/v1beta1' };
    expect((await api.post(gateways.replace('/v1/', '/v1beta1/'), beta)).code).toBe(201);
    expect((await api.get(`${gateways}/beta`)).body.apiVersion).toBe('gateway.networking.k8s.io/v1');
  });

  it.each([
    ['no listener', { listeners: [] }],
    [
      'two listeners of one name',
      {
        listeners: [
          { name: 'a', protocol: 'none', port: 443 },
          { name: 'a', protocol: 'none', port: 444 },
        ],
      },
    ],
    [
      'two listeners of one port and protocol',
      {
        listeners: [
          { name: 'a', protocol: 'none', port: 443 },
          { name: 'b', protocol: 'none', port: 443 },
        ],
      },
    ],
    ['a port out of range', { listeners: [{ name: 'a', protocol: 'none', port: 0 }] }],
    ['a prefix where an address is wanted', { addresses: [{ value: '203.0.113.0/28' }] }],
    ['the same address twice', { addresses: [{ value: '34.1.2.3' }, { value: '34.1.2.3' }] }],
    ['no class', { gatewayClassName: '' }],
    [
      'seventeen addresses',
      { addresses: Array.from({ length: 17 }, (_, at) => ({ value: `34.1.2.${at}` })) },
    ],
  ])('with %s is refused', async (_, spec) => {
    const { code, body } = await api.post(gateways, gateway('pool', spec));
    expect([code, body.reason]).toEqual([422, 'Invalid']);
  });

  it.each([
    ['an address', [{ type: 'IPAddress', value: '34.1.2.3' }]],
    ['a block of GKE', [{ type: 'gke.networking.io/cidr', value: '203.0.113.0/28' }]],
    ['the name of an address', [{ type: 'NamedAddress', value: 'nat-egress' }]],
    ['an address to be reserved', [{ type: 'IPAddress' }]],
  ])('may ask for %s', async (_, addresses) => {
    expect((await api.post(gateways, gateway('pool', { addresses }))).code).toBe(201);
  });
});

describe('a GatewayClass', () => {
  it('never changes its controller', async () => {
    const { code, body } = await api.merge(`${classes}/persistent-ip-regional-external`, {
      spec: { controllerName: 'example.com/other' },
    });
    expect(code).toBe(422);
    expect(body.message).toContain('Value is immutable');
  });
});

describe('a CustomResourceDefinition', () => {
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const networks = '/apis/networking.gke.io/v1/networks';
  const definition = (properties: Record<string, unknown> = {}): Record<string, unknown> => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'networks.networking.gke.io' },
    spec: {
      group: 'networking.gke.io',
      scope: 'Cluster',
      names: { kind: 'Network', plural: 'networks' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties }, status: { type: 'object' } },
            },
          },
        },
      ],
    },
  });
  const network = { apiVersion: 'networking.gke.io/v1', kind: 'Network', metadata: { name: 'blue' } };

  it('makes its resource served; before, its path is a plain 404 without a Status', async () => {
    const before = await api.get(networks);
    expect([before.code, before.text, before.type]).toEqual([
      404,
      '404 page not found\n',
      'text/plain; charset=utf-8',
    ]);
    const { body } = await api.post(crds, definition());
    expect(body.status).toMatchObject({
      conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }],
    });
    expect((await api.post(networks, network)).code).toBe(201);
    expect((await api.get(`${networks}/blue`)).code).toBe(200);
  });

  it('takes its objects along when it goes', async () => {
    await api.post(crds, definition());
    await api.post(networks, network);
    const watch = await api.watch(`${crds}?fieldSelector=metadata.name%3Dnetworks.networking.gke.io`);
    await api.delete(`${crds}/networks.networking.gke.io`);
    expect(await watch.take(3)).toEqual(
      ['ADDED', 'MODIFIED', 'DELETED'].map((type) => `${type} networks.networking.gke.io`),
    );
    expect((await api.get(networks)).text).toBe('404 page not found\n');
  });
});
