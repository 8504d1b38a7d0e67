import { describe, expect, it } from 'vitest';
import { deployment, deployments, nodes, pod, pods, route, routes } from './api.ts';
import { missing } from './kubectl.ts';
import { aCluster, api, kubectl, node } from './kubectl-cluster.ts';

aCluster();

describe.skipIf(missing !== undefined)('kubectl changes', () => {
  it('an object in an editor', async () => {
    await api.post(routes, route('nat'));
    const edited = await kubectl.run('edit gkeipr nat', [], {
      KUBE_EDITOR: 'sed -i s/34.123.10.1/34.123.10.2/',
    });
    expect(edited).toMatchObject({ code: 0, out: 'gkeiproute.networking.gke.io/nat edited' });
    expect((await api.get(`${routes}/nat`)).body.spec).toMatchObject({
      addresses: [{ value: '34.123.10.2/32' }],
    });
  });

  it('by JSON, merge and strategic patches', async () => {
    await api.post(routes, route('nat'));
    await api.post(nodes, node('node-1'));
    await kubectl.say('patch gkeipr nat --type=merge -p', '{"spec":{"network":"blue"}}');
    await kubectl.say('patch gkeipr nat --type=json -p', '[{"op":"remove","path":"/spec/parentRefs"}]');
    await kubectl.say('patch node node-1 -p', '{"spec":{"taints":[{"key":"a","effect":"NoSchedule"}]}}');
    const { spec } = (await api.get(`${routes}/nat`)).body;
    expect(spec).toMatchObject({ network: 'blue' });
    expect(spec).not.toHaveProperty('parentRefs');
    expect((await api.get(`${nodes}/node-1`)).body.spec).toMatchObject({ taints: [{ key: 'a' }] });
  });

  it('labels and annotations', async () => {
    await api.post(pods, pod('a', { app: 'nat' }));
    await kubectl.say('label pod a tier=front app-');
    await kubectl.say('annotate pod a note=seen');
    const { metadata } = (await api.get(`${pods}/a`)).body;
    expect([metadata.labels, metadata.annotations]).toEqual([{ tier: 'front' }, { note: 'seen' }]);
  });

  it('the number of replicas, and the template at a restart', async () => {
    await api.post(deployments, deployment('web'));
    await kubectl.say('scale deployment web --replicas=3');
    await kubectl.say('rollout restart deployment web');
    const { spec } = (await api.get(`${deployments}/web`)).body;
    expect(spec).toMatchObject({
      replicas: 3,
      template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) } } },
    });
  });

  it('nothing when what it creates is there already', async () => {
    const file = kubectl.file('pod.yaml', pod('a'));
    expect(await kubectl.say('create -f', file)).toBe('pod/a created');
    expect((await kubectl.run('create -f', [file])).err).toContain('pods "a" already exists');
  });
});

describe.skipIf(missing !== undefined)('kubectl creates from words alone', () => {
  it('a Deployment', async () => {
    await kubectl.say('create deployment web --image=example/app:1 --replicas=2 --port=80 -- serve --now');
    expect((await api.get(`${deployments}/web`)).body).toMatchObject({
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          spec: {
            containers: [
              { image: 'example/app:1', command: ['serve', '--now'], ports: [{ containerPort: 80 }] },
            ],
          },
        },
      },
    });
  });

  it('roles and bindings', async () => {
    await kubectl.say('create role reader --verb=get,list --resource=pods');
    await kubectl.say('create rolebinding readers --role=reader --user=tenant --serviceaccount=team:bot');
    await kubectl.say('create clusterrole reader --verb=get --resource=gkeiproutes');
    await kubectl.say('create clusterrolebinding readers --clusterrole=reader --group=tenants');
    expect(await kubectl.table('get role,rolebinding,clusterrolebinding --no-headers -o wide')).toEqual([
      'role.rbac.authorization.k8s.io/reader 2026-01-01T00:00:00Z',
      'rolebinding.rbac.authorization.k8s.io/readers Role/reader 0s tenant team/bot',
      'clusterrolebinding.rbac.authorization.k8s.io/readers ClusterRole/reader 0s tenants',
    ]);
    const { body } = await api.get('/apis/rbac.authorization.k8s.io/v1/clusterroles/reader');
    expect(body.rules).toEqual([
      { verbs: ['get'], apiGroups: ['networking.gke.io'], resources: ['gkeiproutes'] },
    ]);
  });
});
