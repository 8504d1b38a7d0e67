import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Gateway } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { address, cause, clusterKey, gateway, gatewayClass, metadata } from '../fixtures.ts';
import { World } from '../world.ts';

let world: World;

const ask = { type: 'IPAddress' };
const present = (): Gateway => world.gateways.get('infra/pool')!;
const condition = (type: string) => findCondition(present().status.conditions, type);
const offered = () => present().status.addresses.map(({ value }) => value);
const deliver = () =>
  reconcile(world.deps, { cluster: clusterKey, kind: 'gateway', namespace: 'infra', name: 'pool', cause });
/** The user writes the Gateway's entries. */
const write = (...addresses: Gateway['addresses']): void => {
  world.putGateway({ ...present(), addresses });
};
const remove = (): void => {
  const { metadata: meta, ...rest } = present();
  world.putGateway({ ...rest, metadata: { ...meta, deletionTimestamp: '2026-11-24T14:05:00Z' } });
};
const inUse = (ip: string, by = 'pip-edge-nat-0123456789ab-22c8000a'): void => {
  const at = world.reserved.findIndex((one) => one.ip === ip);
  world.reserved[at] = { ...world.reserved[at]!, users: [`https://x/regions/r/forwardingRules/${by}`] };
};
const quota = new Failure('user', 'quotaExceeded', 403, "Quota 'STATIC_ADDRESSES' exceeded. Limit: 8.0");

beforeEach(async () => {
  world = new World();
  world.classes.push(gatewayClass());
  world.putGateway(
    gateway([], { addresses: [ask], status: { addresses: [], conditions: [], listeners: [] } }),
  );
  await deliver();
});

describe('an entry without a value', () => {
  it('gets an address that is reserved for it, with our record, after the finalizer', () => {
    expect(offered()).toEqual(['34.200.0.10']);
    expect(present().status.addresses).toEqual([{ type: 'IPAddress', value: '34.200.0.10' }]);
    expect(condition('Programmed')).toMatchObject({ status: 'True', message: 'The pool holds 1 address' });
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    expect(JSON.parse(world.reserved[0]!.description)).toMatchObject({
      deployment: 'test',
      gateway: { namespace: 'infra', name: 'pool', uid: 'uid-pool' },
    });
    const order = ['set-gateway-finalizers', 'reserve-address'];
    expect(world.calls.filter((call) => order.includes(call))).toEqual(order);
  });

  it('is what a Gateway without any address has, if its class says so', async () => {
    write();
    await deliver();
    expect(offered()).toEqual([]);
    const [external] = world.classes.splice(0, 1);
    const annotations = { ...external!.metadata.annotations, 'persistent-ip.dev/default-address': 'reserve' };
    world.classes.push({ ...external!, metadata: { ...external!.metadata, annotations } });
    await deliver();
    expect(present().status.addresses).toEqual([{ type: 'IPAddress', value: expect.any(String) }]);
    expect(world.reserved.map(({ ip }) => ip)).toEqual(offered());
  });

  it('is left alone by another delivery', async () => {
    world.calls.length = 0;
    await deliver();
    expect(world.mutations).toEqual([]);
    expect(world.calls).not.toContain('write-gateway-status');
  });

  it('gets one address also from two deliveries side by side', async () => {
    write(ask, ask, ask);
    world.pause = () => new Promise((resolve) => setImmediate(resolve));
    await Promise.all([deliver(), deliver()]);
    expect(offered()).toHaveLength(3);
    expect(world.reserved.map(({ ip }) => ip)).toEqual(offered());
  });

  it('keeps its address when another such entry joins it', async () => {
    write(ask, ask);
    await deliver();
    expect(offered()).toEqual(['34.200.0.10', '34.200.0.11']);
  });

  it('that leaves takes an unused address along, not one that a route uses', async () => {
    write(ask, ask);
    await deliver();
    inUse('34.200.0.11');
    write(ask);
    await deliver();
    expect(offered()).toEqual(['34.200.0.11']);
    expect(world.reserved.map(({ ip }) => ip)).toEqual(['34.200.0.11']);
  });

  it('that leaves while a route uses its address: withdrawn at once, deleted when the rule is gone', async () => {
    inUse('34.200.0.10');
    write();
    await deliver();
    expect(offered()).toEqual([]);
    expect(world.reserved).toHaveLength(1);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    world.reserved[0] = { ...world.reserved[0]!, users: [] };
    await deliver();
    expect(world.reserved).toEqual([]);
    expect(present().metadata.finalizers).toEqual([]);
  });

  it('that stays keeps its address, also when the one that was withdrawn is still in use', async () => {
    write(ask, ask);
    await deliver();
    inUse('34.200.0.10');
    inUse('34.200.0.11');
    write(ask);
    await deliver();
    expect(offered()).toEqual(['34.200.0.10']);
    world.reserved[0] = { ...world.reserved[0]!, users: [] };
    await deliver();
    expect(offered()).toEqual(['34.200.0.10']);
  });

  it('that comes to name its address keeps it', async () => {
    write({ type: 'IPAddress', value: '34.200.0.10' });
    await deliver();
    expect(offered()).toEqual(['34.200.0.10']);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    write();
    await deliver();
    expect(world.reserved).toEqual([]);
  });

  it('of another scheme than before: the old address goes, a new one comes from the subnetwork', async () => {
    world.classes.push(
      gatewayClass({
        metadata: metadata('internal', { annotations: { 'persistent-ip.dev/scheme': 'internal' } }),
      }),
    );
    world.putGateway({ ...present(), className: 'internal' });
    await deliver();
    expect(world.reserved).toMatchObject([{ scheme: 'INTERNAL', subnetwork: 'default' }]);
    expect(offered()).toEqual(world.reserved.map(({ ip }) => ip));
  });

  it('of a Gateway that cannot be accepted keeps what it has', async () => {
    const { metadata: meta, ...rest } = present();
    const annotations = { 'persistent-ip.dev/source-ranges': 'x' };
    world.putGateway({ ...rest, metadata: { ...meta, annotations }, addresses: [] });
    await deliver();
    expect(condition('Accepted')).toMatchObject({ status: 'False', reason: 'InvalidParameters' });
    expect(world.reserved).toHaveLength(1);
  });
});

describe('a reservation that Google Cloud refuses', () => {
  it('is reported in its own words, beside the addresses that are good', async () => {
    world.reserved.push(address('34.1.2.3'));
    write(ask, ask, { type: 'IPAddress', value: '34.1.2.3' });
    world.before = (call) => {
      if (call === 'reserve-address') throw quota;
    };
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(condition('Programmed')).toMatchObject({
      status: 'False',
      reason: 'AddressNotAssigned',
      message: expect.stringContaining("(quotaExceeded): Quota 'STATIC_ADDRESSES' exceeded. Limit: 8.0"),
    });
    expect(offered()).toEqual(['34.200.0.10', '34.1.2.3']);
    const { message } = condition('Programmed')!;
    world.before = (call) => {
      // The next try does not hide it while it runs.
      if (call === 'reserve-address') expect(condition('Programmed')?.message).toBe(message);
    };
    await deliver();
    expect(condition('Programmed')?.status).toBe('True');
  });
});

describe('a reservation that Google Cloud refuses beside an address that cannot be used', () => {
  it('is said once, with both reasons, and not taken back and said again by every try', async () => {
    write(ask, ask, { type: 'IPAddress', value: '34.1.2.3' });
    world.before = (call) => {
      if (call === 'reserve-address') throw quota;
    };
    await deliver();
    expect(condition('Programmed')).toMatchObject({
      reason: 'AddressNotUsable',
      message: expect.stringMatching(/34\.1\.2\.3 is not a reserved address.*quotaExceeded/),
    });
    world.calls.length = 0;
    await deliver();
    expect(world.calls).not.toContain('write-gateway-status');
  });
});

describe('a project that does not show its addresses', () => {
  const words = "Required 'compute.addresses.list' permission for 'projects/host'";

  it('is named in its own words; the pool stays as it was, and nothing is reserved or released', async () => {
    const before = present().status.addresses;
    world.before = (call) => {
      if (call === 'list-addresses') throw new Failure('user', 'forbidden', 403, words);
    };
    world.calls.length = 0;
    write();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(condition('Programmed')).toMatchObject({
      status: 'False',
      reason: 'AddressNotUsable',
      message: expect.stringContaining(`Google Cloud refused (forbidden): ${words}`),
    });
    expect(condition('Accepted')?.status).toBe('True');
    expect(present().status.addresses).toEqual(before);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    expect(world.mutations).toEqual([]);
    world.before = () => {};
    await deliver();
    expect(condition('Programmed')?.status).toBe('True');
    expect(world.reserved).toEqual([]);
  });
});

describe('a Gateway that is deleted', () => {
  it('goes when its addresses are gone', async () => {
    remove();
    await deliver();
    expect(world.reserved).toEqual([]);
    expect(world.gateways.size).toBe(0);
  });

  it('waits for a route that holds an address, and says so', async () => {
    inUse('34.200.0.10');
    remove();
    await deliver();
    expect(condition('Programmed')).toMatchObject({
      reason: 'Pending',
      message: expect.stringContaining('34.200.0.10 will be released'),
    });
    expect(offered()).toEqual([]);
    world.reserved[0] = { ...world.reserved[0]!, users: [] };
    await deliver();
    expect(world.gateways.size).toBe(0);
  });

  it('takes along an address of ours that an entry has come to name', async () => {
    write({ type: 'IPAddress', value: '34.200.0.10' });
    remove();
    await deliver();
    expect(world.reserved).toEqual([]);
    expect(world.gateways.size).toBe(0);
  });

  it('leaves the addresses that a user reserved', async () => {
    world.reserved.push(address('34.1.2.3'));
    write(ask, { type: 'IPAddress', value: '34.1.2.3' });
    await deliver();
    remove();
    await deliver();
    expect(world.reserved.map(({ ip }) => ip)).toEqual(['34.1.2.3']);
  });

  it('and has lost our finalizer gets none again, and its addresses go all the same', async () => {
    const { metadata: meta, ...rest } = present();
    const deletionTimestamp = '2026-11-24T14:05:00Z';
    world.putGateway({
      ...rest,
      metadata: { ...meta, deletionTimestamp, finalizers: ['example.com/theirs'] },
    });
    world.calls.length = 0;
    await deliver();
    expect(world.calls).not.toContain('set-gateway-finalizers');
    expect(world.reserved).toEqual([]);
  });

  it('or given to another controller’s class releases what was ours, and no word is written on it', async () => {
    world.classes.push(gatewayClass({ metadata: metadata('theirs'), controllerName: 'example.com/other' }));
    world.putGateway({ ...present(), className: 'theirs' });
    world.calls.length = 0;
    await deliver();
    expect(world.reserved).toEqual([]);
    expect(present().metadata.finalizers).toEqual([]);
    expect(world.calls).not.toContain('write-gateway-status');
  });

  it.each([
    ['deleted', { deletionTimestamp: '2026-11-24T14:05:00Z' }, undefined],
    ['given away', {}, 'theirs'],
  ])('and can be %s while its annotations cannot be read', async (_, more, className) => {
    world.classes.push(gatewayClass({ metadata: metadata('theirs'), controllerName: 'example.com/other' }));
    const { metadata: meta, ...rest } = present();
    const annotations = { 'persistent-ip.dev/subnetwork': 'Not A Name' };
    world.putGateway({
      ...rest,
      ...(className && { className }),
      metadata: { ...meta, annotations, ...more },
    });
    await deliver();
    expect(world.reserved).toEqual([]);
    expect(world.gateways.get('infra/pool')?.metadata.finalizers ?? []).toEqual([]);
  });
});

describe('wherever a delivery breaks off, the next one goes on', () => {
  const steps = ['set-gateway-finalizers', 'write-gateway-status', 'reserve-address', 'delete-address'];

  it.each(steps.flatMap((step) => [`before ${step}`, `after ${step}`]))('%s', async (where) => {
    const [when, step] = where.split(' ');
    let broken = false;
    const breakAt = (call: string): void => {
      if (broken || call !== step) return;
      broken = true;
      if (when === 'before') throw new Error('killed');
      // What the call does is done; its answer is never heard.
      world.before = () => {
        throw new Error('killed');
      };
    };
    const settle = async (): Promise<void> => {
      world.before = breakAt;
      await deliver().catch(() => {});
      world.before = () => {};
      await deliver();
    };
    write(ask, ask);
    await settle();
    expect(offered()).toHaveLength(2);
    expect(world.reserved.map(({ ip }) => ip)).toEqual(offered());
    remove();
    await settle();
    expect(world.reserved).toEqual([]);
    expect(world.gateways.size).toBe(0);
    expect(broken).toBe(true);
  });
});
