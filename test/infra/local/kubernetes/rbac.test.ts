import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, manifest, nodes, pod, pods, route, routes } from './api.ts';

const functions = 'persistent-ip@my-project.iam.gserviceaccount.com';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const apiVersion = 'rbac.authorization.k8s.io/v1';

let api: Api;
beforeEach(async () => {
  api = await Api.start({ authorize: 'RBAC' });
  const yaml = readFileSync(manifest('rbac.yaml'), 'utf8');
  api.kubernetes.apply(yaml.replaceAll('FUNCTIONS_SERVICE_ACCOUNT_EMAIL', functions));
  api.kubernetes.apply(JSON.stringify(route('nat')));
  api.kubernetes.apply(JSON.stringify(pod('a')));
});
afterEach(() => api.close());

const codes = async (
  user: string,
  asked: readonly (() => Promise<{ code: number }>)[],
): Promise<number[]> => {
  api.user = user;
  const found: number[] = [];
  for (const ask of asked) found.push((await ask()).code);
  return found;
};

describe('the functions, under the role that is shipped for them,', () => {
  it('read what decides who holds an address, and write what they report', async () => {
    const may = [
      () => api.get(pods),
      () => api.get(nodes),
      () => api.get('/api/v1/namespaces'),
      () => api.get(`${routes}/nat`),
      () => api.merge(`${routes}/nat`, { metadata: { finalizers: ['example.com/a'] } }),
      () => api.merge(`${routes}/nat/status`, { status: { pods: ['a'] } }),
    ];
    expect(await codes(functions, may)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('touch no Pod, no Node, no role, and create and delete no route', async () => {
    const mayNot = [
      () => api.delete(`${pods}/a`),
      () => api.merge(`${pods}/a/status`, {}),
      () => api.get(`${pods}?watch=1`),
      () => api.post(routes, route('other')),
      () => api.delete(`${routes}/nat`),
      () => api.get(`${rbac}/clusterroles`),
    ];
    expect(await codes(functions, mayNot)).toEqual([403, 403, 403, 403, 403, 403]);
  });
});

describe('a tenant, bound to edit in its namespace,', () => {
  beforeEach(() => {
    api.kubernetes.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }));
    api.kubernetes.apply(
      JSON.stringify({
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: 'tenants', namespace: 'team' },
        roleRef: { kind: 'ClusterRole', name: 'edit' },
        subjects: [{ kind: 'User', name: 'tenant' }],
      }),
    );
  });
  const theirs = '/api/v1/namespaces/team/pods';

  it('runs Pods there, sees none elsewhere, and gets no address', async () => {
    const asked = [
      () => api.post(theirs, pod('mine')),
      () => api.get(theirs),
      () => api.get(pods),
      () => api.get('/api/v1/pods'),
      () => api.post('/apis/networking.gke.io/v1/namespaces/team/gkeiproutes', route('theft')),
    ];
    expect(await codes('tenant', asked)).toEqual([201, 200, 403, 403, 403]);
  });

  it('loses all of it with the binding', async () => {
    api.user = 'root';
    api.identities.tokenOf('root', ['system:masters']);
    expect((await api.delete(`${rbac}/namespaces/team/rolebindings/tenants`)).code).toBe(200);
    expect(await codes('tenant', [() => api.get(theirs)])).toEqual([403]);
  });

  it('cannot be given another role by changing its binding', async () => {
    api.user = 'root';
    api.identities.tokenOf('root', ['system:masters']);
    const { code, body } = await api.merge(`${rbac}/namespaces/team/rolebindings/tenants`, {
      roleRef: { name: 'admin' },
    });
    expect([code, body.message]).toEqual([422, expect.stringContaining('cannot change roleRef')]);
  });
});

describe('a review of another', () => {
  const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const about = (user: string, verb: string) => ({
    spec: { user, resourceAttributes: { verb, group: 'networking.gke.io', resource: 'gkeiproutes' } },
  });

  it('says what that one may do', async () => {
    api.identities.tokenOf('root', ['system:masters']);
    api.user = 'root';
    const asked = [about(functions, 'list'), about(functions, 'delete'), about('stranger', 'list')];
    const allowed = [];
    for (const review of asked) allowed.push((await api.post(reviews, review)).body.status);
    expect(allowed).toEqual([{ allowed: true }, { allowed: false }, { allowed: false }]);
    const nobody = await api.post(reviews, { spec: { resourceAttributes: { verb: 'get' } } });
    expect([nobody.code, nobody.body.message]).toEqual([422, expect.stringContaining('spec.user')]);
  });

  it('is for those who may create it', async () => {
    expect(await codes(functions, [() => api.post(reviews, about('stranger', 'list'))])).toEqual([403]);
  });
});

describe('a node', () => {
  it('writes itself and its Pods, and no custom resource', async () => {
    const node = 'system:node:node-1';
    api.identities.tokenOf(node, ['system:nodes']);
    const asked = [
      () => api.post(nodes, { metadata: { name: 'node-1' } }),
      () => api.merge(`${pods}/a/status`, { status: { phase: 'Running' } }),
      () => api.merge(`${routes}/nat/status`, { status: { pods: ['a'] } }),
    ];
    expect(await codes(node, asked)).toEqual([201, 200, 403]);
  });
});

describe('everybody with a token', () => {
  it('reads discovery and asks about itself, and nothing else', async () => {
    const asked = [
      () => api.get('/apis'),
      () => api.get('/openapi/v3'),
      () => api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }),
      () => api.get(pods),
    ];
    expect(await codes('stranger', asked)).toEqual([200, 200, 201, 403]);
  });
});
