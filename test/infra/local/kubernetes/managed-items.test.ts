import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { gateway, gateways, pod, pods, route, routes } from './api.ts';
import { anEmptyApi, api, by, condition, sets } from './managing.ts';

const listener = (name: string, port: number): JsonObject => ({ name, protocol: 'none', port });

anEmptyApi();

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
