import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Pod, Route } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  condition,
  gateway,
  gatewayClass,
  metadata,
  namespace,
  network,
  node,
  paramSet,
  pod,
  route,
  routeRequest,
} from '../fixtures.ts';
import { msUntil } from '../ms-until.ts';
import { World } from '../world.ts';

let world: World;

const present = (): Route => world.routes.get('edge/nat')!;
const why = (type: string) => findCondition(present().status.conditions, type);
const deliver = () => reconcile(world.deps, routeRequest());
const edit = (change: Partial<Route>): void => {
  const { metadata: meta, ...rest } = present();
  world.put({ ...rest, ...change, metadata: { ...meta, generation: meta.generation + 1 } });
};
const put = (...pods: readonly Pod[]): void => {
  for (const one of pods) world.pods.set(`edge/${one.metadata.name}`, one);
};
const places = () =>
  [...world.negs.values()].map(({ zone, network: vpc, subnetwork, endpoints }) => [
    zone,
    vpc,
    subnetwork,
    ...endpoints,
  ]);
const noCrd = (call: string): void => {
  if (/^list-(networks|param-sets)$/.test(call))
    throw new Failure('retry', 'HTTP 404', 404, 'the server could not find the requested resource');
};

beforeEach(() => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway());
  world.reserved.push(address('34.1.2.3'));
  world.namespaces.set('edge', namespace('edge'));
  for (const [name, zone] of [
    ['node-a', 'us-central1-a'],
    ['node-b', 'us-central1-b'],
  ] as const) {
    world.nodes.set(name, node(name, zone));
    world.nics.set(`${zone}/${name}`, ['default', 'blue-subnet']);
  }
  world.networks.push(network('blue'));
  world.paramSets.push(paramSet('blue'));
  put(pod('nat-1', { networks: ['default', 'blue'] }));
  world.put(route(['34.1.2.3'], { network: 'blue' }));
});

describe('a route of another network', () => {
  it("has its NEGs in that network's subnetwork, and its firewall rule in that network", async () => {
    put(pod('nat-2', { nodeName: 'node-b', networks: ['blue'], ready: false }));
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
    expect(places().sort()).toEqual([
      ['us-central1-a', 'blue-vpc', 'blue-subnet', 'node-a'],
      ['us-central1-b', 'blue-vpc', 'blue-subnet', 'node-b'],
    ]);
    expect([...world.firewalls.values()].map((rule) => rule.network)).toEqual(['blue-vpc']);
  });

  it('goes to no Pod without an interface on it', async () => {
    world.pods.clear();
    put(pod('nat-1'), pod('nat-2', { networks: ['default', 'red'] }));
    await deliver();
    expect(why('Ready')?.reason).toBe('NoPodsFound');
    put(pod('nat-0', { networks: ['blue'] }));
    await deliver();
    expect(present().status.pods).toEqual(['nat-0']);
  });

  it("trusts the Node's annotation where the VM cannot be read or does not say", async () => {
    world.nics.clear();
    world.nodes.set('node-a', node('node-a', 'us-central1-a', { networks: ['blue'] }));
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
  });

  it('names the Node that has no network interface there', async () => {
    world.nics.clear();
    await deliver();
    expect(why('GCPReady')).toMatchObject({
      reason: 'GCPFailed',
      message: expect.stringContaining('Node node-a has no network interface in subnetwork blue-subnet'),
    });
    expect(world.mutations).toEqual([]);
  });

  it('moves to a standby with one mutation, after one round of reads more than in the default network', async () => {
    put(pod('nat-2', { nodeName: 'node-b', networks: ['blue'], ready: false }));
    await deliver();
    world.calls.length = 0;
    world.pods.delete('edge/nat-1');
    put(pod('nat-2', { nodeName: 'node-b', networks: ['blue'] }));
    expect(await msUntil(world, 'patch-backend-service', deliver)).toBe(400);
    expect(world.mutations).toEqual(['patch-backend-service']);
  });
});

describe('a Network that is not there, or not ready', () => {
  it.each<[string, string, () => void]>([
    ['does not exist', 'NetworkNotFound', () => world.networks.splice(0)],
    [
      'is not ready',
      'NetworkNotReady',
      () =>
        world.networks.splice(
          0,
          1,
          network('blue', { conditions: [condition('Ready', 'False', 'X', 'no range')] }),
        ),
    ],
    [
      'has no condition yet',
      'NetworkNotReady',
      () => world.networks.splice(0, 1, network('blue', { conditions: [] })),
    ],
    [
      'is of another type',
      'NetworkNotReady',
      () => world.networks.splice(0, 1, network('blue', { type: 'L2' })),
    ],
    [
      'is being deleted',
      'NetworkNotReady',
      () =>
        world.networks.splice(
          0,
          1,
          network('blue', { metadata: metadata('blue', { deletionTimestamp: '2026-11-24T14:05:00Z' }) }),
        ),
    ],
    [
      'names no parameter set',
      'NetworkNotReady',
      () => {
        const { paramSet: _, ...bare } = network('blue');
        world.networks.splice(0, 1, bare);
      },
    ],
    ['has lost its parameter set', 'NetworkNotReady', () => world.paramSets.splice(0)],
    [
      'is a network attachment',
      'NetworkNotReady',
      () => world.paramSets.splice(0, 1, paramSet('blue', { vpc: '', vpcSubnet: '' })),
    ],
  ])('that %s: %s, nobody is named, nothing is deleted, and it heals', async (_, reason, break_) => {
    await deliver();
    world.calls.length = 0;
    break_();
    await deliver();
    expect(why('Accepted')).toMatchObject({ status: 'False', reason });
    expect(why('Accepted')?.message).toContain('"blue"');
    expect(present().status.pods).toEqual([]);
    expect(world.mutations).toEqual(['patch-backend-service']);
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-a');
    world.networks.splice(0, world.networks.length, network('blue'));
    world.paramSets.splice(0, world.paramSets.length, paramSet('blue'));
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
    expect(world.mutations).toEqual(['patch-backend-service', 'patch-backend-service']);
  });

  it('that nobody can read: nothing is written, and the delivery comes again', async () => {
    world.before = noCrd;
    expect(await deliver()).toMatchObject({ kind: 'unreadable' });
    expect(present().status.conditions).toEqual([]);
    expect(world.mutations).toEqual([]);
  });

  it('that nobody can read is nothing to us on a route of another controller', async () => {
    world.before = noCrd;
    const finalizers = ['networking.gke.io/gke-ipr-controller'];
    world.put({ ...present(), metadata: { ...present().metadata, finalizers } });
    expect(await deliver()).toEqual({ kind: 'settled' });
  });

  it('that nobody can read keeps no route from being deleted', async () => {
    await deliver();
    world.before = noCrd;
    world.put({
      ...present(),
      metadata: { ...present().metadata, deletionTimestamp: '2026-11-24T14:06:00Z' },
    });
    await deliver();
    expect(world.routes.size).toBe(0);
    expect([world.services.size, world.rules.size, world.firewalls.size, world.negs.size]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('that nobody can read gives an older route no claim to an address', async () => {
    world.before = noCrd;
    const older = { creationTimestamp: '2026-11-24T13:00:00Z' };
    world.put(route(['34.1.2.3'], { metadata: metadata('older', older), network: 'blue' }));
    edit({ network: 'default' });
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
  });
});

describe('the default network', () => {
  it.each(['default', 'pod-network'])('by its name %s costs no read of a Network', async (name) => {
    edit({ network: name });
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
    expect(world.calls.filter((call) => /networks|param-sets|endpoints/.test(call))).toEqual([]);
    expect(places()).toEqual([['us-central1-a', 'default', 'default', 'node-a']]);
  });
});

describe('a live route that changes its network', () => {
  const becomesBlue = async (): Promise<readonly string[]> => {
    edit({ network: 'default' });
    await deliver();
    world.calls.length = 0;
    edit({ network: 'blue' });
    const said: string[] = [];
    world.before = (call) => {
      if (/^(delete|create)-/.test(call))
        said.push(`${call} ${why('GCPReady')?.reason} ${present().status.pods}`);
    };
    await deliver();
    return said;
  };

  it('is torn down whole, then made anew; GCPNotReady, and nobody is named, meanwhile', async () => {
    expect(await becomesBlue()).toEqual([
      'delete-forwarding-rule GCPNotReady ',
      'delete-firewall GCPNotReady ',
      'delete-backend-service GCPNotReady ',
      'delete-neg GCPNotReady ',
      'create-neg GCPNotReady ',
      'create-backend-service GCPNotReady ',
      'create-forwarding-rule GCPNotReady ',
      'create-firewall GCPNotReady ',
    ]);
    expect(present().status.pods).toEqual(['nat-1']);
    expect(places()).toEqual([['us-central1-a', 'blue-vpc', 'blue-subnet', 'node-a']]);
    expect(why('Accepted')).toMatchObject({ status: 'True', observedGeneration: 3 });
  });

  it('back and forth while it is torn down leaves nothing behind', async () => {
    await becomesBlue();
    world.before = (call) => {
      if (call === 'delete-neg') throw new Error('crash');
    };
    edit({ network: 'default' });
    await expect(deliver()).rejects.toThrow('crash');
    world.before = () => {};
    edit({ network: 'blue' });
    await deliver();
    edit({ network: 'default' });
    await deliver();
    expect(places()).toEqual([['us-central1-a', 'default', 'default', 'node-a']]);
  });

  it('is made anew also when only the subnetwork of its network is another one', async () => {
    await deliver();
    world.paramSets.splice(0, 1, paramSet('blue', { vpcSubnet: 'other-subnet' }));
    world.nics.set('us-central1-a/node-a', ['default', 'other-subnet']);
    await deliver();
    expect(places()).toEqual([['us-central1-a', 'blue-vpc', 'other-subnet', 'node-a']]);
  });
});
