import { describe, expect, it } from 'vitest';
import { deployment, deployments } from './api.ts';
import {
  anEmptyApi,
  api,
  applyAs,
  container,
  containersOf,
  part,
  setOf,
  web,
  withContainers,
} from './applying.ts';

anEmptyApi();

describe('what is applied no longer', () => {
  it('goes: a field, an item, and all around it that nobody owns', async () => {
    await applyAs('me', web, {
      ...withContainers(container('app'), container('side')),
      metadata: { name: 'web', labels: { a: '1' }, annotations: { a: '1' } },
    });
    const { body } = await applyAs('me', web, {
      ...withContainers(container('app')),
      metadata: { name: 'web', labels: { b: '1' } },
    });
    expect(containersOf(body).map(({ name }) => name)).toEqual(['app']);
    expect([body.metadata.labels, body.metadata.annotations]).toEqual([{ b: '1' }, undefined]);
  });

  it('stays where another owns it, and is that one’s alone', async () => {
    await applyAs('one', web, withContainers(container('app'), container('side')));
    await applyAs('two', web, part({ template: { spec: { containers: [container('side')] } } }));
    const { body } = await applyAs('one', web, withContainers(container('app')));
    expect(containersOf(body).map(({ name }) => name)).toEqual(['app', 'side']);
    expect(JSON.stringify(setOf(body, 'one'))).not.toContain('side');
  });

  it('falls back to the default, if it has one', async () => {
    await applyAs('me', web, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 3 },
    });
    const { body } = await applyAs('me', web, deployment('web'));
    expect(body.spec).toMatchObject({ replicas: 1 });
  });

  it('never was the applier’s if the server filled it: defaults stay', async () => {
    await applyAs('me', web, deployment('web'));
    const { body } = await applyAs('me', web, {
      ...deployment('web'),
      metadata: { name: 'web', labels: { a: '1' } },
    });
    expect(containersOf(body)[0]).toMatchObject({ imagePullPolicy: 'IfNotPresent' });
    expect(body.metadata.generation).toBe(1);
  });

  it('goes with its manager’s entry when nothing is left of it', async () => {
    await api.post(deployments, deployment('web'));
    await applyAs('me', web, part({ minReadySeconds: 5 }));
    const { apiVersion, kind, metadata } = part({});
    const { body } = await applyAs('me', web, { apiVersion, kind, metadata } as object);
    expect(body.spec).not.toHaveProperty('minReadySeconds');
    expect(setOf(body, 'me')).toBeUndefined();
  });
});

describe('an object that nobody owns any more', () => {
  it('keeps its name, and is without owners', async () => {
    const path = '/api/v1/namespaces/default/configmaps/c';
    const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    await applyAs('me', path, { ...bare, metadata: { name: 'c', labels: { a: 'b' } }, data: { a: '1' } });
    const { code, body } = await applyAs('me', path, bare);
    expect([code, body.data, body.metadata.labels, body.metadata.managedFields]).toEqual([
      200,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
