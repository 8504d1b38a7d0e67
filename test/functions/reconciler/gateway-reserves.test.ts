import { describe, expect, it } from 'vitest';
import { gatewayClass, metadata } from '../fixtures.ts';
import {
  aGateway,
  ask,
  condition,
  deliver,
  inUse,
  offered,
  present,
  remove,
  world,
  write,
} from './one-gateway.ts';

aGateway();

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
