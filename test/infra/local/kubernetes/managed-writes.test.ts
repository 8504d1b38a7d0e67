import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployment, deployments, nodes, pod, pods, route, routes } from './api.ts';
import { anEmptyApi, api, by, entries, labels, sets } from './managing.ts';

anEmptyApi();

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
