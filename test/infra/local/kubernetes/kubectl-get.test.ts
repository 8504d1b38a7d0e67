import { describe, expect, it } from 'vitest';
import { deployment, deployments, gateway, gateways, nodes, pod, pods, route, routes } from './api.ts';
import { missing } from './kubectl.ts';
import { aCluster, api, kubectl, node, ready, start } from './kubectl-cluster.ts';

aCluster();

describe.skipIf(missing !== undefined)('kubectl, who', () => {
  it('is known by the token of its context', async () => {
    expect(await kubectl.say('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('admin');
    const tenant = await kubectl.say('--context tenant auth whoami -o jsonpath={.status.userInfo}');
    expect(JSON.parse(tenant)).toEqual({ username: 'tenant', groups: ['tenants', 'system:authenticated'] });
  });

  it('may not do what auth can-i denies, and is told why when it tries', async () => {
    await kubectl.end();
    await api.close();
    await start({
      authorize: ({ user, namespace, verb }) => user !== 'tenant' || (namespace === 'team' && verb === 'get'),
    });
    expect((await kubectl.run('--context tenant auth can-i get pods')).out).toBe('yes');
    expect(await kubectl.run('--context tenant auth can-i delete pods')).toMatchObject({
      code: 1,
      out: 'no',
    });
    expect((await kubectl.run('--context tenant delete pod a')).err).toContain(
      'User "tenant" cannot delete resource "pods" in API group "" in the namespace "team"',
    );
    expect(await kubectl.table('--context tenant auth can-i --list')).toContain('pods [] [] [get]');
  });

  it('acts as another with --as, under the rights of that one, and the audit log names both', async () => {
    await kubectl.end();
    await api.close();
    await start({ authorize: ({ user, verb }) => user === 'admin' || verb === 'create' });
    const names: (string | undefined)[] = [];
    api.kubernetes.onAudit((event) => names.push(event.user.username, event.impersonatedUser?.username));
    await kubectl.say('--as tenant create namespace team');
    expect(names).toEqual(['admin', 'tenant']);
    expect((await kubectl.run('--as tenant get pods')).err).toContain('User "tenant" cannot list');
    expect((await kubectl.run('--context tenant --as admin get pods')).err).toContain(
      'User "tenant" cannot impersonate resource "users"',
    );
  });

  it('is named by the audit log', async () => {
    const users: string[] = [];
    api.kubernetes.onAudit(({ user, userAgent = '' }) =>
      users.push(`${user.username} ${userAgent.split('/')[0]}`),
    );
    await kubectl.say('create namespace team');
    expect(users).toEqual(['admin kubectl']);
  });
});

describe.skipIf(missing !== undefined)('kubectl get', () => {
  it('prints the columns that the CRD names', async () => {
    await api.post(routes, route('nat'));
    await api.merge(`${routes}/nat/status`, { status: { pods: ['web-0'], ...ready('True') } });
    expect(await kubectl.table('get gkeipr')).toEqual([
      'NAME ADDRESSES POD READY REASON AGE',
      'nat 34.123.10.1/32 web-0 True Settled 0s',
    ]);
  });

  it('prints Pods, Nodes, Deployments, Gateways and Namespaces as Kubernetes does', async () => {
    await api.post(nodes, node('node-1'));
    await api.post(pods, pod('a', {}, { nodeName: 'node-1' }));
    await api.post(deployments, deployment('web', { replicas: 2 }));
    await api.post(gateways, gateway('pool'));
    await api.merge(`${nodes}/node-1/status`, { status: ready('True') });
    api.clock.pass(150_000);
    expect(await kubectl.table('get pods -o wide')).toEqual([
      'NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES',
      'a 0/1 Pending 0 2m30s <none> node-1 <none> <none>',
    ]);
    expect(await kubectl.table('get nodes')).toEqual([
      'NAME STATUS ROLES AGE VERSION',
      'node-1 Ready <none> 2m30s',
    ]);
    expect(await kubectl.table('get deploy,gtw')).toEqual([
      'NAME READY UP-TO-DATE AVAILABLE AGE',
      'deployment.apps/web 0/2 0 0 2m30s',
      '',
      'NAME CLASS ADDRESS PROGRAMMED AGE',
      'gateway.gateway.networking.k8s.io/pool persistent-ip-regional-external Unknown 2m30s',
    ]);
    expect(await kubectl.table('get namespace default --no-headers')).toEqual(['default Active 2m30s']);
  });

  it('selects by labels and by fields, over all namespaces too', async () => {
    await api.post(nodes, node('node-1'));
    await api.post(pods, pod('a', { app: 'nat' }, { nodeName: 'node-1' }));
    await api.post(pods, pod('b', { app: 'web' }));
    expect(await kubectl.say('get pods -l app=web -o name')).toBe('pod/b');
    expect(await kubectl.say('get pods -A --field-selector spec.nodeName=node-1 -o name')).toBe('pod/a');
  });

  it('gives the whole object as YAML, JSON and by paths', async () => {
    await api.post(routes, route('nat'));
    expect(await kubectl.say('get gkeipr nat -o yaml')).toContain('reactionMode: ReadyCondition');
    expect(JSON.parse(await kubectl.say('get gkeipr nat -o json'))).toMatchObject({
      metadata: { name: 'nat' },
    });
    expect(await kubectl.say('get gkeipr nat -o jsonpath={.spec.addresses[0].value}')).toBe('34.123.10.1/32');
  });

  it('-w prints every change under one header', async () => {
    await api.post(pods, pod('a'));
    const watch = await kubectl.watching('get pods -w');
    expect([await watch.line(), await watch.line()]).toEqual([
      'NAME READY STATUS RESTARTS AGE',
      'a 0/1 Pending 0 0s',
    ]);
    await api.merge(`${pods}/a/status`, { status: { phase: 'Running' } });
    await api.post(pods, pod('b'));
    expect([await watch.line(), await watch.line()]).toEqual(['a 0/1 Running 0 0s', 'b 0/1 Pending 0 0s']);
  });

  it('all shows what has the category', async () => {
    await api.post(pods, pod('a'));
    await api.post(deployments, deployment('web'));
    expect((await kubectl.say('get all -o name')).split('\n')).toEqual([
      'pod/a',
      'service/kubernetes',
      'deployment.apps/web',
    ]);
  });
});
