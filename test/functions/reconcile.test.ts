import { describe, expect, it } from 'vitest';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { asked, oneRoute, push, request, wiring, world } from './entries.ts';
import { clusterKey, condition, gateway, metadata, route } from './fixtures.ts';

oneRoute();

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
