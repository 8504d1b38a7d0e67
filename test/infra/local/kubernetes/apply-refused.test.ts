import { describe, expect, it } from 'vitest';
import { deployment, deployments, nodes, route, routes } from './api.ts';
import {
  anEmptyApi,
  api,
  apply,
  applyAs,
  container,
  message,
  part,
  replaceApi,
  web,
  withContainers,
} from './applying.ts';

anEmptyApi();

describe('an apply is refused', () => {
  const refused: [string, string, object, string, number, string][] = [
    [
      'without a manager',
      web,
      deployment('web'),
      '',
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'of another version',
      web,
      { ...deployment('web'), apiVersion: 'apps/v1beta1' },
      'fieldManager=me',
      400,
      'invalid object type: apps/v1beta1, Kind=Deployment',
    ],
    [
      'with owners of its own',
      web,
      part({}, { managedFields: [{}] }),
      'fieldManager=me',
      400,
      'metadata.managedFields must be nil',
    ],
    [
      'of a field that no schema has',
      `${routes}/nat`,
      route('nat', { adresses: [] }),
      'fieldManager=me',
      500,
      'failed to create typed patch object (/nat; networking.gke.io/v1, Kind=GKEIPRoute): .spec.adresses: field not declared in schema',
    ],
    [
      'of a key twice',
      web,
      withContainers(container('app'), container('app')),
      'fieldManager=me',
      500,
      'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="app"]',
    ],
    [
      'by a uid that is nobody’s',
      web,
      part({}, { uid: 'u1' }),
      'fieldManager=me',
      409,
      'Operation cannot be fulfilled on deployments.apps "web": uid mismatch: the provided object specified uid u1, and no existing object was found',
    ],
  ];
  it.each(refused)('%s', async (_, path, config, query, code, text) => {
    const answer = await apply(path, config, query);
    expect([answer.code, message(answer)]).toEqual([code, text]);
  });

  it('if it names a version that is not the latest', async () => {
    const { body } = await api.post(deployments, deployment('web'));
    await api.merge(web, { metadata: { labels: { a: 'b' } } });
    const config = part({ replicas: 1 }, { resourceVersion: body.metadata.resourceVersion });
    expect((await applyAs('me', web, config)).code).toBe(409);
  });

  it('to who may patch and not create, where it would create', async () => {
    await replaceApi({ authorize: ({ verb }) => verb !== 'create' });
    const answer = await applyAs('me', `${nodes}/n1`, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
    });
    expect([answer.code, message(answer)]).toEqual([
      403,
      expect.stringContaining('cannot create resource "nodes"'),
    ]);
  });

  it('with force of any other patch', async () => {
    await api.post(deployments, deployment('web'));
    expect(message(await api.merge(`${web}?force=true`, {}))).toContain(
      'force: Forbidden: may not be specified for non-apply patch',
    );
  });
});
