import { describe, expect, it } from 'vitest';
import { managerOf } from '../../../../infra/local/kubernetes/fields/managed-fields.ts';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployment, deployments, pod, pods, route, routes } from './api.ts';
import { anEmptyApi, api, by, condition, entries, labels, sets } from './managing.ts';

anEmptyApi();

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
