import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { stemOf } from '../../../functions/persistent-ip/names.ts';
import { describeReservation } from '../../../functions/persistent-ip/ownership.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { address, cause, clusterKey, gateway, metadata, pod, route, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;

const deliver = (uid = 'uid-nat') => reconcile(world.deps, { ...routeRequest(), uid });
const left = () => [
  ...world.services.keys(),
  ...world.rules.keys(),
  ...world.firewalls.keys(),
  ...world.negs.keys(),
];
/** Somebody takes the finalizer off by force. */
const vanish = (): void => {
  world.routes.delete('edge/nat');
  world.calls.length = 0;
  world.audited.length = 0;
};
/** As if somebody had written another description. */
const rewrite = (change: (text: string) => string): void => {
  for (const [name, one] of world.services)
    world.services.set(name, { ...one, description: change(one.description) });
  for (const [name, one] of world.rules)
    world.rules.set(name, { ...one, description: change(one.description) });
  for (const [name, one] of world.firewalls)
    world.firewalls.set(name, { ...one, description: change(one.description) });
  for (const [name, one] of world.negs) world.negs.set(name, { ...one, owner: change(one.owner ?? '') });
};

beforeEach(async () => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  await deliver();
  expect(left()).toHaveLength(4);
});

describe('what a route has left behind that is gone', () => {
  it('goes: first who held the addresses, then rules, firewall rule, backend service, NEGs; and no address', async () => {
    vanish();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(left()).toEqual([]);
    expect(world.mutations).toEqual([
      'patch-backend-service',
      'delete-forwarding-rule',
      'delete-firewall',
      'delete-backend-service',
      'delete-neg',
    ]);
    expect(world.reserved.map(({ ip }) => ip)).toEqual(['34.1.2.3']);
  });

  it('is told of in the audit log before the record goes', async () => {
    vanish();
    world.before = (call) => {
      if (call === 'delete-backend-service')
        expect(world.audited.map(({ action }) => action)).toEqual(['allocate', 'release']);
    };
    await deliver();
    expect(world.audited.at(-1)).toMatchObject({
      action: 'release',
      route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
      from: { pod: 'nat-1' },
      addresses: ['34.1.2.3'],
      outcome: 'nobody',
    });
  });

  it('a crash anywhere leaves a state from which the next delivery goes on, and one release in the audit log', async () => {
    vanish();
    await deliver();
    const { length } = world.calls;
    for (let crash = 1; crash <= length; crash += 1) {
      world = worldOfRoute();
      world.pods.set('edge/nat-1', pod('nat-1'));
      await deliver();
      vanish();
      let calls = 0;
      world.before = () => {
        calls += 1;
        if (calls === crash) throw new Error('the instance ends');
      };
      await deliver().catch(() => undefined);
      world.before = () => {};
      expect(await deliver()).toEqual({ kind: 'settled' });
      expect(left()).toEqual([]);
      const releases = world.audited.filter(({ action }) => action === 'release');
      expect(new Set(releases.map(({ insertId, timestamp }) => `${insertId} ${timestamp}`)).size).toBe(1);
    }
  });

  it('of a route that exists again goes, the new route’s own stay, and it gets the address', async () => {
    world.routes.delete('edge/nat');
    world.put(route(undefined, { metadata: metadata('nat', { uid: 'uid-again' }) }));
    await deliver();
    expect(left()).toHaveLength(4);
    for (const name of left())
      expect(name).toContain(
        stemOf({ cluster: clusterKey, namespace: 'edge', name: 'nat', uid: 'uid-again' }),
      );
    expect(world.routes.get('edge/nat')?.status.pods).toEqual(['nat-1']);
    world.calls.length = 0;
    await deliver();
    expect(world.mutations).toEqual([]);
  });

  it('wakes whoever waits for its address', async () => {
    const waits = route(undefined, {
      metadata: metadata('late', { creationTimestamp: '2026-11-24T14:01:00Z' }),
    });
    world.put(waits);
    await reconcile(world.deps, { ...routeRequest(), name: 'late', uid: 'uid-late' });
    vanish();
    world.published.length = 0;
    await deliver();
    expect(world.published).toContainEqual(expect.objectContaining({ kind: 'route', name: 'late' }));
  });

  it('a fingerprint that has changed meanwhile is read again', async () => {
    vanish();
    let moved = false;
    world.before = (call) => {
      if (call !== 'patch-backend-service' || moved) return;
      moved = true;
      for (const [name, one] of world.services) world.services.set(name, { ...one, fingerprint: 'newer' });
    };
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(left()).toEqual([]);
  });

  it('while something still uses it, is tried again until it goes', async () => {
    vanish();
    let refusals = 3;
    world.before = (call) => {
      if (call === 'delete-neg' && refusals-- > 0)
        throw new Failure('in-use', 'resourceInUseByAnotherResource', 400, 'in use');
    };
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(left()).toEqual([]);
  });

  it('what Google Cloud refuses for good is said once, however often it is tried', async () => {
    vanish();
    world.before = (call) => {
      if (call === 'delete-firewall') throw new Failure('user', 'forbidden', 403, 'no rights');
    };
    for (const _ of [1, 2]) expect(await deliver()).toEqual({ kind: 'settled' });
    world.now = new Date(world.now.getTime() + 3_600_000);
    await deliver();
    const said = world.audited.filter(({ action }) => action === 'refuse');
    expect(said.length).toBeGreaterThan(1);
    expect(new Set(said.map(({ insertId, timestamp }) => `${insertId} ${timestamp}`)).size).toBe(1);
    expect(said[0]).toMatchObject({
      addresses: ['34.1.2.3'],
      outcome: expect.stringContaining('forbidden: no rights'),
    });
  });
});

describe('nothing is touched', () => {
  it.each<[string, () => void]>([
    ['of another deployment', () => rewrite((text) => text.replace('"test"', '"other"'))],
    ['of another cluster', () => rewrite((text) => text.replace('"cluster-uid"', '"other"'))],
    ['of a cluster of another name', () => rewrite((text) => text.replace('"prod"', '"other"'))],
    ['of another route', () => rewrite((text) => text.replace('"uid-nat"', '"other"'))],
    ['of another namespace', () => rewrite((text) => text.replace('"edge"', '"other"'))],
    ['without a record', () => rewrite(() => 'made by hand')],
  ])('%s', async (_, change) => {
    change();
    vanish();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(world.mutations).toEqual([]);
    expect(left()).toHaveLength(4);
    expect(world.audited).toEqual([]);
  });

  it('by a request of another uid', async () => {
    vanish();
    await deliver('uid-other');
    expect(world.mutations).toEqual([]);
  });

  it.each([
    [
      'the route cannot be read: its CRD is missing',
      'get-route',
      new Failure('retry', 'NotFound', 404, 'no CRD'),
    ],
    ['the API server refuses', 'get-route', new Failure('retry', 'Forbidden', 403, 'no rights')],
    ['the cluster cannot say who it is', 'get-namespace', new Failure('retry', 'timeout', 0, 'no answer')],
  ])('when %s', async (_, call, failure) => {
    vanish();
    world.before = (made) => {
      if (made === call) throw failure;
    };
    expect(await deliver()).toMatchObject({ kind: 'unreadable' });
    expect(world.mutations).toEqual([]);
  });

  it('when the cluster behind the endpoint is another one by now', async () => {
    vanish();
    world.kubeSystem = { ...world.kubeSystem!, metadata: metadata('kube-system', { uid: 'another' }) };
    await deliver();
    expect(world.mutations).toEqual([]);
  });

  it('when the route is there after all', async () => {
    const present = world.routes.get('edge/nat')!;
    let reads = 0;
    vanish();
    world.before = (call) => {
      reads += call === 'get-route' ? 1 : 0;
      if (reads === 2) world.routes.set('edge/nat', present);
    };
    await deliver();
    expect(world.mutations).toEqual([]);
  });
});

describe('what was reserved for a Gateway that is gone', () => {
  const identity = { cluster: clusterKey, namespace: 'infra', name: 'gone', uid: 'uid-gone' };
  const request = { cluster: clusterKey, kind: 'gateway', namespace: 'infra', name: 'gone', cause } as const;
  const reserve = (): void => {
    world.reserved.push(
      address('34.200.0.10', {
        name: `${stemOf(identity)}-0`,
        description: describeReservation({
          deployment: 'test',
          clusterUid: 'cluster-uid',
          gateway: identity,
        }),
      }),
    );
  };
  const ask = (uid = 'uid-gone') => reconcile(world.deps, { ...request, uid });
  const ips = () => world.reserved.map(({ ip }) => ip);

  it('is returned, and what a user has reserved is not', async () => {
    reserve();
    expect(await ask()).toEqual({ kind: 'settled' });
    expect(ips()).toEqual(['34.1.2.3']);
  });

  it('also when a Gateway of its name exists again', async () => {
    reserve();
    world.gateways.set(
      'infra/gone',
      gateway([], { metadata: metadata('gone', { namespace: 'infra', uid: 'uid-new' }) }),
    );
    await ask();
    expect(ips()).toEqual(['34.1.2.3']);
  });

  it('stays when Gateways cannot be read, and while another one names it', async () => {
    reserve();
    world.before = (call) => {
      if (call === 'get-gateway') throw new Failure('retry', 'NotFound', 404, 'no CRD');
    };
    expect(await ask()).toMatchObject({ kind: 'unreadable' });
    world.before = () => {};
    world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.200.0.10']));
    await ask();
    expect(ips()).toEqual(['34.1.2.3', '34.200.0.10']);
  });
});
