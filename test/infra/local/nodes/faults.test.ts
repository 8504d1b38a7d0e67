import { expect, test } from 'vitest';
import { isTrue, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { deployments, pods } from '../../../../infra/local/nodes/resources.ts';
import { deployment, podSpec, startCluster } from './cluster.ts';

const place = { namespace: 'default' };
const conflict = { code: 409, reason: 'Conflict' };
const allReady = (count: number) => (all: readonly Pod[]) =>
  all.length === count && all.every((pod) => isTrue(pod.status, 'Ready'));

test.each([
  ['the scheduler’s binding', { verb: 'create', resource: 'pods', subresource: 'binding' }],
  ['the kubelet’s report', { verb: 'patch', resource: 'pods', subresource: 'status' }],
  ['the scaling of a ReplicaSet', { verb: 'update', resource: 'replicasets' }],
] as const)('a conflict on %s only delays', async (_, match) => {
  const { api, kubernetes, untilAll } = await startCluster();
  kubernetes.inject({ match, times: 2, answer: conflict });
  await api.create(deployments, place, deployment('nat', 2));
  await untilAll<Pod>(pods, allReady(2));
});

test('a ReplicaSet whose creation’s answer was lost still makes the right number of Pods', async () => {
  const { api, kubernetes, untilAll, until } = await startCluster();
  kubernetes.inject({ match: { verb: 'create', resource: 'pods', subresource: '' }, answer: 'lost' });
  await api.create(deployments, place, deployment('nat', 2));
  await untilAll<Pod>(pods, allReady(2));
  await until(
    deployments,
    'default/nat',
    (found) => (found as never as { status: Record<string, number> }).status.availableReplicas === 2,
  );
});

test('a deletion that was refused is asked for again', async () => {
  const { api, kubernetes, untilAll } = await startCluster();
  await api.create(deployments, place, deployment('nat', 2));
  await untilAll<Pod>(pods, allReady(2));
  kubernetes.inject({ match: { verb: 'delete', resource: 'pods' }, times: 2, answer: conflict });
  await api.patch(deployments, { ...place, name: 'nat' }, { spec: { replicas: 1 } });
  await untilAll<Pod>(pods, allReady(1));
});

test('a kubelet whose watches break takes them up again, and sees what happened meanwhile', async () => {
  const { api, kubernetes, nodes, untilAll } = await startCluster();
  // The test's own watch is under way before any is broken.
  await untilAll<Pod>(pods, () => true);
  nodes.stopKubelet('n1');
  kubernetes.inject({ match: { verb: 'watch', resource: 'pods' }, times: 3, answer: 'reset' });
  nodes.startKubelet('n1');
  await api.create(pods, place, { metadata: { name: 'web' }, spec: { ...podSpec, nodeName: 'n1' } });
  expect(await untilAll<Pod>(pods, allReady(1))).toHaveLength(1);
});
