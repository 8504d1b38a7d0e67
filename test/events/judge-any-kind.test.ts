import { describe, expect, test } from 'vitest';
import { type ClusterVerdict, judgeClusterEvent } from '../../events/judge-cluster-event.ts';
import { readClusterEvent } from '../../events/log-entry.ts';
import { cluster, eventOf, ownPrincipal, sample, sampleCluster, type Write } from './entries.ts';
import { judge, pod } from './judging.ts';

describe('of any kind', () => {
  const write: Write = { method: 'io.k8s.core.v1.pods.patch', path: pod };

  test('a failed request is dropped', () => {
    expect(judge({ ...write, status: { code: 7, message: 'forbidden' } })).toEqual({
      kind: 'drop',
      why: 'the request failed',
    });
  });

  test.each([undefined, {}, { code: 0 }])('a status of %j is success', (status) => {
    expect(judge({ ...write, status })).toMatchObject({ kind: 'pod' });
  });

  test('a dry run is dropped', () => {
    expect(judge({ ...write, labels: { 'command.gke.io/dryRun': 'true' } })).toEqual({
      kind: 'drop',
      why: 'a dry run',
    });
  });

  test('a resource that no address depends on is dropped, whatever its name', () => {
    const role = {
      method: 'io.k8s.authorization.rbac.v1.clusterroles.update',
      path: 'rbac.authorization.k8s.io/v1/clusterroles/system:Odd%2FName',
    };
    expect(judge(role)).toEqual({ kind: 'drop', why: 'no address depends on this resource' });
  });

  test('a resource of the same name in another group is dropped', () => {
    const pods = { method: 'io.k8s.metrics.v1beta1.pods.update', path: 'metrics.k8s.io/v1beta1/pods' };
    expect(judge(pods)).toEqual({ kind: 'drop', why: 'no address depends on this resource' });
  });

  test.each([{ project: 'other' }, { location: 'us-central1-a' }, { name: 'staging' }])(
    'an entry of a cluster that is not configured is refused as untrusted: %j',
    (difference) => {
      const verdict = judgeClusterEvent(eventOf(write), {
        clusters: [{ ...cluster, ...difference }],
        ownPrincipal,
      });
      expect(verdict).toEqual({
        kind: 'refuse',
        refusal: { kind: 'untrusted', field: 'resource.labels', problem: 'unknown cluster' },
      });
    },
  );
});

describe('the real samples', () => {
  const judgeSample = (name: 'pods-create' | 'pods-status-patch'): ClusterVerdict => {
    const event = readClusterEvent(sample(name));
    if (!event.ok) throw new Error(event.refusal.problem);
    return judgeClusterEvent(event.value, { clusters: [sampleCluster], ownPrincipal });
  };

  test('the kubelet’s patch is a Ready transition of the Pod it names', () => {
    expect(judgeSample('pods-status-patch')).toEqual({
      kind: 'pod',
      namespace: '1-2-deployment-update',
      name: 'nginx-deployment-surge-8655b4b8c5-xf5f4',
      uid: 'c0b4e00d-da76-4255-9a02-670d5b74aa3a',
      podGone: false,
    });
  });

  test('the Pod that the ReplicaSet made has no node yet', () => {
    expect(judgeSample('pods-create')).toEqual({
      kind: 'drop',
      why: 'a Pod without a node matters when it is bound',
    });
  });
});
