import { expect, test } from 'vitest';
import { isTrue, type Node, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { nodes, pods } from '../../../../infra/local/nodes/resources.ts';
import { podSpec, startCluster } from './cluster.ts';

const place = { namespace: 'default' };

const statusWrites = (calls: readonly { user: string; path: string; method: string }[], name: string) =>
  calls.filter(({ path }) => path.endsWith(`/pods/${name}/status`));

test('a Node is registered as GKE does: provider id, zone, subnetwork, Ready', async () => {
  const { until } = await startCluster();
  const node = await until<Node>(nodes, 'n1', (found) => isTrue(found?.status, 'Ready'));
  expect(node?.spec?.providerID).toBe('gce://p/us-central1-a/vm1');
  expect(node?.metadata.labels).toMatchObject({
    'topology.kubernetes.io/zone': 'us-central1-a',
    'cloud.google.com/gke-node-pool-subnet': 'pool',
    'kubernetes.io/hostname': 'n1',
  });
});

test('a Pod is bound by the scheduler, runs with an IP of its node, and turns Ready', async () => {
  const { api, until, kubernetes } = await startCluster({ podStartMs: 100, podReadyMs: 100 });
  await api.create(pods, place, { metadata: { name: 'web' }, spec: podSpec });
  const pod = await until<Pod>(pods, 'default/web', (found) => isTrue(found?.status, 'Ready'));
  expect(pod?.status?.phase).toBe('Running');
  expect(pod?.status?.podIP).toMatch(pod?.spec.nodeName === 'n1' ? /^10\.8\.1\./ : /^10\.8\.2\./);
  const written = statusWrites(kubernetes.calls as never, 'web');
  expect(written.length).toBe(3);
});

test('the kubelet speaks as its node, by partial patches that carry the uid', async () => {
  const { api, until, kubernetes } = await startCluster({ podStartMs: 100, podReadyMs: 100 });
  const seen: { user: string; body: unknown }[] = [];
  kubernetes.onAudit((event) => {
    if (event.objectRef?.resource === 'pods' && event.objectRef.subresource === 'status')
      seen.push({ user: event.user.username, body: event.requestObject });
  });
  const made = await api.create<Pod>(pods, place, {
    metadata: { name: 'web' },
    spec: { ...podSpec, nodeName: 'n1' },
  });
  await until<Pod>(pods, 'default/web', (found) => isTrue(found?.status, 'Ready'));
  expect(seen.map(({ user }) => user)).toEqual(Array(3).fill('system:node:n1'));
  expect(seen.at(-1)?.body).toMatchObject({
    metadata: { uid: made.metadata.uid },
    status: {
      '$setElementOrder/conditions': [
        { type: 'PodReadyToStartContainers' },
        { type: 'Initialized' },
        { type: 'Ready' },
        { type: 'ContainersReady' },
      ],
      conditions: [
        { type: 'Ready', status: 'True', reason: null, message: null },
        { type: 'ContainersReady', status: 'True' },
      ],
    },
  });
});

test('a deleted Pod is not Ready before it is gone, and the node removes it without grace', async () => {
  const { api, until, kubernetes } = await startCluster();
  await api.create(pods, place, { metadata: { name: 'web' }, spec: podSpec });
  await until<Pod>(pods, 'default/web', (found) => isTrue(found?.status, 'Ready'));
  const before = kubernetes.calls.length;
  await api.remove(pods, { ...place, name: 'web' }, {});
  await until(pods, 'default/web', (found) => found === undefined);
  const later = kubernetes.calls.slice(before).filter(({ user }) => user.startsWith('system:node:'));
  expect(later.map(({ verb }) => verb).filter((verb) => verb === 'patch' || verb === 'delete')).toEqual([
    'patch',
    'delete',
  ]);
});

test('readiness follows the annotation, both ways', async () => {
  const { api, until } = await startCluster();
  const ready = (value: string) => ({
    metadata: { annotations: { 'local.persistent-ip.dev/ready': value } },
  });
  const name = { ...place, name: 'web' };
  await api.create(pods, place, { metadata: { name: 'web', ...ready('false').metadata }, spec: podSpec });
  await until<Pod>(
    pods,
    'default/web',
    (pod) => pod?.status?.podIP !== undefined && !isTrue(pod.status, 'Ready'),
  );
  await api.patch(pods, name, ready('true'));
  await until<Pod>(pods, 'default/web', (pod) => isTrue(pod?.status, 'Ready'));
  await api.patch(pods, name, ready('false'));
  await until<Pod>(pods, 'default/web', (pod) => !isTrue(pod?.status, 'Ready'));
});

test('a Pod on the host network has the IP of its node', async () => {
  const { api, until } = await startCluster();
  await api.create(pods, place, {
    metadata: { name: 'web' },
    spec: { ...podSpec, hostNetwork: true, nodeName: 'n2' },
  });
  const pod = await until<Pod>(pods, 'default/web', (found) => isTrue(found?.status, 'Ready'));
  expect(pod?.status?.podIP).toBe('10.128.0.2');
});

test('a Pod that may end does so with the phase its annotation says', async () => {
  const { api, until } = await startCluster();
  const annotations = {
    'local.persistent-ip.dev/exit': 'Failed',
    'local.persistent-ip.dev/exit-after': '10ms',
  };
  await api.create(pods, place, {
    metadata: { name: 'job', annotations },
    spec: { ...podSpec, restartPolicy: 'Never' },
  });
  const pod = await until<Pod>(pods, 'default/job', (found) => found?.status?.phase === 'Failed');
  expect(isTrue(pod?.status, 'Ready')).toBe(false);
});

test('after a reboot a Pod has its uid and another IP', async () => {
  const { api, until, nodes: machines } = await startCluster();
  await api.create(pods, place, { metadata: { name: 'web' }, spec: { ...podSpec, nodeName: 'n1' } });
  const before = await until<Pod>(pods, 'default/web', (found) => isTrue(found?.status, 'Ready'));
  machines.stopKubelet('n1');
  machines.startKubelet('n1');
  const after = await until<Pod>(
    pods,
    'default/web',
    (found) => isTrue(found?.status, 'Ready') && found?.status?.podIP !== before?.status?.podIP,
  );
  expect(after?.metadata.uid).toBe(before?.metadata.uid);
  expect(after?.status?.podIPs).toEqual([{ ip: after?.status?.podIP }]);
});
