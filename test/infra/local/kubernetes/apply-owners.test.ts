import { beforeEach, describe, expect, it } from 'vitest';
import { deployment, deployments, route, routes } from './api.ts';
import {
  anEmptyApi,
  api,
  apply,
  applyAs,
  container,
  containersOf,
  entries,
  message,
  part,
  setOf,
  web,
} from './applying.ts';

anEmptyApi();

describe('an apply', () => {
  it('creates what is not there, and owns exactly what it named', async () => {
    const { code, body } = await applyAs('me', web, deployment('web'));
    expect(code).toBe(201);
    expect(entries(body)).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {} } },
              },
            },
          },
        },
      },
    ]);
  });

  it('of the same again writes nothing', async () => {
    const { body } = await applyAs('me', web, deployment('web'));
    api.clock.pass(60_000);
    const again = await applyAs('me', web, deployment('web'));
    expect([again.code, again.body]).toEqual([200, body]);
  });

  it('of what the server has completed since writes nothing either', async () => {
    const { body } = await applyAs('me', `${routes}/nat`, route('nat'));
    api.clock.pass(60_000);
    expect((await applyAs('me', `${routes}/nat`, route('nat'))).body).toEqual(body);
  });

  it('merges into what others wrote, and leaves them theirs', async () => {
    await api.post(deployments, deployment('web'));
    const { body } = await applyAs('me', web, part({ replicas: 1 }, { labels: { team: 'a' } }));
    expect([body.metadata.labels, containersOf(body).length]).toEqual([{ team: 'a' }, 1]);
    expect(setOf(body, 'me')).toEqual({
      'f:metadata': { 'f:labels': { 'f:team': {} } },
      'f:spec': { 'f:replicas': {} },
    });
    expect(entries(body).map(({ operation }) => operation)).toEqual(['Apply', 'Update']);
  });

  it('of a field that another owns with the same value shares it', async () => {
    await applyAs('one', web, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 2 },
    });
    const { body } = await applyAs('two', web, part({ replicas: 2 }));
    expect(setOf(body, 'one')).toMatchObject({ 'f:spec': { 'f:replicas': {} } });
    expect(setOf(body, 'two')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('with dryRun says what would be, and stores nothing', async () => {
    const { code, body } = await apply(web, deployment('web'), 'fieldManager=me&dryRun=All');
    expect([code, body.metadata.name]).toEqual([201, 'web']);
    expect((await api.get(web)).code).toBe(404);
  });

  it('to an object without owners counts all before it as one manager', async () => {
    await api.post(routes, route('nat'));
    await api.merge(`${routes}/nat`, { metadata: { managedFields: [{}] } });
    const { body } = await applyAs('me', `${routes}/nat`, {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GKEIPRoute',
      metadata: { name: 'nat', labels: { a: 'b' } },
    });
    expect(entries(body).map(({ manager, operation }) => [manager, operation])).toEqual([
      ['me', 'Apply'],
      ['before-first-apply', 'Update'],
    ]);
  });
});

describe('a conflict', () => {
  beforeEach(async () => {
    await api.post(`${deployments}?fieldManager=kubectl`, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 1 },
    });
  });

  it('names the field and its owner, and writes nothing', async () => {
    const { code, body } = await applyAs('me', web, part({ replicas: 3 }));
    expect(code).toBe(409);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl" using apps/v1',
            field: '.spec.replicas',
          },
        ],
      },
      code: 409,
    });
    expect((await api.get(web)).body.spec).toMatchObject({ replicas: 1 });
  });

  it('names every field of every owner', async () => {
    await applyAs('scaler', web, part({ minReadySeconds: 5 }));
    const spec = {
      replicas: 3,
      minReadySeconds: 6,
      template: { spec: { containers: [container('app', { image: 'other' })] } },
    };
    expect(message(await applyAs('me', web, part(spec)))).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "kubectl" using apps/v1:',
        '- .spec.replicas',
        '- .spec.template.spec.containers[name="app"].image',
        'conflicts with "scaler":',
        '- .spec.minReadySeconds',
      ].join('\n'),
    );
  });

  it('is with a subresource where the owner wrote by one', async () => {
    await api.merge(`${web}/scale?fieldManager=scaler`, { spec: { replicas: 2 } });
    expect(message(await applyAs('me', web, part({ replicas: 3 })))).toBe(
      'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it('with force takes the field from its owner', async () => {
    const { code, body } = await apply(web, part({ replicas: 3 }), 'fieldManager=me&force=true');
    expect([code, body.spec]).toMatchObject([200, { replicas: 3 }]);
    expect(setOf(body, 'kubectl')).not.toMatchObject({ 'f:spec': { 'f:replicas': {} } });
    expect(setOf(body, 'me')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('does not stop an update, which takes what the applier had', async () => {
    await apply(web, part({ replicas: 3 }), 'fieldManager=me&force=true');
    const { body } = await api.merge(`${web}?fieldManager=other`, { spec: { replicas: 4 } });
    expect(setOf(body, 'me')).toBeUndefined();
    expect(message(await applyAs('me', web, part({ replicas: 3 })))).toContain('conflict with "other"');
  });
});

describe('owners that a client sends', () => {
  it('count if they can be read: so entries are renamed', async () => {
    const { body } = await api.post(`${routes}?fieldManager=old`, route('nat'));
    const renamed = entries(body).map((entry) => ({ ...entry, manager: 'new', operation: 'Apply' }));
    const patch = [{ op: 'replace', path: '/metadata/managedFields', value: renamed }];
    const after = await api.call('PATCH', `${routes}/nat`, patch, 'application/json-patch+json');
    expect(entries(after.body)).toEqual(renamed);
  });

  it('are passed over if they cannot', async () => {
    const { body } = await api.post(routes, route('nat'));
    const patch = [{ op: 'replace', path: '/metadata/managedFields', value: [{ manager: 'x' }] }];
    const after = await api.call('PATCH', `${routes}/nat`, patch, 'application/json-patch+json');
    expect(entries(after.body)).toEqual(entries(body));
  });
});
