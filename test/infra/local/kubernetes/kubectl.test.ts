import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, deployment, deployments, gateway, gateways, nodes, pod, pods, route, routes } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';

let api: Api;
let kubectl: Kubectl;
const start = async (...given: Parameters<typeof Api.start>): Promise<void> => {
  api = await Api.start(...given);
  kubectl = await Kubectl.start(api, ['admin', { name: 'tenant', namespace: 'team', groups: ['tenants'] }]);
};
beforeEach(() => start());
afterEach(async () => {
  await kubectl.end();
  await api.close();
});

const node = (name: string): object => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
const ready = (status: string): object => ({
  conditions: [
    { type: 'Ready', status, reason: 'Settled', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
});
/** Ends evicted Pods as their kubelet would. */
const endEvicted = (): void => {
  api.kubernetes.onAudit(({ objectRef: { subresource, name }, responseStatus: { code } }) => {
    if (subresource === 'eviction' && code === 201) void api.delete(`${pods}/${name}?gracePeriodSeconds=0`);
  });
};

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

describe.skipIf(missing !== undefined)('kubectl apply', () => {
  it('creates, then writes only what its file changes, and keeps what others wrote', async () => {
    const file = (network: string): string => kubectl.file('route.yaml', route('nat', { network }));
    expect(await kubectl.say('apply -f', file('default'))).toBe('gkeiproute.networking.gke.io/nat created');
    await api.merge(`${routes}/nat`, { metadata: { finalizers: ['example.com/hold'] } });
    expect(await kubectl.say('apply -f', file('blue'))).toBe('gkeiproute.networking.gke.io/nat configured');
    const { body } = await api.get(`${routes}/nat`);
    expect([body.spec, body.metadata.finalizers]).toMatchObject([{ network: 'blue' }, ['example.com/hold']]);
  });

  it('of an unchanged built-in kind writes nothing', async () => {
    const file = kubectl.file('web.yaml', deployment('web'));
    await kubectl.say('apply -f', file);
    expect(await kubectl.say('apply -f', file)).toBe('deployment.apps/web unchanged');
  });

  it('merges the containers of a Deployment by name', async () => {
    await kubectl.say('apply -f', kubectl.file('web.yaml', deployment('web')));
    await api.strategic(`${deployments}/web`, {
      spec: { template: { spec: { containers: [{ name: 'side', image: 'example/side:1' }] } } },
    });
    const scaled = { ...deployment('web'), spec: { ...(deployment('web').spec as object), replicas: 3 } };
    await kubectl.say('apply -f', kubectl.file('web.yaml', scaled));
    const names = 'get deploy web -o jsonpath={.spec.replicas}{.spec.template.spec.containers[*].name}';
    expect(await kubectl.say(names)).toMatch(/^3(app side|side app)$/);
  });

  it('by two at once loses neither: a patch names no version', async () => {
    await kubectl.say('apply -f', kubectl.file('route.yaml', route('nat')));
    const [one, two] = [route('nat', { network: 'blue' }), route('nat', { allowGlobalAccess: true })];
    const ran = await Promise.all([
      kubectl.run('apply -f', [kubectl.file('one.yaml', one)]),
      kubectl.run('apply -f', [kubectl.file('two.yaml', two)]),
    ]);
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
  });

  it('of what was read before another’s write is refused where the file names the version: Conflict', async () => {
    await api.post(routes, route('nat'));
    const before = kubectl.file('before.yaml', await kubectl.say('get gkeipr nat -o yaml'));
    await api.merge(`${routes}/nat`, { metadata: { labels: { a: 'b' } } });
    for (const verb of ['replace', 'apply']) {
      const { code, err } = await kubectl.run(`${verb} -f`, [before]);
      expect([code, err]).toEqual([1, expect.stringContaining('the object has been modified')]);
    }
  });

  it('is refused a field that no schema knows, by its name, and writes nothing', async () => {
    const { code, err } = await kubectl.run('apply -f', [
      kubectl.file('r.yaml', route('nat', { adresses: [] })),
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining('unknown field "spec.adresses"')]);
    expect((await api.get(`${routes}/nat`)).code).toBe(404);
  });
});

describe.skipIf(missing !== undefined)('kubectl explains', () => {
  it('what the CRD says of a field', async () => {
    const text = await kubectl.say('explain gkeiproute.spec.addresses');
    expect(text).toContain('GKEIPRoute');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Each value is a CIDR such as 34.123.10.1/32');
  });

  it('a route, a Pod and a Node with what happened to them', async () => {
    await api.post(nodes, node('node-1'));
    await api.post(pods, pod('a', {}, { nodeName: 'node-1' }));
    const { body } = await api.post(routes, route('nat'));
    await api.post('/api/v1/namespaces/default/events', {
      metadata: { name: 'nat.1' },
      involvedObject: { kind: 'GKEIPRoute', name: 'nat', namespace: 'default', uid: body.metadata.uid },
      reason: 'Moved',
      message: 'to node-1',
      type: 'Normal',
      source: { component: 'functions' },
    });
    await api.post('/apis/events.k8s.io/v1/namespaces/default/events', {
      metadata: { name: 'nat.2' },
      regarding: {
        apiVersion: 'networking.gke.io/v1',
        kind: 'GKEIPRoute',
        name: 'nat',
        namespace: 'default',
        uid: body.metadata.uid,
      },
      eventTime: '2026-11-25T15:00:00.000000Z',
      reportingController: 'persistent-ip.dev/reconcile',
      reportingInstance: 'local',
      action: 'Refuse',
      reason: 'InvalidLabels',
      note: 'an empty selector',
      type: 'Warning',
      series: { count: 3, lastObservedTime: '2026-11-25T15:05:00.000000Z' },
    });
    const described = await kubectl.say('describe gkeipr nat');
    expect(described).toMatch(/Normal +Moved +\S+ +functions +to node-1/);
    expect(described).toMatch(
      /Warning +InvalidLabels +\S+ \(x3 over \S+\) +persistent-ip\.dev\/reconcile +an empty selector/,
    );
    expect(await kubectl.table('events --for gkeipr/nat')).toContainEqual(
      expect.stringMatching(/^\S+ \(x3 over \S+\) Warning InvalidLabels GKEIPRoute\/nat an empty selector$/),
    );
    expect(await kubectl.say('describe pod a')).toMatch(/Node: +node-1/);
    expect(await kubectl.say('describe node node-1')).toMatch(/default +a /);
  });
});

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
