import { describe, expect, it } from 'vitest';
import { layGateway, layNamespace, layRoute } from '../../../functions/persistent-ip/lay-over.ts';
import { condition, gateway, metadata, namespace, route, start } from '../fixtures.ts';

const lastApplied = (labels: object, annotations: object) => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ metadata: { labels, annotations } }),
});

describe('a manifest laid over', () => {
  it('nothing is an object of now, with a uid of its own in words and no status', () => {
    const live = route(['34.1.2.3'], { status: { pods: ['nat-1'], conditions: [] } });
    const { object, change } = layRoute(undefined, live, start);
    expect(change).toBe('create');
    expect(object).toMatchObject({
      metadata: {
        uid: '<uid of GKEIPRoute edge/nat>',
        generation: 1,
        creationTimestamp: '2026-11-24T14:05:00Z',
      },
      status: { pods: [], conditions: [] },
    });
    const { object: other } = layGateway(undefined, gateway(), start);
    expect(other.metadata.uid).toBe('<uid of Gateway infra/pool>');
  });

  it('an object keeps who it is, how it stands, and what else is written on it', () => {
    const live = route(['34.1.2.3'], {
      metadata: metadata('nat', {
        finalizers: ['persistent-ip.dev/release'],
        generation: 4,
        labels: { a: '1' },
      }),
      status: { pods: ['nat-1'], conditions: [condition('Accepted', 'True', 'Accepted')] },
    });
    const asked = route(['34.1.2.4'], { metadata: metadata('nat', { uid: '', labels: { b: '2' } }) });
    const { object, change } = layRoute(live, asked, start);
    expect(change).toBe('change');
    expect(object).toMatchObject({
      metadata: { ...live.metadata, generation: 5, labels: { a: '1', b: '2' } },
      addresses: asked.addresses,
      status: live.status,
    });
  });

  it('the same spec in another order changes nothing', () => {
    const live = route(['34.1.2.3'], { podSelector: { matchLabels: { a: '1', b: '2' } } });
    const asked = route(['34.1.2.3'], { podSelector: { matchLabels: { b: '2', a: '1' } } });
    expect(layRoute(live, asked, start)).toMatchObject({
      change: 'none',
      object: { metadata: { generation: 1 } },
    });
  });

  it('an annotation is a change without a generation, and one that was applied before and is left out goes', () => {
    const annotations = { ...lastApplied({}, { gone: '' }), gone: 'x', theirs: 'y' };
    const live = gateway(['34.1.2.3'], { metadata: metadata('pool', { namespace: 'infra', annotations }) });
    const asked = gateway(['34.1.2.3'], {
      metadata: metadata('pool', { namespace: 'infra', annotations: { mine: 'z' } }),
    });
    const { object, change } = layGateway(live, asked, start);
    expect(change).toBe('change');
    expect(object.metadata.generation).toBe(1);
    expect(Object.keys(object.metadata.annotations).sort()).toEqual([
      'kubectl.kubernetes.io/last-applied-configuration',
      'mine',
      'theirs',
    ]);
  });

  it.each(['no JSON', '[]', '{"metadata":null}', '{"metadata":{"labels":7}}'])(
    'what was applied before is unknown where the annotation is %s',
    (text) => {
      const live = namespace('edge', { kept: 'x' });
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': text };
      const odd = { metadata: { ...live.metadata, annotations } };
      expect(layNamespace(odd, namespace('edge', { mine: 'y' }), start).object.metadata.labels).toEqual({
        kept: 'x',
        mine: 'y',
      });
    },
  );
});
