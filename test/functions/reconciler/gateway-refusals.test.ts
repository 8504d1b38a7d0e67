import { describe, expect, it } from 'vitest';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { address } from '../fixtures.ts';
import { aGateway, ask, condition, deliver, offered, present, world, write } from './one-gateway.ts';

const quota = new Failure('user', 'quotaExceeded', 403, "Quota 'STATIC_ADDRESSES' exceeded. Limit: 8.0");

aGateway();

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
