import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { pod, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;

const words = "Required 'compute.firewalls.get' permission for 'projects/host/global/firewalls/x'";
const present = (): Route => world.routes.get('edge/nat')!;
const why = (type: string) => findCondition(present().status.conditions, type);
const deliver = () => reconcile(world.deps, routeRequest());
const refuse = (refused: string): void => {
  world.before = (call) => {
    if (call === refused) throw new Failure('user', 'forbidden', 403, words);
  };
};

beforeEach(() => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
});

describe('a project that refuses to be read', () => {
  it.each(['get-firewall', 'get-backend-service', 'list-negs', 'list-addresses-of'])(
    'is named by the route, in its own words (%s); nothing is made, and nothing is tried again at once',
    async (call) => {
      refuse(call);
      expect(await deliver()).toEqual({ kind: 'settled' });
      const message = `Google Cloud refused (forbidden): ${words}`;
      expect(why('GCPReady')).toMatchObject({ status: 'False', reason: 'GCPFailed', message });
      expect(why('Ready')).toMatchObject({ status: 'False', reason: 'GCPFailed', message });
      expect(world.mutations).toEqual([]);
    },
  );

  it('takes no address from the Pod that holds it, and is over when it is over', async () => {
    await deliver();
    refuse('get-firewall');
    world.calls.length = 0;
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
    expect([why('Accepted')?.status, why('Ready')?.reason]).toEqual(['True', 'GCPFailed']);
    world.before = () => {};
    await deliver();
    expect(why('GCPReady')?.status).toBe('True');
    expect(world.mutations).toEqual(['patch-backend-service']);
    const told = world.audited.filter(({ action }) => action === 'allocate');
    expect(new Set(told.map(({ insertId, timestamp }) => `${insertId} ${timestamp}`)).size).toBe(1);
  });

  it('keeps the finalizer of a route that is being deleted, whose Pod is told at once', async () => {
    await deliver();
    refuse('get-firewall');
    world.put({
      ...present(),
      metadata: { ...present().metadata, deletionTimestamp: '2026-11-24T14:06:00Z' },
    });
    await deliver();
    expect(present().status.pods).toEqual([]);
    expect([why('Accepted')?.reason, why('GCPReady')?.reason, why('Ready')?.reason]).toEqual([
      'Mutated',
      'GCPFailed',
      'Mutated',
    ]);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    world.before = () => {};
    await deliver();
    expect(world.routes.size).toBe(0);
  });
});

describe("a person's resource that uses one of ours", () => {
  const users = "The backend_service resource 'x' is already being used by 'forwardingRules/somebodys'";
  const deleteRoute = () =>
    world.put({
      ...present(),
      metadata: { ...present().metadata, deletionTimestamp: '2026-11-24T14:06:00Z' },
    });
  const inUse = (until: (tries: number) => boolean) => {
    let tries = 0;
    world.before = (call) => {
      if (call !== 'delete-backend-service') return;
      tries += 1;
      if (!until(tries)) throw new Failure('in-use', 'resourceInUseByAnotherResource', 400, users);
    };
  };

  it('is named by the route that it keeps from being released, which asks no more at once', async () => {
    await deliver();
    deleteRoute();
    inUse(() => false);
    world.published.length = 0;
    expect(await deliver()).toEqual({ kind: 'settled' });
    const message = `Google Cloud refused (resourceInUseByAnotherResource): ${users}`;
    expect(why('GCPReady')).toMatchObject({ status: 'False', reason: 'GCPFailed', message });
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    expect(world.published.filter(({ kind }) => kind === 'route')).toEqual([]);
  });

  it('is none while it may be our own, which goes in a moment', async () => {
    await deliver();
    deleteRoute();
    inUse((tries) => tries > 5);
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(world.routes.size).toBe(0);
    expect(
      world.audited.flatMap(({ conditions = [] }) => conditions).map(({ reason }) => reason),
    ).not.toContain('GCPFailed');
  });
});

describe('a record that Google Cloud does not let us write any more, because the leader is gone with its VM', () => {
  const words = "Invalid value for field 'resource.haPolicy.leader': the instance is not attached";
  const left = () =>
    [world.services, world.rules, world.firewalls, world.negs].flatMap((kind) => [...kind.keys()]);
  const refusePatch = () => {
    world.before = (call) => {
      if (call === 'patch-backend-service') throw new Failure('user', 'invalid', 400, words);
    };
  };
  const deleteRoute = () =>
    world.put({
      ...present(),
      metadata: { ...present().metadata, deletionTimestamp: '2026-11-24T14:06:00Z' },
    });
  const releases = () => world.audited.filter(({ action }) => action === 'release');

  it('keeps no route from being released, and the audit log has the release', async () => {
    await deliver();
    deleteRoute();
    refusePatch();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect([left(), world.routes.size]).toEqual([[], 0]);
    expect(releases()).toMatchObject([
      { from: { pod: 'nat-1' }, addresses: ['34.1.2.3'], outcome: 'nobody', changes: 2 },
    ]);
  });

  it('wherever that breaks off, the next delivery goes on, and the log has one release', async () => {
    await deliver();
    deleteRoute();
    refusePatch();
    world.calls.length = 0;
    await deliver();
    const { length } = world.calls;
    for (let crash = 1; crash <= length; crash += 1) {
      world = worldOfRoute();
      world.pods.set('edge/nat-1', pod('nat-1'));
      await deliver();
      deleteRoute();
      let calls = 0;
      world.before = (call) => {
        calls += 1;
        if (calls === crash) throw new Error('crash');
        if (call === 'patch-backend-service') throw new Failure('user', 'invalid', 400, words);
      };
      await deliver().catch(() => {});
      calls = length;
      world.now = new Date(world.now.getTime() + 60_000);
      await deliver();
      expect([crash, left(), world.routes.size]).toEqual([crash, [], 0]);
      const told = new Set(releases().map(({ insertId, timestamp }) => `${insertId} ${timestamp}`));
      expect([crash, told.size]).toEqual([crash, 1]);
    }
  });

  it('keeps nothing of a route that is gone', async () => {
    await deliver();
    world.routes.delete('edge/nat');
    refusePatch();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(left()).toEqual([]);
    expect(releases()).toHaveLength(1);
  });

  it('is still reported where the route only waits', async () => {
    await deliver();
    world.pods.delete('edge/nat-1');
    refusePatch();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(why('GCPReady')).toMatchObject({ reason: 'GCPFailed' });
    expect(left()).toHaveLength(4);
  });
});
