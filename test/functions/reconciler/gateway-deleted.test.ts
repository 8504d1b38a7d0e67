import { describe, expect, it } from 'vitest';
import { address, gatewayClass, metadata } from '../fixtures.ts';
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
