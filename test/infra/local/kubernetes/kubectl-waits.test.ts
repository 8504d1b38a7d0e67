import { describe, expect, it } from 'vitest';
import { deployment, deployments, nodes, pod, pods, route, routes } from './api.ts';
import { missing } from './kubectl.ts';
import { aCluster, api, kubectl, node, ready } from './kubectl-cluster.ts';

/** Ends evicted Pods as their kubelet would. */
const endEvicted = (): void => {
  api.kubernetes.onAudit(({ objectRef: { subresource, name }, responseStatus: { code } }) => {
    if (subresource === 'eviction' && code === 201) void api.delete(`${pods}/${name}?gracePeriodSeconds=0`);
  });
};

aCluster();

describe.skipIf(missing !== undefined)('kubectl waits', () => {
  it('for a condition', async () => {
    await api.post(routes, route('nat'));
    const wait = await kubectl.watching('wait --for=condition=Ready gkeipr/nat --timeout=20s');
    await api.merge(`${routes}/nat/status`, { status: ready('True') });
    expect(await wait.line()).toBe('gkeiproute.networking.gke.io/nat condition met');
    expect(await wait.ended()).toBe(0);
  });

  it('until a rollout is complete', async () => {
    await api.post(deployments, deployment('web', { replicas: 1 }));
    const rollout = await kubectl.watching('rollout status deployment/web --timeout=20s');
    const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
    await api.merge(`${deployments}/web/status`, { status: { observedGeneration: 1, ...counts } });
    expect(await rollout.ended()).toBe(0);
  });

  it('until the last finalizer of what it deletes is gone', async () => {
    await api.post(routes, { ...route('nat'), metadata: { name: 'nat', finalizers: ['example.com/hold'] } });
    const deletion = await kubectl.watching('delete gkeipr nat --timeout=20s');
    await api.merge(`${routes}/nat`, { metadata: { finalizers: null } });
    expect(await deletion.ended()).toBe(0);
    expect((await api.get(`${routes}/nat`)).code).toBe(404);
  });

  it('until a node is empty: cordoned, its Pods evicted, and gone', async () => {
    endEvicted();
    await api.post(nodes, node('node-1'));
    for (const name of ['a', 'b']) await api.post(pods, pod(name, {}, { nodeName: 'node-1' }));
    await api.post(pods, pod('elsewhere'));
    expect(await kubectl.say('drain node-1 --force --timeout=20s')).toContain('node/node-1 drained');
    expect(await kubectl.say('get pods -o name')).toBe('pod/elsewhere');
    expect(await kubectl.table('get node node-1 --no-headers')).toEqual([
      'node-1 Unknown,SchedulingDisabled <none> 0s',
    ]);
    await kubectl.say('uncordon node-1');
    expect((await api.get(`${nodes}/node-1`)).body.spec).not.toHaveProperty('unschedulable');
  });

  it('for a node in vain while a budget keeps its Pods', async () => {
    endEvicted();
    await api.post(nodes, node('node-1'));
    await api.post(pods, pod('a', { app: 'nat' }, { nodeName: 'node-1' }));
    await api.merge(`${pods}/a/status`, { status: { phase: 'Running', ...ready('True') } });
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'nat' } } };
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'nat' }, spec };
    await kubectl.say('create -f', kubectl.file('budget.yaml', budget));
    expect(await kubectl.table('get pdb nat --no-headers')).toEqual(['nat 1 N/A 0 0s']);
    const { code, err } = await kubectl.run('drain node-1 --force --timeout=1s');
    expect([code, err]).toEqual([1, expect.stringContaining("violate the pod's disruption budget")]);
    expect(await kubectl.say('get pods -o name')).toBe('pod/a');
  });
});
