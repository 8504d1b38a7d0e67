import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Gateway, Route } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  metadata,
  namespace,
  node,
  parentRef,
  pod,
  route,
} from '../fixtures.ts';
import { World } from '../world.ts';

/**
 * Two pools share a block: `pool` has 34.1.2.3, `other` has 34.1.2.5. The node agents map what a route's prefix says,
 * whichever addresses its pool has, so overlap is judged by prefix. Source: design/concepts.md, *Who gets an address*.
 */
let world: World;

const otherPool: Gateway = gateway(['34.1.2.5'], { metadata: metadata('other', { namespace: 'infra' }) });
const whole = (more: Partial<Route['metadata']> = {}): Route =>
  route([], {
    metadata: metadata('whole', more),
    addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.0/29' }],
  });
const single = (more: Partial<Route['metadata']> = {}): Route =>
  route(['34.1.2.5'], { metadata: metadata('single', more), parentRefs: [parentRef({ name: 'other' })] });
const deliver = (name: string) =>
  reconcile(world.deps, { cluster: clusterKey, kind: 'route', namespace: 'edge', name, cause });
const accepted = (name: string) =>
  findCondition(world.routes.get(`edge/${name}`)!.status.conditions, 'Accepted');

beforeEach(() => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway());
  world.gateways.set('infra/other', otherPool);
  world.reserved.push(address('34.1.2.3'), address('34.1.2.5'));
  world.namespaces.set('edge', namespace());
  world.nodes.set('node-a', node('node-a'));
  world.pods.set('edge/nat-1', pod('nat-1'));
});

describe('of two prefixes that overlap where the routes share no address', () => {
  it('the one whose address is in use inside the other keeps it, also against an older route', async () => {
    world.put(single());
    await deliver('single');
    world.put(whole({ creationTimestamp: '2026-11-24T13:00:00Z' }));
    await deliver('whole');
    expect(accepted('whole')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
    expect(accepted('whole')?.message).toContain('34.1.2.5 belongs to GKEIPRoute edge/single');
  });

  it('a route in use does not lose to an older one that comes into its prefix', async () => {
    world.put(whole());
    await deliver('whole');
    world.put(single({ creationTimestamp: '2026-11-24T13:00:00Z' }));
    await deliver('single');
    await deliver('whole');
    expect(accepted('single')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
    expect(accepted('whole')?.status).toBe('True');
  });

  it('the older wins while neither is in use', async () => {
    world.pods.clear();
    world.put(whole());
    world.put(single({ creationTimestamp: '2026-11-24T13:00:00Z' }));
    await deliver('whole');
    await deliver('single');
    expect(accepted('single')?.status).toBe('True');
    expect(accepted('whole')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
  });
});

/** The user edits a live route. */
const edit = (name: string, value: string): void => {
  const live = world.routes.get(`edge/${name}`)!;
  world.put({
    ...live,
    metadata: { ...live.metadata, generation: live.metadata.generation + 1 },
    addresses: [{ type: 'gke.networking.io/cidr', value }],
  });
};

describe('a route that holds all its addresses is asked again what its prefix overlaps', () => {
  it('when it is edited: it gets no prefix in which another route’s address is', async () => {
    world.put(single());
    await deliver('single');
    world.put(route());
    await deliver('nat');
    edit('nat', '0.0.0.0/0');
    await deliver('nat');
    expect(accepted('nat')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
    expect(world.routes.get('edge/nat')!.status.pods).toEqual([]);
    expect(accepted('single')?.status).toBe('True');
  });

  it('when it was not accepted for a while: whoever came meanwhile keeps its address', async () => {
    world.put(whole());
    await deliver('whole');
    const pool = world.gateways.get('infra/pool')!;
    world.gateways.set('infra/pool', { ...pool, status: { ...pool.status, conditions: [] } });
    await deliver('whole');
    expect(accepted('whole')?.reason).toBe('GatewayNotAccepted');
    world.put(single());
    await deliver('single');
    expect(accepted('single')?.status).toBe('True');
    world.gateways.set('infra/pool', pool);
    await deliver('whole');
    expect(accepted('whole')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
  });

  it('and not at any other delivery', async () => {
    world.put(whole());
    await deliver('whole');
    world.calls.length = 0;
    await deliver('whole');
    expect(world.calls).not.toContain('list-routes');
  });
});

it('an incumbent of one address of a block keeps it when the pool grows by one that an older route waits for', async () => {
  world.put(whole());
  await deliver('whole');
  world.put(
    route([], {
      metadata: metadata('older', { creationTimestamp: '2026-11-24T13:00:00Z' }),
      addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.0/28' }],
    }),
  );
  world.reserved.push(address('34.1.2.4'));
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  await deliver('older');
  await deliver('whole');
  expect(accepted('older')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
  expect([...world.rules.values()].map(({ ip }) => ip).sort()).toEqual(['34.1.2.3', '34.1.2.4']);
});

it('a route that loses to another of ours is told so, also while a stranger uses a third address', async () => {
  world.rules.set('by-hand', {
    name: 'by-hand',
    fingerprint: '1',
    ip: '34.1.2.4',
    description: 'made by hand',
    network: '',
    allowGlobalAccess: false,
    backendService: 'other',
  });
  world.reserved.push(address('34.1.2.4'));
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  world.put(whole());
  world.put(
    route(['34.1.2.3'], { metadata: metadata('older', { creationTimestamp: '2026-11-24T13:00:00Z' }) }),
  );
  await deliver('whole');
  expect(accepted('whole')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
});

it('a live route that gives an address up names its Pod all the while', async () => {
  world.reserved.push(address('34.1.2.4'));
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  world.put(whole());
  await deliver('whole');
  const live = world.routes.get('edge/whole')!;
  world.put({
    ...live,
    metadata: { ...live.metadata, generation: 2 },
    addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.3/32' }],
  });
  const named: (readonly string[])[] = [];
  world.before = (call) => {
    if (call === 'delete-forwarding-rule') named.push(world.routes.get('edge/whole')!.status.pods);
  };
  await deliver('whole');
  expect(named).toEqual([['nat-1']]);
});

it('a live route that claims one more address names nobody until it has it, and says that its Pod was taken out', async () => {
  world.reserved.push(address('34.1.2.4'));
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  world.put(route());
  await deliver('nat');
  const live = world.routes.get('edge/nat')!;
  world.put({ ...live, metadata: { ...live.metadata, generation: 2 }, addresses: whole().addresses });
  const said: unknown[] = [];
  world.before = (call) => {
    const { status } = world.routes.get('edge/nat')!;
    if (call === 'create-forwarding-rule')
      said.push([status.pods, findCondition(status.conditions, 'DPV2Ready')?.reason]);
  };
  await deliver('nat');
  expect(said).toEqual([[[], 'NoPodsFound']]);
});

it('an address that an edit gives up goes to the route that waits for it, which is told when it is free', async () => {
  world.reserved.push(address('34.1.2.4'));
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  world.put(route(['34.1.2.3', '34.1.2.4']));
  await deliver('nat');
  world.put(route(['34.1.2.4'], { metadata: metadata('waiting') }));
  await deliver('waiting');
  expect(accepted('waiting')?.status).toBe('False');
  edit('nat', '34.1.2.3/32');
  world.before = (call) => {
    if (call === 'delete-forwarding-rule') world.published.length = 0;
  };
  await deliver('nat');
  expect(world.published.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'gateway pool',
    'route waiting',
  ]);
  await deliver('waiting');
  expect(accepted('waiting')?.status).toBe('True');
});

it('a prefix that overlaps many routes costs as many calls as one that overlaps one', async () => {
  const callsWith = async (rivals: number): Promise<number> => {
    for (let i = 0; i < rivals; i += 1)
      world.put(route(['34.1.2.5'], { metadata: metadata(`rival-${i}`), parentRefs: [] }));
    world.put(whole());
    world.calls.length = 0;
    await deliver('whole');
    return world.calls.length;
  };
  expect(await callsWith(1)).toBeGreaterThan(0);
  const some = await callsWith(1);
  expect(await callsWith(40)).toBe(some);
});

it('of two routes that got their addresses at one moment, the second to look names no Pod', async () => {
  world.put(single());
  await deliver('single');
  const served = world.routes.get('edge/single')!;
  // The other's delivery has not seen it: it was created in between. It has its rule, and was about to name its Pod.
  world.routes.delete('edge/single');
  world.put(whole());
  await deliver('whole');
  const allocated = world.routes.get('edge/whole')!;
  const conditions = allocated.status.conditions.map((c) =>
    c.type === 'GCPReady' ? { ...c, status: 'False' as const, reason: 'GCPNotReady' } : c,
  );
  world.put({ ...allocated, status: { pods: [], conditions } });
  world.put(served);
  await deliver('whole');
  expect(accepted('whole')).toMatchObject({ status: 'False', reason: 'InvalidAddresses' });
  expect(world.routes.get('edge/whole')!.status.pods).toEqual([]);
});
