import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, deployment, deployments, nodes, pod, pods, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const bound = async (name: string): Promise<void> => {
  await api.post(pods, pod(name));
  await api.post(`${pods}/${name}/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { kind: 'Node', name: 'node-1' },
  });
};

describe('deleting', () => {
  it('takes a Pod that is on no node at once', async () => {
    await api.post(pods, pod('a'));
    const { code, body } = await api.delete(`${pods}/a`);
    expect([code, body.kind]).toEqual([200, 'Pod']);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
  });

  it('lets a Pod on a node end: it goes when its kubelet says so with grace 0', async () => {
    await bound('a');
    const { body } = await api.delete(`${pods}/a`);
    expect(body.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    expect((await api.delete(`${pods}/a`, { gracePeriodSeconds: 60 })).body.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
    });
    expect((await api.delete(`${pods}/a`, { gracePeriodSeconds: 0 })).code).toBe(200);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
  });

  it('may only shorten the time that a Pod has left', async () => {
    await bound('a');
    await api.delete(`${pods}/a`);
    const { body } = await api.delete(`${pods}/a?gracePeriodSeconds=5`);
    expect(body.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    });
  });

  it('takes a finished Pod at once, wherever it ran', async () => {
    await bound('a');
    await api.strategic(`${pods}/a/status`, { status: { phase: 'Succeeded' } });
    await api.delete(`${pods}/a`);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
  });

  it('waits for every finalizer, and ends with the last', async () => {
    const finalizers = ['persistent-ip.dev/release', 'example.com/other'];
    await api.post(routes, { ...route('nat'), metadata: { name: 'nat', finalizers } });
    const { body } = await api.delete(`${routes}/nat`);
    expect(body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', generation: 2 });
    await api.merge(`${routes}/nat`, { metadata: { finalizers: ['persistent-ip.dev/release'] } });
    expect((await api.get(`${routes}/nat`)).code).toBe(200);
    await api.merge(`${routes}/nat`, { metadata: { finalizers: [] } });
    expect((await api.get(`${routes}/nat`)).code).toBe(404);
  });

  it('admits no new finalizer on an object that is being deleted', async () => {
    await api.post(routes, { ...route('nat'), metadata: { name: 'nat', finalizers: ['example.com/one'] } });
    await api.delete(`${routes}/nat`);
    const late = await api.merge(`${routes}/nat`, {
      metadata: { finalizers: ['example.com/one', 'example.com/two'] },
    });
    expect(late.code).toBe(422);
    expect(late.body.message).toContain('no new finalizers can be added if the object is being deleted');
  });

  it('spares an object of another uid or version', async () => {
    const { body } = await api.post(routes, route('nat'));
    expect((await api.delete(`${routes}/nat`, { preconditions: { uid: 'another' } })).code).toBe(409);
    expect((await api.delete(`${routes}/nat`, { preconditions: { resourceVersion: '1' } })).code).toBe(409);
    const { uid } = body.metadata;
    const { code, body: status } = await api.delete(`${routes}/nat`, { preconditions: { uid } });
    expect(code).toBe(200);
    expect(status).toMatchObject({ kind: 'Status', status: 'Success', details: { name: 'nat', uid } });
  });

  it('leaves dependants to the garbage collector by a finalizer of its own', async () => {
    await api.post(deployments, deployment('nat'));
    await api.delete(`${deployments}/nat?propagationPolicy=Foreground`);
    const { body } = await api.get(`${deployments}/nat`);
    expect(body.metadata.finalizers).toEqual(['foregroundDeletion']);
    await api.post(deployments, deployment('other'));
    await api.delete(`${deployments}/other`, { propagationPolicy: 'Orphan' });
    expect((await api.get(`${deployments}/other`)).body.metadata.finalizers).toEqual(['orphan']);
  });

  it('of a collection takes what its selector selects', async () => {
    await api.post(pods, pod('a', { app: 'x' }));
    await api.post(pods, pod('b', { app: 'y' }));
    await api.delete(`${pods}?labelSelector=app%3Dx`);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
    expect((await api.get(`${pods}/b`)).code).toBe(200);
  });

  it('over all namespaces is not offered', async () => {
    expect((await api.delete('/api/v1/pods')).code).toBe(405);
  });
});

describe('a Namespace', () => {
  const edge = '/api/v1/namespaces/edge';
  beforeEach(() =>
    api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge' } }),
  );

  it('carries its name as a label', async () => {
    expect((await api.get(edge)).body.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'edge' });
  });

  it('takes what is in it along, and goes after it', async () => {
    const path = '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes';
    await api.post(`${edge}/pods`, pod('a'));
    await api.post(path, { ...route('nat'), metadata: { name: 'nat', finalizers: ['example.com/one'] } });
    const gone = await api.watch('/api/v1/namespaces?fieldSelector=metadata.name%3Dedge&resourceVersion=0');
    const { body } = await api.delete(edge);
    expect(body.status).toEqual({ phase: 'Terminating' });
    const refused = await api.post(`${edge}/pods`, pod('b'));
    expect(refused.code).toBe(403);
    expect(refused.body.message).toContain('because it is being terminated');
    await api.merge(`${path}/nat`, { metadata: { finalizers: null } });
    expect(await gone.take(3)).toEqual(['ADDED edge', 'MODIFIED edge', 'DELETED edge']);
    expect((await api.get(`${edge}/pods/a`)).code).toBe(404);
    expect((await api.get(edge)).code).toBe(404);
  });

  it('of the system is not deleted', async () => {
    expect((await api.delete('/api/v1/namespaces/kube-system')).code).toBe(403);
  });
});

describe('a Pod', () => {
  it('is bound once, becomes scheduled by it, and its generation stays', async () => {
    await bound('a');
    const { body } = await api.get(`${pods}/a`);
    expect(body).toMatchObject({
      spec: { nodeName: 'node-1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    expect(body.metadata.generation).toBe(1);
    const again = await api.post(`${pods}/a/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'a' },
      target: { kind: 'Node', name: 'node-2' },
    });
    expect([again.code, again.body.reason]).toEqual([409, 'Conflict']);
  });

  it('is evicted as it is deleted', async () => {
    await bound('a');
    const { code } = await api.post(`${pods}/a/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'a' },
    });
    expect(code).toBe(201);
    expect((await api.get(`${pods}/a`)).body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:30Z');
  });
});

describe('a Node', () => {
  it('registers itself with its status, as kubelets do', async () => {
    const { body } = await api.post(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
    expect(body.status).toMatchObject({ conditions: [{ type: 'Ready', status: 'True' }] });
    expect(body.metadata.generation).toBeUndefined();
  });
});

describe('a Deployment', () => {
  it('has the defaults of the real one', async () => {
    const { body } = await api.post(deployments, deployment('nat'));
    expect(body.spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30 } },
    });
  });

  it('selects the Pods of its own template, for ever', async () => {
    const stranger = deployment('nat', { selector: { matchLabels: { app: 'other' } } });
    expect((await api.post(deployments, stranger)).code).toBe(422);
    await api.post(deployments, deployment('nat'));
    const selector = { matchLabels: { app: 'nat', tier: 'x' } };
    const template = { metadata: { labels: { app: 'nat', tier: 'x' } } };
    const { code, body } = await api.strategic(`${deployments}/nat`, { spec: { selector, template } });
    expect(code).toBe(422);
    expect(body.message).toContain('field is immutable');
  });

  it('is scaled by its scale, in one number', async () => {
    await api.post(deployments, deployment('nat'));
    const { body } = await api.merge(`${deployments}/nat/scale`, { spec: { replicas: 3 } });
    expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { selector: 'app=nat' } });
    expect((await api.get(`${deployments}/nat`)).body).toMatchObject({
      spec: { replicas: 3 },
      metadata: { generation: 2 },
    });
  });
});
