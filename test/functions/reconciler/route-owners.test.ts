import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { cause, clusterKey, gateway, gatewayClass, metadata, route } from '../fixtures.ts';
import { allocate, aRoute, deliver, present, reason, world } from './one-route.ts';

aRoute();

describe("a route with GKE's marks", () => {
  const marked = (parent = 'infra/pool'): void => {
    const [namespace = '', name = ''] = parent.split('/');
    world.put({
      ...route(['34.1.2.3']),
      metadata: metadata('nat', { annotations: { 'networking.gke.io/pip-forwarding-rule': 'x' } }),
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace, name }],
    });
  };

  it('is left alone, and the audit log says so by the same entry at every delivery', async () => {
    marked();
    await deliver('first');
    await deliver('second');
    const [one, other] = world.audited;
    expect(one).toMatchObject({ action: 'refuse', timestamp: '2026-11-24T14:00:00.000Z' });
    expect(other).toEqual(one);
    expect(world.mutations).toEqual([]);
    expect(world.statusWrites).toBe(0);
  });

  it('says nothing when no Gateway of ours is its parent', async () => {
    world.classes.push(gatewayClass({ metadata: metadata('theirs'), controllerName: 'x/y' }));
    world.gateways.set('infra/theirs', {
      ...gateway([], { className: 'theirs' }),
      metadata: metadata('theirs', { namespace: 'infra' }),
    });
    marked('infra/theirs');
    await deliver();
    expect(world.audited).toEqual([]);
  });
});

describe('conflicts between routes', () => {
  it('the older of two claimants gets the address, the other is told who has it', async () => {
    world.put(
      route(['34.1.2.0'], { metadata: metadata('old', { creationTimestamp: '2026-11-24T13:00:00Z' }) }),
    );
    await deliver();
    expect(reason('Accepted')).toBe('InvalidAddresses');
    expect(findCondition(present().status.conditions, 'Accepted')?.message).toContain('edge/old');
    expect(world.mutations).toEqual([]);
  });

  it('an incumbent keeps its address against an older claimant', async () => {
    await allocate();
    world.put(
      route(['34.1.2.0'], { metadata: metadata('old', { creationTimestamp: '2026-11-24T13:00:00Z' }) }),
    );
    await reconcile(world.deps, {
      cluster: clusterKey,
      kind: 'route',
      namespace: 'edge',
      name: 'old',
      cause,
    });
    expect(findCondition(world.routes.get('edge/old')!.status.conditions, 'Accepted')?.reason).toBe(
      'InvalidAddresses',
    );
    expect(present().status.pods).toEqual(['nat-1']);
  });
});
