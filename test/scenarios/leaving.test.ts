import { afterEach, beforeEach, expect, it } from 'vitest';
import { Kubectl, missing } from '../infra/local/kubernetes/kubectl.ts';
import { onTheRightPod } from './holders.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
  );
});
afterEach(() => stage.close());

const deployment = (replicas: number, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'nat', namespace: 'edge' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'nat' } },
    template: {
      metadata: { labels: { app: 'nat' } },
      spec: { containers: [{ name: 'c', image: 'c' }], ...spec },
    },
  },
});
const available = (replicas: number): Promise<void> =>
  stage.when('/apis/apps/v1/namespaces/edge/deployments/nat', `has ${replicas} available`, ({ status }) =>
    [status?.availableReplicas, status?.replicas].every((count) => count === replicas),
  );
const cordon = (node: string, unschedulable: boolean): Promise<unknown> =>
  stage.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable } });

it('a leader Pod that is deleted with no grace at all gives its addresses to the Pod before it, by that one event', async () => {
  await stage.apply(pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.apply(pod('nat-2', 'edge'));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  await stage.delete(`${paths.pod('edge', 'nat-2')}?gracePeriodSeconds=0`);
  await onTheRightPod(stage, 'edge', 'nat');
  expect(stage.history('nat')).toMatchObject([
    { action: 'allocate', to: { pod: 'nat-1' } },
    { action: 'move', from: { pod: 'nat-1' }, to: { pod: 'nat-2' } },
    {
      action: 'move',
      from: { pod: 'nat-2' },
      to: { pod: 'nat-1' },
      cause: { method: 'io.k8s.core.v1.pods.delete' },
    },
  ]);
});

it.skipIf(missing !== undefined)(
  'kubectl drain empties a node as fast as its budget allows, and the addresses leave it',
  async () => {
    const [home = '', ...others] = stage.cloud.vms.map(({ name }) => name);
    for (const node of others) await cordon(node, true);
    await stage.apply(deployment(2), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'nat', namespace: 'edge' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'nat' } } },
    });
    await available(2);
    await onTheRightPod(stage, 'edge', 'nat');
    expect((await stage.route('edge', 'nat'))?.node).toBe(home);
    for (const node of others) await cordon(node, false);
    await stage.when(
      '/apis/policy/v1/namespaces/edge/poddisruptionbudgets/nat',
      'allows a disruption',
      ({ status }) => status?.disruptionsAllowed === 1,
    );
    const kubectl = await Kubectl.start(stage.cloud, [{ name: 'admin', groups: ['system:masters'] }]);
    try {
      await kubectl.say(`drain ${home} --ignore-daemonsets --timeout=50s`);
    } finally {
      await kubectl.end();
    }
    await available(2);
    await onTheRightPod(stage, 'edge', 'nat');
    expect((await stage.route('edge', 'nat'))?.node).not.toBe(home);
  },
);

it('a node whose kubelet stops loses its Pods to another node when they have been patient long enough', async () => {
  const patience = ['not-ready', 'unreachable'].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 1,
  }));
  await stage.apply(deployment(1, { tolerations: patience }));
  await available(1);
  const before = await onTheRightPod(stage, 'edge', 'nat');
  const { node = '' } = (await stage.route('edge', 'nat')) ?? {};
  stage.cloud.nodes.stopKubelet(node);
  // Its VM runs on: nothing but Kubernetes can tell, once the node controller has missed enough heartbeats.
  await stage.nodeNotReady(node);
  await stage.until('edge', 'nat', 'on another node', ({ node: now, ready }) => ready && now !== node);
  const after = await onTheRightPod(stage, 'edge', 'nat');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
});

const exitAfter = (time: string) => ({ 'local.persistent-ip.dev/exit-after': time });

it('a Job’s Pod holds the addresses while it runs, and gives them back when it has finished', async () => {
  await stage.apply(pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.apply({
    apiVersion: 'batch/v1',
    kind: 'Job',
    // Of two Pods that were created in one second the greater name counts as newer.
    metadata: { name: 'once', namespace: 'edge' },
    spec: {
      template: {
        metadata: { labels: { app: 'nat' }, annotations: exitAfter('10m') },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] },
      },
    },
  });
  const { pod: worker = '' } = await stage.until(
    'edge',
    'nat',
    'on the Job’s Pod',
    ({ pod: holder, ready }) => Boolean(ready && holder?.startsWith('once-')),
  );
  await stage.patch(paths.pod('edge', worker), { metadata: { annotations: exitAfter('0ms') } });
  await stage.ready('edge', 'nat', 'nat-1');
  await onTheRightPod(stage, 'edge', 'nat');
  expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'move', 'move']);
});
