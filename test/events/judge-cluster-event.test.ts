import { describe, expect, test } from 'vitest';
import { type ClusterVerdict, judgeClusterEvent } from '../../events/judge-cluster-event.ts';
import { readClusterEvent } from '../../events/log-entry.ts';
import { cluster, eventOf, kubelet, ownPrincipal, sample, sampleCluster, type Write } from './entries.ts';

const config = { clusters: [cluster], ownPrincipal };
const judge = (write: Write): ClusterVerdict => judgeClusterEvent(eventOf(write), config);

const pod = 'core/v1/namespaces/edge/pods/nat-0';
const nodeController = 'system:serviceaccount:kube-system:node-controller';
const noChange = { kind: 'drop', why: 'the status changes nothing that addresses depend on' };
const noWrite = { kind: 'drop', why: 'no address depends on this write' };

const statusPatch = (status: unknown): Write => ({
  method: 'io.k8s.core.v1.pods.status.patch',
  path: `${pod}/status`,
  principal: kubelet,
  request: { '@type': 'k8s.io/Patch', metadata: { uid: 'u-1' }, status },
});

const wholePod = (more: Record<string, unknown> = {}, labels: unknown = { app: 'nat' }) => ({
  '@type': 'core.k8s.io/v1.Pod',
  metadata: { name: 'nat-0', namespace: 'edge', uid: 'u-1', labels, ...more },
  spec: { nodeName: 'n1' },
});

describe('the status patch of a kubelet', () => {
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', uid: 'u-1', podGone: false };

  test('a Ready entry with a status is a transition and is kept, with the uid and without labels', () => {
    expect(judge(statusPatch({ conditions: [{ type: 'Ready', status: 'False' }] }))).toEqual(kept);
  });

  test('a Ready entry without a status changes only its message and is dropped', () => {
    expect(judge(statusPatch({ conditions: [{ type: 'Ready', message: 'still waiting' }] }))).toEqual(
      noChange,
    );
  });

  test('transitions of other conditions are dropped', () => {
    const conditions = [{ type: 'ContainersReady', status: 'True' }, { type: 'PodReadyToStartContainers' }];
    expect(judge(statusPatch({ conditions }))).toEqual(noChange);
  });

  test('the order of conditions is no transition', () => {
    const order = { '$setElementOrder/conditions': [{ type: 'Ready', status: 'True' }] };
    expect(judge(statusPatch(order))).toEqual(noChange);
  });

  test('a new Pod IP is kept', () => {
    expect(judge(statusPatch({ podIP: '10.0.0.7', podIPs: [{ ip: '10.0.0.7' }] }))).toEqual(kept);
  });

  test.each(['Succeeded', 'Failed'])('the terminal phase %s is kept', (phase) => {
    expect(judge(statusPatch({ phase }))).toEqual(kept);
  });

  test.each(['Pending', 'Running', 'Unknown'])('the phase %s alone is dropped', (phase) => {
    expect(judge(statusPatch({ phase }))).toEqual(noChange);
  });

  test('restarts of containers are dropped', () => {
    expect(judge(statusPatch({ containerStatuses: [{ name: 'a', restartCount: 3 }] }))).toEqual(noChange);
  });

  test.each([
    null,
    [],
    'status',
    7,
    { conditions: {} },
    { conditions: [null, 'Ready', ['Ready']] },
    { conditions: [{ type: 'Ready', status: 1 }] },
    { podIP: 7 },
  ])('a status of wrong types holds no fact: %j', (status) => {
    expect(judge(statusPatch(status))).toEqual(noChange);
  });

  test('a patch whose body is not in the entry cannot be dropped by its content', () => {
    const write = { ...statusPatch({}), request: undefined };
    expect(judge(write)).toEqual({ kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false });
  });
});

describe('the status update of a whole Pod', () => {
  const update = (bodies: Partial<Write>): Write => ({
    method: 'io.k8s.core.v1.pods.status.update',
    path: `${pod}/status`,
    principal: nodeController,
    ...bodies,
  });
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false };

  test('is kept whatever it says: so a dead node’s Pods turn not Ready', () => {
    expect(judge(update({}))).toEqual(kept);
  });

  test('brings uid and labels, so that no GET is needed', () => {
    const expected = { ...kept, uid: 'u-1', labels: { app: 'nat' } };
    expect(judge(update({ request: wholePod() }))).toEqual(expected);
    expect(judge(update({ response: wholePod() }))).toEqual(expected);
  });

  test('the stored Pod of the response wins over the request', () => {
    const verdict = judge(update({ request: wholePod(), response: wholePod({}, { app: 'other' }) }));
    expect(verdict).toMatchObject({ labels: { app: 'other' } });
  });

  test('a Pod without labels has no labels, rather than unknown ones', () => {
    expect(judge(update({ response: wholePod({ labels: undefined }) }))).toMatchObject({ labels: {} });
  });

  test('labels that are no strings are unknown, not trusted', () => {
    expect(judge(update({ response: wholePod({}, { app: 7 }) }))).not.toHaveProperty('labels');
  });

  test('a label named like a property of every object is found only if the Pod has it', () => {
    const verdict = judge(update({ response: wholePod() }));
    expect(verdict.kind === 'pod' && verdict.labels?.constructor).toBe(undefined);
  });
});

describe('the creation of a Pod', () => {
  const create = (bodies: Partial<Write>, path = pod): Write => ({
    method: 'io.k8s.core.v1.pods.create',
    path,
    principal: 'system:serviceaccount:kube-system:replicaset-controller',
    ...bodies,
  });
  const later = { kind: 'drop', why: 'a Pod without a node matters when it is bound' };

  test('without a node is dropped: its binding follows', () => {
    expect(judge(create({ response: { metadata: {}, spec: {} } }))).toEqual(later);
    expect(judge(create({ request: { metadata: {}, spec: {} } }))).toEqual(later);
  });

  test('with a node is kept: it is never bound', () => {
    expect(judge(create({ response: wholePod() }))).toMatchObject({ kind: 'pod', labels: { app: 'nat' } });
  });

  test('labels of a request are not final, because admission may change them', () => {
    expect(judge(create({ request: wholePod() }))).not.toHaveProperty('labels');
  });

  test('a generated name is taken from the response when the path has none', () => {
    const write = create({ response: wholePod() }, 'core/v1/namespaces/edge/pods');
    expect(judge(write)).toMatchObject({ kind: 'pod', namespace: 'edge', name: 'nat-0' });
  });

  test('a name in the response is checked like one in the path', () => {
    const write = create({ response: wholePod({ name: '../../secrets/x' }) }, 'core/v1/namespaces/edge/pods');
    expect(judge(write)).toEqual({ kind: 'pods-of-namespace', namespace: 'edge' });
  });

  test('without any body or name its Namespace is looked at', () => {
    expect(judge(create({}, 'core/v1/namespaces/edge/pods'))).toEqual({
      kind: 'pods-of-namespace',
      namespace: 'edge',
    });
  });
});

describe('other writes of Pods', () => {
  const write = (verb: string, more: Partial<Write> = {}, sub = ''): Write => ({
    method: `io.k8s.core.v1.pods.${sub === '' ? '' : `${sub}.`}${verb}`,
    path: sub === '' ? pod : `${pod}/${sub}`,
    ...more,
  });
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false };

  test('a binding is kept: the node becomes a standby, and Exists may choose it', () => {
    const request = { metadata: { name: 'nat-0', uid: 'u-1' }, target: { kind: 'Node', name: 'n1' } };
    const binding = write('create', { principal: 'system:kube-scheduler', request }, 'binding');
    expect(judge(binding)).toEqual({ ...kept, uid: 'u-1' });
  });

  test('an eviction is kept: the Pod terminates', () => {
    expect(judge(write('create', { response: { kind: 'Status', status: 'Success' } }, 'eviction'))).toEqual(
      kept,
    );
  });

  test('an eviction that a budget blocks is dropped', () => {
    expect(judge(write('create', { status: { code: 8 } }, 'eviction'))).toEqual({
      kind: 'drop',
      why: 'the request failed',
    });
  });

  test('a delete by a user only begins the termination', () => {
    const verdict = judge(write('delete', { response: wholePod({ deletionGracePeriodSeconds: 30 }) }));
    expect(verdict).toEqual({ ...kept, uid: 'u-1', labels: { app: 'nat' } });
  });

  test('the delete by the kubelet says that the Pod is gone', () => {
    const request = { gracePeriodSeconds: 0, preconditions: { uid: 'u-1' } };
    expect(judge(write('delete', { principal: kubelet, request }))).toEqual({
      ...kept,
      uid: 'u-1',
      podGone: true,
    });
  });

  test('a delete without grace says that the Pod is gone, whoever asks', () => {
    expect(judge(write('delete', { request: { gracePeriodSeconds: 0 } }))).toMatchObject({ podGone: true });
    expect(judge(write('delete', { response: wholePod({ deletionGracePeriodSeconds: 0 }) }))).toMatchObject({
      podGone: true,
    });
  });

  test('a Pod with finalizers is not gone', () => {
    const response = wholePod({
      deletionGracePeriodSeconds: 0,
      finalizers: ['batch.kubernetes.io/job-tracking'],
    });
    expect(judge(write('delete', { principal: kubelet, response }))).toMatchObject({ podGone: false });
  });

  test('a deleted collection concerns all Pods of the Namespace', () => {
    const collection = write('deletecollection', { path: 'core/v1/namespaces/edge/pods' });
    expect(judge(collection)).toEqual({ kind: 'pods-of-namespace', namespace: 'edge' });
  });

  test.each(['update', 'patch'])('a %s may change labels and is kept', (verb) => {
    expect(judge(write(verb, { response: wholePod() }))).toMatchObject({ labels: { app: 'nat' } });
  });

  test('a patch’s own labels are only a part and are not taken for the Pod’s', () => {
    const request = { '@type': 'k8s.io/Patch', metadata: { labels: { extra: 'x' } } };
    expect(judge(write('patch', { request }))).toEqual(kept);
  });

  test.each(['exec', 'ephemeralcontainers', 'resize'])('the subresource %s is dropped', (sub) => {
    expect(judge(write(sub === 'exec' ? 'create' : 'patch', {}, sub))).toEqual(noWrite);
  });
});

describe('Nodes', () => {
  const write = (rest: string, more: Partial<Write> = {}): Write => ({
    method: `io.k8s.core.v1.nodes.${rest}`,
    path: rest.startsWith('status.') ? 'core/v1/nodes/n1/status' : 'core/v1/nodes/n1',
    principal: nodeController,
    ...more,
  });

  test('a deleted Node is gone', () => {
    expect(judge(write('delete'))).toEqual({ kind: 'node', name: 'n1', gone: true });
  });

  test('a whole status is kept: so a dead node turns Unknown', () => {
    expect(judge(write('status.update'))).toEqual({ kind: 'node', name: 'n1', gone: false });
  });

  test('a Ready entry with a status is kept', () => {
    const request = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    expect(judge(write('status.patch', { request }))).toEqual({ kind: 'node', name: 'n1', gone: false });
  });

  test('a heartbeat is dropped', () => {
    const request = {
      status: { conditions: [{ type: 'Ready', lastHeartbeatTime: '2024-01-01T01:00:00Z' }] },
    };
    expect(judge(write('status.patch', { request }))).toEqual(noChange);
    expect(judge(write('status.patch', { request: {} }))).toEqual(noChange);
  });

  test.each(['create', 'patch', 'update'])('%s of the object is dropped', (verb) => {
    expect(judge(write(verb))).toEqual(noWrite);
  });
});

describe('Gateways, GKEIPRoutes and GatewayClasses', () => {
  const gateway = 'gateway.networking.k8s.io/v1/namespaces/infra/gateways/pool';
  const route = 'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat';
  const gatewayClass = 'gateway.networking.k8s.io/v1/gatewayclasses/persistent-ip-regional-external';

  test.each(['create', 'update', 'patch', 'delete'])('%s needs no body to be kept', (verb) => {
    expect(judge({ method: `io.k8s.networking.gateway.v1.gateways.${verb}`, path: gateway })).toEqual({
      kind: 'object',
      of: 'gateway',
      namespace: 'infra',
      name: 'pool',
    });
    expect(judge({ method: `io.gke.networking.v1.gkeiproutes.${verb}`, path: route })).toEqual({
      kind: 'object',
      of: 'route',
      namespace: 'edge',
      name: 'nat',
    });
    expect(
      judge({ method: `io.k8s.networking.gateway.v1.gatewayclasses.${verb}`, path: gatewayClass }),
    ).toEqual({
      kind: 'object',
      of: 'class',
      namespace: '',
      name: 'persistent-ip-regional-external',
    });
  });

  test('a v1beta1 manifest is the same object', () => {
    const write = {
      method: 'io.k8s.networking.gateway.v1beta1.gateways.update',
      path: gateway.replace('/v1/', '/v1beta1/'),
    };
    expect(judge(write)).toMatchObject({ kind: 'object', of: 'gateway', name: 'pool' });
  });

  const routeStatus = { method: 'io.gke.networking.v1.gkeiproutes.status.update', path: `${route}/status` };

  test('a status written by others is kept: that is how DPV2Ready reaches us', () => {
    expect(judge({ ...routeStatus, principal: 'system:serviceaccount:kube-system:anetd' })).toMatchObject({
      kind: 'object',
      of: 'route',
    });
  });

  test('our own writes are dropped, of the status and of the object', () => {
    const own = { kind: 'drop', why: 'our own write' };
    expect(judge({ ...routeStatus, principal: ownPrincipal })).toEqual(own);
    expect(
      judge({ method: 'io.gke.networking.v1.gkeiproutes.patch', path: route, principal: ownPrincipal }),
    ).toEqual(own);
  });

  test('a collection that a dying Namespace deletes concerns each of its objects', () => {
    const write = {
      method: 'io.gke.networking.v1.gkeiproutes.deletecollection',
      path: 'networking.gke.io/v1/namespaces/edge/gkeiproutes',
    };
    expect(judge(write)).toEqual({ kind: 'objects-of-namespace', of: 'route', namespace: 'edge' });
  });

  test('reads and other subresources are dropped', () => {
    expect(judge({ method: 'io.gke.networking.v1.gkeiproutes.get', path: route })).toEqual(noWrite);
    expect(
      judge({ method: 'io.gke.networking.v1.gkeiproutes.scale.update', path: `${route}/scale` }),
    ).toEqual(noWrite);
  });
});

describe('what routes refer to', () => {
  test.each(['update', 'patch'])('a Namespace’s labels may change by %s', (verb) => {
    const write = { method: `io.k8s.core.v1.namespaces.${verb}`, path: 'core/v1/namespaces/edge' };
    expect(judge(write)).toEqual({ kind: 'namespace', name: 'edge' });
  });

  test.each([
    ['create', 'a new Namespace has no routes yet'],
    ['delete', 'the objects of a Namespace report their own deletion'],
  ])('%s of a Namespace is dropped: %s', (verb, why) => {
    const write = { method: `io.k8s.core.v1.namespaces.${verb}`, path: 'core/v1/namespaces/edge' };
    expect(judge(write)).toEqual({ kind: 'drop', why });
  });

  test('the finalizing of a Namespace is dropped', () => {
    const write = {
      method: 'io.k8s.core.v1.namespaces.finalize.update',
      path: 'core/v1/namespaces/edge/finalize',
    };
    expect(judge(write)).toEqual(noWrite);
  });

  test.each([
    ['networks', { kind: 'network', name: 'blue' }],
    ['gkenetworkparamsets', { kind: 'networks' }],
  ])('every write of %s is kept, and of its status', (resource, verdict) => {
    const path = `networking.gke.io/v1/${resource}/blue`;
    for (const verb of ['create', 'update', 'patch', 'delete'])
      expect(judge({ method: `io.gke.networking.v1.${resource}.${verb}`, path })).toEqual(verdict);
    const status = { method: `io.gke.networking.v1.${resource}.status.update`, path: `${path}/status` };
    expect(judge(status)).toEqual(verdict);
  });
});

test.each(['networks', 'gkenetworkparamsets'])('%s that are deleted together may be any', (resource) => {
  const path = `networking.gke.io/v1/${resource}`;
  expect(judge({ method: `io.gke.networking.v1.${resource}.deletecollection`, path })).toEqual({
    kind: 'networks',
  });
});

describe('of any kind', () => {
  const write: Write = { method: 'io.k8s.core.v1.pods.patch', path: pod };

  test('a failed request is dropped', () => {
    expect(judge({ ...write, status: { code: 7, message: 'forbidden' } })).toEqual({
      kind: 'drop',
      why: 'the request failed',
    });
  });

  test.each([undefined, {}, { code: 0 }])('a status of %j is success', (status) => {
    expect(judge({ ...write, status })).toMatchObject({ kind: 'pod' });
  });

  test('a dry run is dropped', () => {
    expect(judge({ ...write, labels: { 'command.gke.io/dryRun': 'true' } })).toEqual({
      kind: 'drop',
      why: 'a dry run',
    });
  });

  test('a resource that no address depends on is dropped, whatever its name', () => {
    const role = {
      method: 'io.k8s.authorization.rbac.v1.clusterroles.update',
      path: 'rbac.authorization.k8s.io/v1/clusterroles/system:Odd%2FName',
    };
    expect(judge(role)).toEqual({ kind: 'drop', why: 'no address depends on this resource' });
  });

  test('a resource of the same name in another group is dropped', () => {
    const pods = { method: 'io.k8s.metrics.v1beta1.pods.update', path: 'metrics.k8s.io/v1beta1/pods' };
    expect(judge(pods)).toEqual({ kind: 'drop', why: 'no address depends on this resource' });
  });

  test.each([{ project: 'other' }, { location: 'us-central1-a' }, { name: 'staging' }])(
    'an entry of a cluster that is not configured is refused as untrusted: %j',
    (difference) => {
      const verdict = judgeClusterEvent(eventOf(write), {
        clusters: [{ ...cluster, ...difference }],
        ownPrincipal,
      });
      expect(verdict).toEqual({
        kind: 'refuse',
        refusal: { kind: 'untrusted', field: 'resource.labels', problem: 'unknown cluster' },
      });
    },
  );
});

describe('the real samples', () => {
  const judgeSample = (name: 'pods-create' | 'pods-status-patch'): ClusterVerdict => {
    const event = readClusterEvent(sample(name));
    if (!event.ok) throw new Error(event.refusal.problem);
    return judgeClusterEvent(event.value, { clusters: [sampleCluster], ownPrincipal });
  };

  test('the kubelet’s patch is a Ready transition of the Pod it names', () => {
    expect(judgeSample('pods-status-patch')).toEqual({
      kind: 'pod',
      namespace: '1-2-deployment-update',
      name: 'nginx-deployment-surge-8655b4b8c5-xf5f4',
      uid: 'c0b4e00d-da76-4255-9a02-670d5b74aa3a',
      podGone: false,
    });
  });

  test('the Pod that the ReplicaSet made has no node yet', () => {
    expect(judgeSample('pods-create')).toEqual({
      kind: 'drop',
      why: 'a Pod without a node matters when it is bound',
    });
  });
});
