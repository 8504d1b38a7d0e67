import { describe, expect, it } from 'vitest';
import { onClusterEvent } from '../../functions/on-cluster-event.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import { asked, oneRoute, push, wiring, world } from './entries.ts';
import { metadata, route } from './fixtures.ts';

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

oneRoute();

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
