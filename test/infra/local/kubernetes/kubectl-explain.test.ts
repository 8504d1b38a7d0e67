import { describe, expect, it } from 'vitest';
import { nodes, pod, pods, route, routes } from './api.ts';
import { missing } from './kubectl.ts';
import { aCluster, api, kubectl, node } from './kubectl-cluster.ts';

aCluster();

describe.skipIf(missing !== undefined)('kubectl explains', () => {
  it('what the CRD says of a field', async () => {
    const text = await kubectl.say('explain gkeiproute.spec.addresses');
    expect(text).toContain('GKEIPRoute');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Each value is a CIDR such as 34.123.10.1/32');
  });

  it('a route, a Pod and a Node with what happened to them', async () => {
    await api.post(nodes, node('node-1'));
    await api.post(pods, pod('a', {}, { nodeName: 'node-1' }));
    const { body } = await api.post(routes, route('nat'));
    await api.post('/api/v1/namespaces/default/events', {
      metadata: { name: 'nat.1' },
      involvedObject: { kind: 'GKEIPRoute', name: 'nat', namespace: 'default', uid: body.metadata.uid },
      reason: 'Moved',
      message: 'to node-1',
      type: 'Normal',
      source: { component: 'functions' },
    });
    await api.post('/apis/events.k8s.io/v1/namespaces/default/events', {
      metadata: { name: 'nat.2' },
      regarding: {
        apiVersion: 'networking.gke.io/v1',
        kind: 'GKEIPRoute',
        name: 'nat',
        namespace: 'default',
        uid: body.metadata.uid,
      },
      eventTime: '2026-11-25T15:00:00.000000Z',
      reportingController: 'persistent-ip.dev/reconcile',
      reportingInstance: 'local',
      action: 'Refuse',
      reason: 'InvalidLabels',
      note: 'an empty selector',
      type: 'Warning',
      series: { count: 3, lastObservedTime: '2026-11-25T15:05:00.000000Z' },
    });
    const described = await kubectl.say('describe gkeipr nat');
    expect(described).toMatch(/Normal +Moved +\S+ +functions +to node-1/);
    expect(described).toMatch(
      /Warning +InvalidLabels +\S+ \(x3 over \S+\) +persistent-ip\.dev\/reconcile +an empty selector/,
    );
    expect(await kubectl.table('events --for gkeipr/nat')).toContainEqual(
      expect.stringMatching(/^\S+ \(x3 over \S+\) Warning InvalidLabels GKEIPRoute\/nat an empty selector$/),
    );
    expect(await kubectl.say('describe pod a')).toMatch(/Node: +node-1/);
    expect(await kubectl.say('describe node node-1')).toMatch(/default +a /);
  });
});
