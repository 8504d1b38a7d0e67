import { beforeEach, describe, expect, it } from 'vitest';
import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { sweepCluster } from '../../functions/dispatch/sweep-cluster.ts';
import { onClusterEvent } from '../../functions/on-cluster-event.ts';
import { cloudEventOf, onComputeEvent } from '../../functions/on-compute-event.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { onSweep } from '../../functions/sweep.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { cause, clusterKey, condition, gateway, metadata, pod, route } from './fixtures.ts';
import { type World, worldOfRoute } from './world.ts';

let world: World;
let wiring: Wiring;

beforeEach(() => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  wiring = {
    runtime: world.deps.runtime,
    judgement: { clusters: [clusterKey], projects: ['p'], ownPrincipal: 'functions@p' },
    cluster: (key) => (key.name === clusterKey.name ? world.deps : undefined),
    clusters: () => [world.deps],
    readers: () => [world.deps],
    clustersOfProject: (project) => (project === 'p' ? [world.deps] : []),
    identityOf: () => () => Promise.resolve({ ok: true }),
    readerIdentity: () => () => Promise.resolve({ ok: true }),
    history: { page: () => Promise.reject(new Error('no function of an event reads it')) },
    movesSeen: new Map(),
    overviewSeen: new Map(),
    routesSeen: new Map(),
    settledLooks: new Map(),
    reported: new Map(),
  };
});

const push = (data: unknown, more: object = {}) => ({
  message: {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    messageId: '7',
    publishTime: world.now.toISOString(),
    ...more,
  },
  subscription: 'projects/p/subscriptions/s',
});
const entry = (methodName: string, resourceName: string, payload: object = {}) => ({
  insertId: 'entry-1',
  logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
  timestamp: '2026-11-24T14:04:59Z',
  resource: {
    type: 'k8s_cluster',
    labels: { project_id: 'p', location: 'us-central1', cluster_name: 'prod' },
  },
  protoPayload: {
    serviceName: 'k8s.io',
    methodName,
    resourceName,
    authenticationInfo: { principalEmail: 'someone' },
    status: { code: 0 },
    ...payload,
  },
});
const asked = () => world.published.map(({ kind, namespace: ns, name }) => `${kind} ${ns}/${name}`);
const request: ReconcileRequest = {
  cluster: clusterKey,
  kind: 'route',
  namespace: 'edge',
  name: 'nat',
  cause,
};

describe('on-cluster-event: from an entry to the objects that it may concern', () => {
  const podEntry = (name: string, payload: object) =>
    push(entry('io.k8s.core.v1.pods.status.patch', `core/v1/namespaces/edge/pods/${name}/status`, payload));
  const ready = {
    request: { '@type': 'k8s.io/Patch', status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  };

  it('a Pod’s Ready entry asks for the routes that select it, by one GET of the Pod', async () => {
    world.put(
      route(undefined, { metadata: metadata('other'), podSelector: { matchLabels: { app: 'else' } } }),
    );
    expect(await onClusterEvent(wiring, podEntry('nat-1', ready))).toEqual({ kind: 'settled' });
    expect(asked()).toEqual(['route edge/nat']);
    expect(world.calls).toEqual(['list-routes', 'get-pod', 'publish']);
  });

  it('a Pod that is gone asks for the route that names it', async () => {
    world.put(route(undefined, { status: { pods: ['nat-0'], conditions: [] } }));
    await onClusterEvent(wiring, podEntry('nat-0', ready));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a heartbeat is dropped without a call', async () => {
    const message = {
      request: { '@type': 'k8s.io/Patch', status: { conditions: [{ type: 'Ready', message: 'x' }] } },
    };
    await onClusterEvent(wiring, podEntry('nat-1', message));
    expect(world.calls).toEqual([]);
  });

  it('a namespace without routes costs one list', async () => {
    world.routes.clear();
    await onClusterEvent(wiring, podEntry('nat-1', ready));
    expect(world.calls).toEqual(['list-routes', 'publish']);
    expect(asked()).toEqual([]);
  });

  it('a node’s end asks for the routes of its Pods', async () => {
    await onClusterEvent(wiring, push(entry('io.k8s.core.v1.nodes.delete', 'core/v1/nodes/node-a')));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a Namespace’s labels ask for its routes and for every Gateway', async () => {
    await onClusterEvent(wiring, push(entry('io.k8s.core.v1.namespaces.patch', 'core/v1/namespaces/edge')));
    expect(asked()).toEqual(['route edge/nat', 'gateway infra/pool']);
  });

  it('a cluster that cannot be read is delivered again', async () => {
    world.before = () => {
      throw new Failure('retry', 'Forbidden', 403, 'no rights');
    };
    expect(await onClusterEvent(wiring, podEntry('nat-1', ready))).toMatchObject({ kind: 'retry' });
  });

  it('a foreign cluster’s entry is refused as untrusted', async () => {
    const foreign = {
      ...entry('io.k8s.core.v1.nodes.delete', 'core/v1/nodes/node-a'),
      resource: { type: 'k8s_cluster', labels: { project_id: 'q', location: 'x', cluster_name: 'y' } },
    };
    expect(await onClusterEvent(wiring, push(foreign))).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'untrusted', field: 'resource.labels' },
    });
    expect(world.calls).toEqual([]);
  });
});

describe('on-compute-event', () => {
  const computeEntry = (methodName: string, resourceName: string, operation: object) => ({
    insertId: 'c-1',
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: '2026-11-24T14:04:59Z',
    resource: { type: 'gce_instance', labels: { project_id: 'p' } },
    operation,
    protoPayload: {
      serviceName: 'compute.googleapis.com',
      methodName,
      resourceName,
      authenticationInfo: { principalEmail: 'someone' },
    },
  });
  const headers = { 'ce-id': 'c-1', 'ce-type': 'google.cloud.audit.log.v1.written' };
  const vmGone = () =>
    computeEntry('v1.compute.instances.delete', 'projects/p/zones/us-central1-a/instances/node-a', {
      first: true,
    });

  it('a VM that is going asks for the routes of its Pods', async () => {
    await onComputeEvent(wiring, cloudEventOf(headers, vmGone()));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('structured CloudEvents are taken whole', async () => {
    await onComputeEvent(wiring, cloudEventOf({}, { type: headers['ce-type'], data: vmGone() }));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a system event pushed by a sink is taken from its envelope', async () => {
    const preempted = {
      ...computeEntry('compute.instances.preempted', 'projects/p/zones/us-central1-a/instances/node-a', {
        first: true,
        last: true,
      }),
      logName: 'projects/p/logs/cloudaudit.googleapis.com%2Fsystem_event',
    };
    await onComputeEvent(wiring, cloudEventOf({}, push(preempted)));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a backend service asks for the route whose name it has, and for no other', async () => {
    await onReconcileRequest(wiring, push(request));
    const [name] = [...world.services.keys()];
    world.put(route(undefined, { metadata: metadata('other') }));
    world.published.length = 0;
    const patched = (service: string) =>
      computeEntry(
        'v1.compute.regionBackendServices.patch',
        `projects/p/regions/us-central1/backendServices/${service}`,
        { last: true },
      );
    await onComputeEvent(wiring, cloudEventOf(headers, patched(name!)));
    expect(asked()).toEqual(['route edge/nat']);
    await onComputeEvent(wiring, cloudEventOf(headers, patched('somebody-elses')));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('an event of another project is refused', async () => {
    const foreign = computeEntry('v1.compute.instances.delete', 'projects/q/zones/z/instances/i', {
      first: true,
    });
    expect(await onComputeEvent(wiring, cloudEventOf(headers, foreign))).toMatchObject({ kind: 'refused' });
  });
});

describe('reconcile', () => {
  it('a request that was published before the last settled look began is acknowledged without a call', async () => {
    await onReconcileRequest(wiring, push(request));
    world.now = new Date(world.now.getTime() + 10_000);
    await onReconcileRequest(wiring, push(request));
    world.calls.length = 0;
    const old = new Date(world.now.getTime() - 5_000).toISOString();
    expect(await onReconcileRequest(wiring, push(request, { publishTime: old }))).toEqual({
      kind: 'settled',
    });
    expect(world.calls).toEqual([]);
    const young = new Date(world.now.getTime() - 1_000).toISOString();
    await onReconcileRequest(wiring, push(request, { publishTime: young }));
    expect(world.calls.length).toBeGreaterThan(0);
  });

  it('a look on a clock that was ahead says nothing of what came since', async () => {
    const right = world.now;
    world.now = new Date(right.getTime() + 600_000);
    await onReconcileRequest(wiring, push(request));
    world.now = right;
    world.calls.length = 0;
    await onReconcileRequest(wiring, push(request, { publishTime: right.toISOString() }));
    expect(world.calls.length).toBeGreaterThan(0);
  });

  it('a request for a cluster that is not configured is refused', async () => {
    const foreign = { ...request, cluster: { ...clusterKey, name: 'other' } };
    expect(await onReconcileRequest(wiring, push(foreign))).toMatchObject({ refusal: { kind: 'untrusted' } });
  });

  it('a request that is none names the field', async () => {
    expect(await onReconcileRequest(wiring, push({ ...request, kind: 'pod' }))).toMatchObject({
      refusal: { field: 'kind' },
    });
  });

  it('a Gateway’s request writes its status and asks for the routes that are out of step', async () => {
    await onReconcileRequest(wiring, push({ ...request, kind: 'gateway', namespace: 'infra', name: 'pool' }));
    expect(world.calls).toContain('write-gateway-status');
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a class’s request writes Accepted and asks for its Gateways', async () => {
    await onReconcileRequest(
      wiring,
      push({ ...request, kind: 'class', namespace: '', name: 'persistent-ip-regional-external' }),
    );
    expect(world.classes[0]?.conditions).toMatchObject([{ type: 'Accepted', status: 'True' }]);
    expect(asked()).toEqual(['gateway infra/pool']);
  });

  it('a route that is gone asks for the Gateways that count it and the routes that wait', async () => {
    world.routes.clear();
    const waiting = [condition('Accepted', 'False', 'InvalidAddresses')];
    world.put(route(undefined, { metadata: metadata('late'), status: { pods: [], conditions: waiting } }));
    const status = {
      ...gateway().status,
      listeners: [{ name: 'default', supportedKinds: [], attachedRoutes: 1, conditions: [] }],
    };
    world.gateways.set('infra/pool', gateway(undefined, { status }));
    await onReconcileRequest(wiring, push(request));
    expect(asked()).toEqual(['gateway infra/pool', 'route edge/late']);
  });
});

describe('sweep', () => {
  it('at a full five minutes asks for every object', async () => {
    world.now = new Date('2026-11-24T14:05:10Z');
    await onSweep(wiring, push(''));
    expect(asked()).toEqual([
      'class /persistent-ip-regional-external',
      'gateway infra/pool',
      'route edge/nat',
    ]);
  });

  describe('of classes and Gateways that read as they should', () => {
    const sweep = async () => {
      world.published.length = 0;
      await onSweep(wiring, push(''));
      return asked();
    };
    beforeEach(async () => {
      world.now = new Date('2026-11-24T14:05:10Z');
      await sweep();
      for (const { kind, namespace, name } of [...world.published])
        if (kind !== 'route') await onReconcileRequest(wiring, push({ ...request, kind, namespace, name }));
    });

    it('says nothing, until one of them does not', async () => {
      expect(await sweep()).toEqual(['route edge/nat']);
      const { status } = gateway();
      const settled = world.gateways.get('infra/pool')!;
      world.gateways.set('infra/pool', { ...settled, status });
      expect(await sweep()).toEqual(['gateway infra/pool', 'route edge/nat']);
    });

    it('mends the count of a Gateway that a route no longer names', async () => {
      world.put(route(undefined, { parentRefs: [] }));
      expect(await sweep()).toEqual(['gateway infra/pool', 'route edge/nat']);
    });

    it('asks for all of them while Compute does not answer', async () => {
      world.before = (call) => {
        if (call === 'list-addresses') throw new Failure('retry', 'noAnswer', 0, 'unreachable');
      };
      expect(await sweep()).toHaveLength(3);
    });
  });

  it('at the other minutes asks for the routes that are not Ready', async () => {
    world.now = new Date('2026-11-24T14:06:10Z');
    const done = [condition('Ready', 'True', 'ProgrammingComplete')];
    world.put(route(undefined, { metadata: metadata('done'), status: { pods: [], conditions: done } }));
    await onSweep(wiring, push(''));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('says how long the route that waits longest is not Ready, for the alert', async () => {
    const at = (name: string, status: 'True' | 'False', since: string) =>
      route(undefined, {
        metadata: metadata(name),
        status: {
          pods: [],
          conditions: [{ ...condition('Ready', status, 'NoPodsFound'), lastTransitionTime: since }],
        },
      });
    const longest = async () =>
      (await sweepCluster(world.deps, { scope: 'minute', cause, deadline: world.now })).longestUnreadySeconds;
    world.now = new Date('2026-11-24T14:06:10Z');
    world.put(at('nat', 'True', '2026-11-24T12:00:00Z'));
    expect(await longest()).toBe(0);
    world.put(at('late', 'False', '2026-11-24T14:05:10Z'));
    world.put(at('later', 'False', '2026-11-24T14:06:00Z'));
    expect(await longest()).toBe(60);
    world.put(route(undefined, { metadata: metadata('never-seen'), status: { pods: [], conditions: [] } }));
    expect(await longest()).toBe(370);
  });

  it('asks for everything when it is told to', async () => {
    world.now = new Date('2026-11-24T14:06:10Z');
    await onSweep(wiring, push('', { attributes: { scope: 'all' } }));
    expect(asked()).toHaveLength(3);
  });

  it('a cluster that cannot be read is delivered again', async () => {
    world.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'unreachable');
    };
    expect(await onSweep(wiring, push(''))).toMatchObject({
      kind: 'retry',
      why: expect.stringContaining('prod'),
    });
  });
});
