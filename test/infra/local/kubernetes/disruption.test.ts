import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, Api, pod, pods } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const budget = (spec: JsonObject, name = 'nat'): JsonObject => ({
  metadata: { name },
  spec: { selector: { matchLabels: { app: 'nat' } }, ...spec },
});
const running = async (name: string, ready: boolean, owner?: JsonObject): Promise<void> => {
  const { metadata, ...rest } = pod(name, { app: 'nat' });
  await api.post(pods, { ...rest, metadata: { ...(metadata as JsonObject), ...owner } });
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  await api.merge(`${pods}/${name}/status`, { status: { phase: 'Running', conditions } });
};
const evict = (name: string): Promise<Answer> =>
  api.post(`${pods}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });

describe('an eviction', () => {
  it('is refused while the budget needs the Pod, and says which budget: 429', async () => {
    await running('a', true);
    await running('b', true);
    await api.post(budgets, budget({ minAvailable: 1 }));
    expect((await evict('a')).code).toBe(201);
    const { code, body } = await evict('b');
    expect([code, body.message]).toEqual([
      429,
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    expect(body.details).toMatchObject({
      causes: [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget nat needs 1 healthy pods and has 1 currently',
        },
      ],
    });
  });

  it('of a Pod that is not ready passes while enough others are', async () => {
    await running('a', true);
    await running('b', false);
    await api.post(budgets, budget({ minAvailable: 1 }));
    expect([(await evict('b')).code, (await evict('a')).code]).toEqual([201, 429]);
  });

  it('counts a share against what the controller of the Pods wants', async () => {
    const { body } = await api.post('/apis/apps/v1/namespaces/default/replicasets', {
      metadata: { name: 'nat' },
      spec: {
        replicas: 4,
        selector: { matchLabels: { app: 'nat' } },
        template: {
          metadata: { labels: { app: 'nat' } },
          spec: { containers: [{ name: 'app', image: 'example/app:1' }] },
        },
      },
    });
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'nat',
      uid: body.metadata.uid,
      controller: true,
    };
    for (const name of ['a', 'b', 'c']) await running(name, true, { ownerReferences: [owner] });
    await api.post(budgets, budget({ maxUnavailable: '50%' }));
    expect((await api.get(`${budgets}/nat`)).body.status).toMatchObject({
      expectedPods: 4,
      desiredHealthy: 2,
      currentHealthy: 3,
      disruptionsAllowed: 1,
    });
  });

  it('of a Pod under two budgets is an error of the server', async () => {
    await running('a', true);
    await api.post(budgets, budget({ minAvailable: 0 }));
    await api.post(budgets, budget({ minAvailable: 0 }, 'other'));
    expect((await evict('a')).code).toBe(500);
  });
});

describe('a budget', () => {
  it('says either how many stay or how many may go', async () => {
    const { code, body } = await api.post(budgets, budget({ minAvailable: 1, maxUnavailable: 1 }));
    expect([code, body.message]).toEqual([
      422,
      expect.stringContaining('minAvailable and maxUnavailable cannot be both set'),
    ]);
    expect((await api.post(budgets, budget({ minAvailable: 'most' }))).code).toBe(422);
  });
});
