import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { managerOf } from '../../../../infra/local/kubernetes/fields/managed-fields.ts';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api, deployment, deployments, gateway, gateways, nodes, pod, pods, route, routes } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const by = (path: string, manager: string): string => `${path}?fieldManager=${manager}`;

const entries = ({ metadata }: KubeObject): JsonObject[] => (metadata.managedFields ?? []) as JsonObject[];

/** The sets by their managers: `manager` or `manager/subresource`. */
const sets = (object: KubeObject): Record<string, unknown> =>
  Object.fromEntries(
    entries(object).map(({ manager, subresource, fieldsV1 }) => [
      [manager, subresource].filter(Boolean).join('/'),
      fieldsV1,
    ]),
  );

const labels = (entries: Record<string, string | null>): JsonObject => ({ metadata: { labels: entries } });

describe('a new object', () => {
  it('is its creator’s, in the version and at the time of the write', async () => {
    const { body } = await api.post(by(routes, 'kubectl-create'), route('nat'));
    expect(entries(body)).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'networking.gke.io/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: expect.objectContaining({ 'f:spec': expect.objectContaining({ '.': {} }) }),
      },
    ]);
  });

  it('has no owner of what the server sets: names, uid, versions, times', async () => {
    const { body } = await api.post(by(pods, 'me'), {
      ...pod('x'),
      metadata: { generateName: 'nat-', labels: { app: 'nat' } },
    });
    expect((sets(body).me as JsonObject)['f:metadata']).toEqual({
      'f:generateName': {},
      'f:labels': { '.': {}, 'f:app': {} },
    });
    expect(sets(body).me).not.toHaveProperty('f:status');
  });

  it('is divided as GKE divides a real Pod', async () => {
    const file = new URL('../../../events/samples/pods-create.yaml', import.meta.url);
    const { protoPayload } = parse(readFileSync(file, 'utf8')) as {
      protoPayload: Record<'request' | 'response', KubeObject>;
    };
    const manager = 'kube-controller-manager';
    const { body } = await api.post(by(pods, manager), protoPayload.request);
    // The sample leaves some fields out.
    const real = sets(protoPayload.response)[manager] as Record<string, JsonObject>;
    const own = sets(body)[manager] as Record<string, JsonObject>;
    expect(own['f:metadata']).toEqual(real['f:metadata']);
    expect(own['f:spec']?.['f:containers']).toMatchObject(real['f:spec']?.['f:containers'] as JsonObject);
  });

  it('leaves to nobody what admission adds to a Pod', async () => {
    const { body } = await api.post(by(pods, 'me'), pod('a'));
    const spec = (sets(body).me as JsonObject)['f:spec'] as JsonObject;
    expect(Object.keys(spec).sort()).toEqual([
      'f:containers',
      'f:dnsPolicy',
      'f:enableServiceLinks',
      'f:restartPolicy',
      'f:schedulerName',
      'f:securityContext',
      'f:terminationGracePeriodSeconds',
    ]);
  });

  it('holds a selector as one value, and the parts of a template apart', async () => {
    const { body } = await api.post(by(deployments, 'me'), deployment('web'));
    expect(sets(body).me).toMatchObject({
      'f:spec': {
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
        },
      },
    });
    const spec = (sets(body).me as Record<string, JsonObject>)['f:spec'];
    expect(spec?.['f:selector']).toEqual({});
  });
});

describe('two managers', () => {
  it('each own what they wrote last: a changed field moves, the others stay', async () => {
    await api.post(by(pods, 'first'), pod('a', { app: 'nat', tier: 'edge' }));
    api.clock.pass(60_000);
    const { body } = await api.merge(by(`${pods}/a`, 'second'), labels({ tier: 'core', zone: 'b' }));
    expect((sets(body).first as JsonObject)['f:metadata']).toEqual({ 'f:labels': { '.': {}, 'f:app': {} } });
    expect(sets(body).second).toEqual({ 'f:metadata': { 'f:labels': { 'f:tier': {}, 'f:zone': {} } } });
    expect(entries(body).map(({ manager, time }) => `${manager} ${time}`)).toEqual([
      'first 2026-01-01T00:00:00Z',
      'second 2026-01-01T00:01:00Z',
    ]);
  });

  it('own nothing of a value that was there already', async () => {
    await api.post(by(pods, 'first'), pod('a', { app: 'nat' }));
    const { body } = await api.merge(by(`${pods}/a`, 'second'), labels({ app: 'nat', tier: 'edge' }));
    expect(sets(body).second).toEqual({ 'f:metadata': { 'f:labels': { 'f:tier': {} } } });
  });

  it('lose a field that either removes, and an entry without fields goes', async () => {
    await api.post(by(pods, 'first'), pod('a', { app: 'nat' }));
    await api.merge(by(`${pods}/a`, 'second'), labels({ tier: 'edge' }));
    const { body } = await api.merge(by(`${pods}/a`, 'first'), labels({ tier: null }));
    expect(Object.keys(sets(body))).toEqual(['first']);
    const { body: bare } = await api.merge(by(`${pods}/a`, 'third'), { metadata: { labels: null } });
    expect(Object.keys(sets(bare))).toEqual(['first']);
    expect(sets(bare).first).not.toHaveProperty('f:metadata');
  });

  it('are told apart by fieldManager, else by the first word of the User-Agent', () => {
    expect(managerOf(new URLSearchParams('fieldManager=kubectl-edit'), 'kubectl/v1.32')).toBe('kubectl-edit');
    expect(managerOf(new URLSearchParams(), 'kubelet/v1.32.1 (linux/amd64)')).toBe('kubelet');
    expect(managerOf(new URLSearchParams(), undefined)).toBe('unknown');
  });

  it('are ten at most: the oldest become one', async () => {
    await api.post(by(pods, 'creator'), pod('a'));
    for (let at = 0; at < 11; at += 1) {
      api.clock.pass(1000);
      await api.merge(by(`${pods}/a`, `m${at}`), labels({ [`l${at}`]: 'x' }));
    }
    const { body } = await api.get(`${pods}/a`);
    expect(entries(body).map(({ manager }) => manager)).toEqual([
      'ancient-changes',
      ...Array.from({ length: 9 }, (_, at) => `m${at + 2}`),
    ]);
    expect(sets(body)['ancient-changes']).toMatchObject({
      'f:metadata': { 'f:labels': { '.': {}, 'f:l0': {}, 'f:l1': {} } },
      'f:spec': {},
    });
  });
});

describe('a subresource', () => {
  it('has an entry apart, of the same manager too', async () => {
    await api.post(by(routes, 'operator'), route('nat'));
    const { body } = await api.merge(by(`${routes}/nat/status`, 'operator'), {
      status: { conditions: [condition('Accepted', 'True')] },
    });
    expect(entries(body).map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['operator', undefined],
      ['operator', 'status'],
    ]);
    expect(sets(body)['operator/status']).toEqual({
      'f:status': {
        '.': {},
        'f:conditions': {
          '.': {},
          'k:{"type":"Accepted"}': {
            '.': {},
            'f:lastTransitionTime': {},
            'f:message': {},
            'f:reason': {},
            'f:status': {},
            'f:type': {},
          },
        },
      },
    });
  });

  it('of scale owns the replicas alone', async () => {
    await api.post(by(deployments, 'me'), deployment('web'));
    await api.merge(by(`${deployments}/web/scale`, 'scaler'), { spec: { replicas: 3 } });
    const { body } = await api.get(`${deployments}/web`);
    expect(sets(body)['scaler/scale']).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect((sets(body).me as JsonObject)['f:spec']).not.toHaveProperty('f:replicas');
  });
});

const condition = (type: string, status: string): JsonObject => ({
  type,
  status,
  reason: 'Tested',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe('the items of a list', () => {
  it('have owners by their keys: one condition moves, the other stays', async () => {
    await api.post(by(routes, 'me'), route('nat'));
    const status = (accepted: string): JsonObject => ({
      status: { conditions: [condition('Accepted', accepted), condition('Programmed', 'True')] },
    });
    await api.merge(by(`${routes}/nat/status`, 'one'), status('False'));
    const { body } = await api.merge(by(`${routes}/nat/status`, 'two'), status('True'));
    expect(sets(body)['two/status']).toEqual({
      'f:status': { 'f:conditions': { 'k:{"type":"Accepted"}': { 'f:status': {} } } },
    });
    const one = sets(body)['one/status'] as Record<string, Record<string, JsonObject>>;
    const left = one['f:status']?.['f:conditions'] as Record<string, JsonObject>;
    expect(left['k:{"type":"Accepted"}']).not.toHaveProperty('f:status');
    expect(left['k:{"type":"Programmed"}']).toHaveProperty('f:status');
  });

  it('go from their owner with the item', async () => {
    await api.post(by(gateways, 'me'), gateway('pool', { listeners: [listener('a', 1), listener('b', 2)] }));
    const { body } = await api.merge(by(`${gateways}/pool`, 'other'), {
      spec: { listeners: [listener('b', 2)] },
    });
    const { 'f:listeners': left } = (sets(body).me as Record<string, Record<string, JsonObject>>)['f:spec']!;
    expect(Object.keys(left!)).toEqual(['.', 'k:{"name":"b"}']);
    expect(Object.keys(sets(body))).toEqual(['me']);
  });

  it('of ports have two keys, finalizers their values, and arguments are one value', async () => {
    const container = {
      name: 'app',
      image: 'example/app:1',
      args: ['a', 'b'],
      ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }],
    };
    const { metadata, ...rest } = pod('a', {}, { containers: [container] });
    const { body } = await api.post(by(pods, 'me'), {
      ...rest,
      metadata: { ...(metadata as JsonObject), finalizers: ['example.com/hold'] },
    });
    expect(sets(body).me).toMatchObject({
      'f:metadata': { 'f:finalizers': { '.': {}, 'v:"example.com/hold"': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"app"}': {
            'f:args': {},
            'f:ports': {
              '.': {},
              'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
              'k:{"containerPort":80,"protocol":"UDP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
            },
          },
        },
      },
    });
    await api.merge(`${pods}/a`, { metadata: { finalizers: null } });
  });

  it('without a key of their schema are one value', async () => {
    const { body } = await api.post(by(routes, 'me'), route('nat'));
    const spec = (sets(body).me as Record<string, JsonObject>)['f:spec'];
    expect([spec?.['f:parentRefs'], spec?.['f:addresses']]).toEqual([{}, {}]);
  });
});

const listener = (name: string, port: number): JsonObject => ({ name, protocol: 'none', port });

describe('a write that changes nothing', () => {
  it('gives no field, no time and no version', async () => {
    const { body: made } = await api.post(by(pods, 'first'), pod('a', { app: 'nat' }));
    api.clock.pass(60_000);
    const { body } = await api.put(by(`${pods}/a`, 'second'), made);
    expect(body.metadata).toEqual(made.metadata);
    const { body: patched } = await api.merge(by(`${pods}/a`, 'second'), labels({ app: 'nat' }));
    expect(patched.metadata).toEqual(made.metadata);
  });

  it('of a heartbeat gives a new time to the one entry of its manager', async () => {
    await api.post(by(nodes, 'kubelet'), {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1', labels: { a: 'b' } },
    });
    const beat = (time: string): Promise<unknown> =>
      api.strategic(by(`${nodes}/n1/status`, 'kubelet'), {
        status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: time }] },
      });
    await beat('2026-01-01T00:00:00Z');
    api.clock.pass(10_000);
    await beat('2026-01-01T00:00:10Z');
    const { body } = await api.get(`${nodes}/n1`);
    expect(entries(body).map(({ subresource, time }) => [subresource, time])).toEqual([
      [undefined, '2026-01-01T00:00:00Z'],
      ['status', '2026-01-01T00:00:10Z'],
    ]);
  });
});

describe('managedFields in a request', () => {
  it('are ignored when they come back as they were, or changed, or not at all', async () => {
    const { body: made } = await api.post(by(pods, 'first'), pod('a', { app: 'nat' }));
    for (const managedFields of [made.metadata.managedFields, [{ manager: 'thief' }], undefined]) {
      const metadata = { ...made.metadata, managedFields };
      const { body } = await api.put(by(`${pods}/a`, 'second'), { ...made, metadata });
      expect(entries(body)).toEqual(entries(made));
    }
  });

  it.each([[[]], [[{}]]])('clear all owners as %j, and updates bring none back', async (managedFields) => {
    await api.post(by(pods, 'first'), pod('a'));
    const { body } = await api.merge(by(`${pods}/a`, 'second'), { metadata: { managedFields } });
    expect(body.metadata).not.toHaveProperty('managedFields');
    const { body: later } = await api.merge(by(`${pods}/a`, 'second'), labels({ app: 'nat' }));
    expect(later.metadata).not.toHaveProperty('managedFields');
  });

  it('clear nothing on a subresource', async () => {
    await api.post(by(pods, 'first'), pod('a'));
    const { body } = await api.merge(by(`${pods}/a/status`, 'second'), { metadata: { managedFields: [] } });
    expect(Object.keys(sets(body))).toEqual(['first']);
  });

  it('of another type than a list of entries are refused: 422', async () => {
    await api.post(pods, pod('a'));
    expect((await api.merge(`${pods}/a`, { metadata: { managedFields: 'all' } })).code).toBe(422);
  });
});

describe.skipIf(missing !== undefined)('kubectl', () => {
  it('shows who owns what when it is asked to, and hides it otherwise', async () => {
    const kubectl = await Kubectl.start(api);
    try {
      const file = kubectl.file('pod.yaml', pod('a', { app: 'nat' }));
      await kubectl.say('apply -f', file);
      await kubectl.say('label pod a tier=edge');
      const shown = parse(await kubectl.say('get pod a -o yaml --show-managed-fields')) as KubeObject;
      expect(sets(shown)).toMatchObject({
        'kubectl-client-side-apply': {
          'f:metadata': {
            'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
            'f:labels': { '.': {}, 'f:app': {} },
          },
        },
        'kubectl-label': { 'f:metadata': { 'f:labels': { 'f:tier': {} } } },
      });
      expect(await kubectl.say('get pod a -o yaml')).not.toContain('managedFields');
    } finally {
      await kubectl.end();
    }
  });
});
