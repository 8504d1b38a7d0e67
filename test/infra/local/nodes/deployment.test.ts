import { expect, test } from 'vitest';
import { isTrue, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { deployments, pods, replicaSets } from '../../../../infra/local/nodes/resources.ts';
import type { Deployment, ReplicaSet } from '../../../../infra/local/nodes/workloads.ts';
import { deployment, startCluster } from './cluster.ts';

const place = { namespace: 'default' };
const restart = { spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } };

const isDone =
  (wanted: number) =>
  (found: Deployment | undefined): boolean => {
    const status = found?.status as Record<string, number> | undefined;
    return (
      status?.availableReplicas === wanted &&
      status.updatedReplicas === wanted &&
      status.replicas === wanted &&
      status.observedGeneration === found?.metadata.generation
    );
  };

test('a Deployment makes its Pods, spread over the nodes', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(deployments, place, deployment('nat', 2));
  await until<Deployment>(deployments, 'default/nat', isDone(2));
  const made = await untilAll<Pod>(pods, (all) => all.length === 2);
  expect(new Set(made.map(({ spec }) => spec.nodeName))).toEqual(new Set(['n1', 'n2']));
});

test('a rollout replaces every Pod and keeps enough of them available', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(
    deployments,
    place,
    deployment('nat', 2, {
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    }),
  );
  await until<Deployment>(deployments, 'default/nat', isDone(2));
  const before = await untilAll<Pod>(pods, () => true);
  let fewest = 2;
  void untilAll<Pod>(pods, (all) => {
    fewest = Math.min(fewest, all.filter((pod) => isTrue(pod.status, 'Ready')).length);
    return false;
  });
  await api.patch(deployments, { ...place, name: 'nat' }, restart);
  await until<Deployment>(
    deployments,
    'default/nat',
    (found) => isDone(2)(found) && found?.metadata.generation === 2,
  );
  const after = await untilAll<Pod>(pods, (all) => all.length === 2);
  const uids = new Set(before.map(({ metadata }) => metadata.uid));
  expect(after.some(({ metadata }) => uids.has(metadata.uid))).toBe(false);
  expect(fewest).toBe(2);
});

test('Recreate makes the new Pod only when the old one is gone', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(deployments, place, deployment('nat', 1, { strategy: { type: 'Recreate' } }));
  await until<Deployment>(deployments, 'default/nat', isDone(1));
  let most = 1;
  void untilAll<Pod>(pods, (all) => {
    most = Math.max(most, all.length);
    return false;
  });
  await api.patch(deployments, { ...place, name: 'nat' }, restart);
  await until<Deployment>(
    deployments,
    'default/nat',
    (found) => isDone(1)(found) && found?.metadata.generation === 2,
  );
  expect(most).toBe(1);
});

test('a deleted Deployment takes its ReplicaSets and Pods along', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(deployments, place, deployment('nat', 2));
  await until<Deployment>(deployments, 'default/nat', isDone(2));
  await api.remove(deployments, { ...place, name: 'nat' }, {});
  await untilAll<ReplicaSet>(replicaSets, (all) => all.length === 0);
  await untilAll<Pod>(pods, (all) => all.length === 0);
});

test('foreground deletion removes the Deployment after its Pods', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(deployments, place, deployment('nat', 1));
  await until<Deployment>(deployments, 'default/nat', isDone(1));
  await api.remove(deployments, { ...place, name: 'nat' }, { propagationPolicy: 'Foreground' });
  await until(deployments, 'default/nat', (found) => found === undefined);
  expect(await untilAll<Pod>(pods, (all) => all.length === 0)).toEqual([]);
});

test('nothing is written when nothing changes', async () => {
  const { api, until, kubernetes } = await startCluster({ leaseMs: 40 });
  await api.create(deployments, place, deployment('nat', 2));
  await until<Deployment>(deployments, 'default/nat', isDone(2));
  const before = kubernetes.calls.length;
  let renewals = 0;
  await new Promise<void>((resolve) => {
    kubernetes.onCall(({ path }) => {
      if (path.includes('/leases/') && ++renewals === 10) resolve();
    });
  });
  const writes = kubernetes.calls
    .slice(before)
    .filter(
      ({ path, verb }) =>
        !path.includes('/leases/') && ['create', 'update', 'patch', 'delete'].includes(verb),
    );
  expect(writes.map(({ verb, path }) => `${verb} ${path}`)).toEqual([]);
});
