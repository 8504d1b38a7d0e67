import { describe, expect, it } from 'vitest';
import {
  choosePod,
  matchingPods,
  placedPods,
  type SeenNode,
} from '../../../functions/persistent-ip/choose-pod.ts';
import type { Pod } from '../../../functions/persistent-ip/objects.ts';
import { node, pod, route } from '../fixtures.ts';

const nodes = (...list: readonly SeenNode[]) => new Map(list.map((one) => [one.name, one]));
const running = (name: string, ready: SeenNode['ready'] = 'True'): SeenNode => ({
  ...node(name),
  ready,
  vm: 'running',
  vmSubnetworks: ['default'],
});
const both = nodes(running('node-a'), running('node-b'));
const older = '2026-11-24T13:00:00Z';
const newer = '2026-11-24T14:00:00Z';

const chosen = (pods: readonly Pod[], on = both, mode: 'ReadyCondition' | 'Exists' = 'ReadyCondition') => {
  const candidates = placedPods(matchingPods(route(), pods), on);
  return choosePod(mode, candidates)?.pod.metadata.name;
};

describe('matching', () => {
  it.each([
    ['of another namespace', pod('x', { metadata: { namespace: 'other' } })],
    ['without the labels', pod('x', { metadata: { labels: { app: 'other' } } })],
    ['that has succeeded', pod('x', { phase: 'Succeeded' })],
    ['that has failed', pod('x', { phase: 'Failed' })],
    ['on the host’s network', pod('x', { hostNetwork: true })],
  ])('a Pod %s does not match', (_, one) => {
    expect(matchingPods(route(), [one])).toEqual([]);
  });

  it('a Pod that is not Ready matches: its node is a standby', () => {
    expect(matchingPods(route(), [pod('x', { ready: false })])).toHaveLength(1);
  });
});

describe('eligible', () => {
  it('ReadyCondition waits for the Ready condition', () => {
    expect(chosen([pod('x', { ready: false })])).toBeUndefined();
  });

  it('Exists takes a Pod as soon as it is on a node', () => {
    expect(chosen([pod('x', { ready: false })], both, 'Exists')).toBe('x');
  });

  it('no mode takes a Pod without a node', () => {
    const { nodeName: _, ...waiting } = pod('x');
    expect(chosen([waiting], both, 'Exists')).toBeUndefined();
  });

  it('a Pod whose Node object is gone is no candidate', () => {
    expect(chosen([pod('x', { nodeName: 'node-gone' })])).toBeUndefined();
  });

  it('a Pod whose VM is gone is no candidate, whatever Kubernetes still says', () => {
    expect(chosen([pod('x')], nodes({ ...running('node-a'), vm: 'gone' }))).toBeUndefined();
  });

  it('a VM that cannot be read counts as running', () => {
    expect(chosen([pod('x')], nodes({ ...running('node-a'), vm: 'unreadable' }))).toBe('x');
  });
});

describe('rank', () => {
  it('within a rank the newest holds the addresses', () => {
    const pods = [
      pod('new', { metadata: { creationTimestamp: newer } }),
      pod('old', { metadata: { creationTimestamp: older } }),
    ];
    expect(chosen(pods)).toBe('new');
    expect(chosen(pods.toReversed())).toBe('new');
  });

  it('of two created in the same second the greater name does', () => {
    expect(chosen([pod('a'), pod('b')])).toBe('b');
    expect(chosen([pod('b'), pod('a')])).toBe('b');
  });

  it('a live Pod stands before a newer one that is terminating', () => {
    const terminating = pod('new', { metadata: { creationTimestamp: newer, deletionTimestamp: newer } });
    expect(chosen([terminating, pod('old', { metadata: { creationTimestamp: older } })])).toBe('old');
  });

  it('a terminating Pod holds the addresses while it is alone', () => {
    expect(chosen([pod('x', { metadata: { deletionTimestamp: newer } })])).toBe('x');
  });

  it('a terminating Pod on a ready node stands before a live one on a node that is not', () => {
    const lost = nodes(running('node-a'), running('node-b', 'Unknown'));
    const terminating = pod('term', { metadata: { deletionTimestamp: newer, creationTimestamp: older } });
    expect(chosen([pod('live', { nodeName: 'node-b' }), terminating], lost)).toBe('term');
  });

  it('on nodes that are not ready the live Pod stands before the terminating one', () => {
    const lost = nodes(running('node-a', 'False'), running('node-b', 'Unknown'));
    const terminating = pod('term', { metadata: { deletionTimestamp: newer } });
    expect(
      chosen(
        [terminating, pod('live', { nodeName: 'node-b', metadata: { creationTimestamp: older } })],
        lost,
      ),
    ).toBe('live');
  });
});
