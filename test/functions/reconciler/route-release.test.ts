import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { metadata, route } from '../fixtures.ts';
import { allocate, aRoute, deliver, present, world } from './one-route.ts';

aRoute();

describe('release', () => {
  const remove = (): void => {
    const { metadata: old, ...rest } = present();
    world.put({ ...rest, metadata: { ...old, deletionTimestamp: '2026-11-24T14:06:00Z', generation: 2 } });
  };

  it('empties status.pods and drops Accepted before the first deletion, then leaves nothing behind', async () => {
    await allocate();
    remove();
    let atDelete: Route | undefined;
    world.before = (call) => {
      if (call === 'delete-forwarding-rule') atDelete ??= present();
    };
    await deliver('delete');
    expect(atDelete?.status.pods).toEqual([]);
    expect(findCondition(atDelete!.status.conditions, 'Accepted')?.reason).toBe('Mutated');
    expect(
      world.routes.size + world.rules.size + world.services.size + world.firewalls.size + world.negs.size,
    ).toBe(0);
    expect(world.audited.filter(({ action }) => action === 'release')).toHaveLength(1);
  });

  it('takes no other finalizer along that came while it was told of', async () => {
    await allocate();
    remove();
    world.before = (call) => {
      if (call !== 'publish' || world.services.size > 0) return;
      world.before = () => {};
      const { metadata: old, ...rest } = present();
      world.put({ ...rest, metadata: { ...old, finalizers: [...old.finalizers, 'example.com/theirs'] } });
    };
    await deliver('delete');
    expect(present().metadata.finalizers).toEqual(['example.com/theirs']);
  });

  it('leaves the finalizer to a delivery that has allocated anew before it is dropped', async () => {
    await allocate();
    const pool = world.gateways.get('infra/pool')!;
    world.gateways.set('infra/pool', { ...pool, addresses: [], status: { ...pool.status, addresses: [] } });
    world.pause = async () => {
      if (world.calls.at(-1) !== 'publish' || world.services.size > 0) return;
      world.pause = () => Promise.resolve();
      world.gateways.set('infra/pool', pool);
      await deliver('healed');
    };
    await deliver('released');
    expect(world.services.size).toBe(1);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
  });

  it('goes on where a crash left it', async () => {
    await allocate();
    remove();
    world.before = (call) => {
      if (call === 'delete-backend-service') throw new Error('crash');
    };
    await expect(deliver('delete')).rejects.toThrow('crash');
    world.before = () => {};
    expect(await deliver('delete')).toEqual({ kind: 'settled' });
    expect(world.routes.size + world.services.size + world.negs.size).toBe(0);
  });

  it('touches nothing that has our name and not our record', async () => {
    await allocate();
    for (const [name, firewall] of world.firewalls)
      world.firewalls.set(name, { ...firewall, description: 'mine' });
    remove();
    await deliver('delete');
    expect(world.firewalls.size).toBe(1);
    expect(world.routes.size).toBe(0);
  });

  it('tells the routes that wait for the addresses', async () => {
    await allocate();
    world.put(
      route(['34.1.2.0'], {
        metadata: metadata('late', { creationTimestamp: '2026-11-24T14:03:00Z' }),
      }),
    );
    remove();
    world.published.length = 0;
    await deliver('delete');
    expect(world.published.map(({ kind, name }) => `${kind}/${name}`)).toContain('route/late');
  });
});
