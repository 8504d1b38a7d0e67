import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '../../../functions/persistent-ip/objects.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { answer, cluster, failureOf, rawMetadata, refusal } from './setup.ts';

onlyPlannedAnswers();

const app = (value: string): LabelSelector => ({ matchLabels: { app: value } });
const podIn = (namespace: string, value: string, name: string) => ({
  metadata: { ...rawMetadata, namespace, name, labels: { app: value } },
  spec: { nodeName: 'n1' },
  status: { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }] },
});
/** Selectors of so many namespaces, `ns-0` and on. */
const namespaces = (count: number) =>
  new Map(Array.from({ length: count }, (_, index) => [`ns-${index}`, [app('nat')]] as const));
const none = answer(200, { items: [], metadata: {} });
/** The number of Pods that the API server says there are. */
const saysTotal = (remainingItemCount: number) =>
  answer(200, { items: [podIn('x', 'nat', 'p')], metadata: { continue: 'c', remainingItemCount } });

describe('the Pods that somebody selects', () => {
  it('of a few namespaces are one list of each, by the selector where there is only one', async () => {
    const two = new Map([
      ['edge', [app('nat'), app('nat')]],
      ['core', [app('a'), app('b')]],
    ]);
    const { port, wire } = cluster(({ path }) =>
      answer(200, {
        items: path.includes('/edge/')
          ? [podIn('edge', 'nat', 'p1')]
          : [podIn('core', 'b', 'p2'), podIn('core', 'nobody', 'p3')],
        metadata: {},
      }),
    );
    const found = await port.podsSelected(two);
    expect(wire.lines().toSorted()).toEqual([
      'GET /api/v1/namespaces/core/pods?limit=500',
      'GET /api/v1/namespaces/edge/pods?labelSelector=app=nat&limit=500',
    ]);
    expect(found.map(({ metadata }) => metadata.name).toSorted()).toEqual(['p1', 'p2']);
    const [{ metadata, ...pod }] = found as [(typeof found)[number]];
    expect(pod).toEqual({
      nodeName: 'n1',
      hostNetwork: false,
      networks: [],
      phase: 'Running',
      podIP: '10.0.0.7',
      ready: true,
    });
    expect([metadata.annotations, metadata.finalizers]).toEqual([{}, []]);
  });

  it('of many namespaces are one list of the cluster, where that has fewer pages', async () => {
    const { port, wire } = cluster([
      saysTotal(900),
      answer(200, {
        items: [podIn('ns-3', 'nat', 'p1'), podIn('ns-3', 'else', 'p2')],
        metadata: { continue: 'next' },
      }),
      answer(200, { items: [podIn('elsewhere', 'nat', 'p3'), podIn('ns-5', 'nat', 'p4')], metadata: {} }),
    ]);
    const found = await port.podsSelected(namespaces(6));
    expect(wire.lines()).toEqual([
      'GET /api/v1/pods?limit=1',
      'GET /api/v1/pods?limit=500',
      'GET /api/v1/pods?continue=next&limit=500',
    ]);
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['p1', 'p4']);
  });

  it('of many namespaces are one list of each, where the cluster has more Pods than those can have pages', async () => {
    const { port, wire } = cluster(({ path }) =>
      path.startsWith('/api/v1/pods') ? saysTotal(99_999) : none,
    );
    expect(await port.podsSelected(namespaces(6))).toEqual([]);
    expect(wire.lines()).toHaveLength(7);
  });

  it('are listed anew when a page has expired, and no Pod is there twice', async () => {
    const page = (name: string, token?: string) =>
      answer(200, { items: [podIn('ns-0', 'nat', name)], metadata: token ? { continue: token } : {} });
    const { port, wire } = cluster([
      page('p1', 'old'),
      refusal(410, 'Expired'),
      page('p1', 'new'),
      page('p2'),
    ]);
    const found = await port.podsSelected(namespaces(1));
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['p1', 'p2']);
    expect(wire.calls).toHaveLength(4);
  });

  it('are nobody, without a call, where nobody selects', async () => {
    const { port, wire } = cluster([]);
    expect(await port.podsSelected(new Map())).toEqual([]);
    expect(wire.calls).toEqual([]);
  });

  it('are unknown where a list is refused', async () => {
    const { port } = cluster(() => refusal(403, 'Forbidden'));
    expect(await failureOf(port.podsSelected(namespaces(6)))).toMatchObject({ kind: 'retry', status: 403 });
    expect(await failureOf(port.podsSelected(namespaces(2)))).toMatchObject({ kind: 'retry', status: 403 });
  });
});
