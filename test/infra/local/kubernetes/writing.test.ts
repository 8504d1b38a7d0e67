import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, pod, pods, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

describe('creating', () => {
  it('gives an object its uid, time in whole seconds, generation and version', async () => {
    const { code, body } = await api.post(routes, route('nat'));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({
      name: 'nat',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
      generation: 1,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
    });
  });

  it('completes a generated name by five letters, and two never meet', async () => {
    const generated = { ...pod('x'), metadata: { generateName: 'nat-' } };
    const first = await api.post(pods, generated);
    const second = await api.post(pods, generated);
    expect(first.body.metadata.name).toMatch(/^nat-[a-z0-9]{5}$/);
    expect(second.body.metadata.name).not.toBe(first.body.metadata.name);
  });

  it('refuses a name that is taken: 409 AlreadyExists', async () => {
    await api.post(pods, pod('a'));
    const { code, body } = await api.post(pods, pod('a'));
    expect(code).toBe(409);
    expect(body).toMatchObject({
      kind: 'Status',
      reason: 'AlreadyExists',
      message: 'pods "a" already exists',
      details: { name: 'a', kind: 'pods' },
    });
  });

  it('refuses an absent namespace by its name: 404', async () => {
    const { code, body } = await api.post('/api/v1/namespaces/nowhere/pods', pod('a'));
    expect([code, body.message]).toEqual([404, 'namespaces "nowhere" not found']);
  });

  it('refuses another namespace than that of its path: 400', async () => {
    const { code } = await api.post(pods, { ...pod('a'), metadata: { name: 'a', namespace: 'kube-system' } });
    expect(code).toBe(400);
  });

  it('refuses another kind or version than that of its path: 400', async () => {
    expect((await api.post(pods, route('a'))).code).toBe(400);
    expect((await api.post(routes, { ...route('a'), apiVersion: 'networking.gke.io/v2' })).code).toBe(400);
  });

  it('says everything that is wrong with a name and its labels at once: 422', async () => {
    const { code, body } = await api.post(pods, { ...pod('A_b', { 'bad key': 'v' }) });
    expect(code).toBe(422);
    const causes = (body.details as { causes: { field: string }[] }).causes;
    expect(causes.map(({ field }) => field)).toEqual(['metadata.name', 'metadata.labels']);
  });

  it('ignores the status that a new object brings', async () => {
    const { body } = await api.post(routes, { ...route('nat'), status: { pods: ['thief'] } });
    expect(body.status).toBeUndefined();
    const made = await api.post(pods, { ...pod('a'), status: { phase: 'Running', podIP: '10.0.0.1' } });
    expect(made.body.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  it('stores nothing in a dry run', async () => {
    expect((await api.post(`${pods}?dryRun=All`, pod('a'))).code).toBe(201);
    expect((await api.get(`${pods}/a`)).code).toBe(404);
  });
});

describe('updating', () => {
  it('refuses a stale version: 409 Conflict, and nothing is overwritten', async () => {
    const { body: old } = await api.post(routes, route('nat'));
    const changed = await api.put(`${routes}/nat`, {
      ...old,
      spec: { ...(old.spec as object), network: 'blue' },
    });
    expect(changed.code).toBe(200);
    const { code, body } = await api.put(`${routes}/nat`, {
      ...old,
      spec: { ...(old.spec as object), network: 'red' },
    });
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect(body.message).toBe(
      'Operation cannot be fulfilled on gkeiproutes.networking.gke.io "nat": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect((await api.get(`${routes}/nat`)).body.spec).toMatchObject({ network: 'blue' });
  });

  it('wants a version of custom resources, and of Pods not', async () => {
    const { body: made } = await api.post(routes, route('nat'));
    const { resourceVersion: _, ...metadata } = made.metadata;
    expect((await api.put(`${routes}/nat`, { ...made, metadata })).code).toBe(422);
    const { body: other } = await api.post(pods, pod('a'));
    const labelled = { ...other, metadata: { name: 'a', labels: { app: 'nat' } } };
    expect((await api.put(`${pods}/a`, labelled)).code).toBe(200);
  });

  it('refuses the object of another uid: 409', async () => {
    const { body } = await api.post(pods, pod('a'));
    const other = { ...body, metadata: { ...body.metadata, uid: 'another' } };
    expect((await api.put(`${pods}/a`, other)).code).toBe(409);
  });

  it('counts a generation for a change of the spec, and for nothing else', async () => {
    const { body: first } = await api.post(routes, route('nat'));
    const labelled = await api.merge(`${routes}/nat`, { metadata: { labels: { a: 'b' } } });
    expect(labelled.body.metadata.generation).toBe(1);
    const reported = await api.merge(`${routes}/nat/status`, { status: { pods: ['nat-1'] } });
    expect(reported.body.metadata.generation).toBe(1);
    const changed = await api.merge(`${routes}/nat`, { spec: { reactionMode: 'Exists' } });
    expect(changed.body.metadata.generation).toBe(2);
    expect(changed.body.metadata.uid).toBe(first.metadata.uid);
  });

  it('changes no version when it changes nothing', async () => {
    const { body } = await api.post(routes, route('nat'));
    const again = await api.put(`${routes}/nat`, body);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  it('leaves the status alone on the main path, and the spec on /status', async () => {
    const { body } = await api.post(routes, route('nat'));
    const main = await api.put(`${routes}/nat`, { ...body, status: { pods: ['thief'] } });
    expect(main.body.status).toBeUndefined();
    const reported = await api.put(`${routes}/nat/status`, {
      ...body,
      metadata: { ...body.metadata, labels: { sneaked: 'in' } },
      spec: { ...(body.spec as object), network: 'blue' },
      status: { pods: ['nat-1'] },
    });
    expect(reported.body).toMatchObject({ spec: { network: 'default' }, status: { pods: ['nat-1'] } });
    expect(reported.body.metadata.labels).toBeUndefined();
  });

  it('keeps the spec of a Pod as it was made, its image apart', async () => {
    await api.post(pods, pod('a'));
    const moved = await api.strategic(`${pods}/a`, { spec: { nodeName: 'node-1' } });
    expect([moved.code, moved.body.reason]).toEqual([422, 'Invalid']);
    const patch = { spec: { containers: [{ name: 'app', image: 'example/app:2' }] } };
    expect((await api.strategic(`${pods}/a`, patch)).code).toBe(200);
  });

  it('of an absent object is a 404 Status that names it', async () => {
    const { code, body } = await api.merge(`${routes}/gone/status`, { status: {} });
    expect(code).toBe(404);
    expect(body).toMatchObject({
      reason: 'NotFound',
      details: { name: 'gone', group: 'networking.gke.io', kind: 'gkeiproutes' },
    });
  });
});
