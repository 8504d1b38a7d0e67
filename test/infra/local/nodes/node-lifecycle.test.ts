import { expect, test } from 'vitest';
import { conditionOf, isTrue, type Node, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { deployments, nodes, pods } from '../../../../infra/local/nodes/resources.ts';
import { evictAt } from '../../../../infra/local/nodes/taint-eviction.ts';
import { deployment, podSpec, startCluster } from './cluster.ts';

const place = { namespace: 'default' };
const controller = 'system:serviceaccount:kube-system:node-controller';

test('a silent node turns Unknown and its Pods not Ready, by updates of the node controller', async () => {
  const { api, until, nodes: machines, kubernetes } = await startCluster({ graceMs: 400 });
  await api.create(pods, place, { metadata: { name: 'web' }, spec: { ...podSpec, nodeName: 'n1' } });
  await until<Pod>(pods, 'default/web', (pod) => isTrue(pod?.status, 'Ready'));
  machines.stopKubelet('n1');
  const node = await until<Node>(nodes, 'n1', (found) => (found?.spec?.taints ?? []).length === 2);
  expect(conditionOf(node?.status, 'Ready')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
  });
  expect(node?.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ]);
  await until<Pod>(pods, 'default/web', (pod) => conditionOf(pod?.status, 'Ready')?.status === 'False');
  const updates = kubernetes.calls.filter(
    ({ user, method, path }) =>
      user === controller && method === 'PUT' && path.endsWith('/status') && !path.includes('/n2/'),
  );
  expect(updates.map(({ path }) => path)).toEqual([
    '/api/v1/nodes/n1/status',
    '/api/v1/namespaces/default/pods/web/status',
  ]);
});

test('a node that comes back loses its taints, and its Pods are Ready again', async () => {
  const { api, until, nodes: machines } = await startCluster({ graceMs: 400 });
  await api.create(pods, place, { metadata: { name: 'web' }, spec: { ...podSpec, nodeName: 'n1' } });
  await until<Pod>(pods, 'default/web', (pod) => isTrue(pod?.status, 'Ready'));
  machines.stopKubelet('n1');
  await until<Pod>(pods, 'default/web', (pod) => conditionOf(pod?.status, 'Ready')?.status === 'False');
  machines.startKubelet('n1');
  await until<Node>(
    nodes,
    'n1',
    (node) => isTrue(node?.status, 'Ready') && (node?.spec?.taints ?? []).length === 0,
  );
  await until<Pod>(pods, 'default/web', (pod) => isTrue(pod?.status, 'Ready'));
});

test('when the VM is gone, its Node and its Pods go, and the Deployment replaces them elsewhere', async () => {
  const { api, until, untilAll, nodes: machines } = await startCluster({ graceMs: 400 });
  await api.create(deployments, place, deployment('nat', 1));
  const [first] = await untilAll<Pod>(pods, ([pod]) => isTrue(pod?.status, 'Ready'));
  const lost = first?.spec.nodeName ?? '';
  machines.stopKubelet(lost, { vmGone: true });
  await until(nodes, lost, (node) => node === undefined);
  const after = await untilAll<Pod>(
    pods,
    (all) =>
      all.length === 1 && isTrue(all[0]?.status, 'Ready') && all[0]?.metadata.uid !== first?.metadata.uid,
  );
  expect(after[0]?.spec.nodeName).not.toBe(lost);
});

test('a Pod without patience is evicted from a silent node, and stays until the node is back', async () => {
  const { api, until, nodes: machines } = await startCluster({ graceMs: 400 });
  const tolerations = [
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 },
  ];
  await api.create(pods, place, {
    metadata: { name: 'web' },
    spec: { ...podSpec, nodeName: 'n1', tolerations },
  });
  await until<Pod>(pods, 'default/web', (pod) => isTrue(pod?.status, 'Ready'));
  machines.stopKubelet('n1');
  const leaving = await until<Pod>(
    pods,
    'default/web',
    (pod) => pod?.metadata.deletionTimestamp !== undefined,
  );
  expect(conditionOf(leaving?.status, 'DisruptionTarget')?.reason).toBe('DeletionByTaintManager');
  machines.startKubelet('n1');
  await until(pods, 'default/web', (pod) => pod === undefined);
});

const tainted = (...taints: object[]) => ({ metadata: {}, spec: { taints } }) as never as Node;
const tolerating = (...tolerations: object[]) => ({ metadata: {}, spec: { tolerations } }) as never as Pod;
const taint = { key: 'k', effect: 'NoExecute', timeAdded: '1970-01-01T00:00:10Z' };

test.each([
  ['no taint keeps it', tolerating(), tainted(), undefined],
  ['a taint that it does not tolerate: now', tolerating(), tainted(taint), 60_000],
  ['tolerated for ever: never', tolerating({ key: 'k', operator: 'Exists' }), tainted(taint), undefined],
  [
    'tolerated for a while: after it, from when the taint came',
    tolerating({ key: 'k', operator: 'Exists', tolerationSeconds: 300 }),
    tainted(taint),
    310_000,
  ],
  ['NoSchedule evicts nobody', tolerating(), tainted({ ...taint, effect: 'NoSchedule' }), undefined],
])('eviction: %s', (_, pod, node, at) => {
  expect(evictAt(pod, node, 60_000)).toBe(at);
});
