import { expect, test } from 'vitest';
import { chooseNode } from '../../../../infra/local/nodes/choose-node.ts';
import { conditionOf, type Node, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { nodes, pods } from '../../../../infra/local/nodes/resources.ts';
import { podSpec, startCluster } from './cluster.ts';

const node = (name: string, spec: Node['spec'] = {}, labels = {}): Node => ({
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name, ...labels },
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '',
  },
  spec,
});

const pod = (name: string, spec: Pod['spec'] = {}, owner?: string): Pod => ({
  metadata: {
    name,
    namespace: 'default',
    labels: { app: owner ?? name },
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '',
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true },
          ],
        }),
  },
  spec,
});

const chosen = (...args: Parameters<typeof chooseNode>): string => {
  const choice = chooseNode(...args);
  return choice.kind === 'node' ? choice.name : choice.message;
};

test('Pods of one owner spread before load counts', () => {
  const placed = [
    pod('a', { nodeName: 'n1' }, 'rs'),
    pod('b', { nodeName: 'n2' }),
    pod('c', { nodeName: 'n2' }),
  ];
  expect(chosen(pod('d', {}, 'rs'), [node('n1'), node('n2')], placed)).toBe('n2');
  expect(chosen(pod('d'), [node('n1'), node('n2')], placed)).toBe('n1');
});

test('a Pod that is over is no load', () => {
  const done = { ...pod('a', { nodeName: 'n1' }), status: { phase: 'Succeeded' } };
  expect(chosen(pod('d'), [node('n1'), node('n2')], [done, pod('b', { nodeName: 'n2' })])).toBe('n1');
});

test('cordons, taints and labels keep a Pod away, and the message counts them', () => {
  const nodes = [
    node('n1', { unschedulable: true }),
    node('n2', { taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] }),
    node('n3'),
  ];
  expect(chosen(pod('d', { nodeSelector: { disk: 'ssd' } }), nodes, [])).toBe(
    "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {k: v}, 1 node(s) were unschedulable.",
  );
});

test('a toleration admits to a tainted node', () => {
  const nodes = [node('n2', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] })];
  expect(chosen(pod('d', { tolerations: [{ key: 'k', operator: 'Equal', value: 'v' }] }), nodes, [])).toBe(
    'n2',
  );
});

test('required anti-affinity by host keeps Pods apart, whichever of them asks for it', () => {
  const apart = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
        ],
      },
    },
  };
  const x = { ...pod('x', { nodeName: 'n1' }) };
  const refused = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.";
  expect(chosen(pod('d', apart), [node('n1')], [x])).toBe(refused);
  expect(chosen(pod('x'), [node('n1')], [pod('d', { ...apart, nodeName: 'n1' })])).toBe(refused);
});

test('a Pod that fits nowhere is told once, and bound when a Node admits it', async () => {
  const { api, until, kubernetes } = await startCluster();
  await api.create(
    pods,
    { namespace: 'default' },
    { metadata: { name: 'web' }, spec: { ...podSpec, nodeSelector: { disk: 'ssd' } } },
  );
  const waiting = await until<Pod>(
    pods,
    'default/web',
    (found) => conditionOf(found?.status, 'PodScheduled') !== undefined,
  );
  expect(conditionOf(waiting?.status, 'PodScheduled')).toMatchObject({
    status: 'False',
    reason: 'Unschedulable',
  });
  await api.patch(nodes, { name: 'n2' }, { metadata: { labels: { disk: 'ssd' } } });
  const bound = await until<Pod>(pods, 'default/web', (found) => found?.spec.nodeName !== undefined);
  expect(bound?.spec.nodeName).toBe('n2');
  const told = kubernetes.calls.filter(
    ({ user, verb }) => user === 'system:kube-scheduler' && verb === 'patch',
  );
  expect(told.length).toBe(1);
});
