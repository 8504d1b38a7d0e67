import { describe, expect, it } from 'vitest';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { allocate, aRoute, deliver, present, reason, replaceOnNodeB, world } from './one-route.ts';

aRoute();

describe('a change of holder that is older than the audit log goes back', () => {
  const old = () => {
    world.now = new Date(world.now.getTime() + 60 * 86_400_000);
    world.calls.length = 0;
  };
  /** Google Cloud refused for a while: the status does not say any more that the last change is over. */
  const refusedOnce = async () => {
    world.before = (call) => {
      if (call === 'get-backend-service') throw new Failure('user', 'forbidden', 403, 'no right');
    };
    await deliver('refused');
    world.before = () => {};
    expect(reason('GCPReady')).toBe('GCPFailed');
  };

  it('is not written again, and keeps no route from moving', async () => {
    await allocate();
    old();
    await refusedOnce();
    replaceOnNodeB();
    expect(await deliver('moved')).toEqual({ kind: 'settled' });
    expect(present().status.pods).toEqual(['nat-2']);
    expect(world.audited.filter(({ action }) => action !== 'condition').map(({ action }) => action)).toEqual([
      'move',
    ]);
  });

  it('keeps none from being released', async () => {
    await allocate();
    old();
    await refusedOnce();
    const { metadata: alive, ...rest } = present();
    world.put({ ...rest, metadata: { ...alive, deletionTimestamp: world.now.toISOString() } });
    expect(await deliver('deleted')).toEqual({ kind: 'settled' });
    expect(world.routes.size).toBe(0);
    expect(world.audited.some(({ action }) => action === 'release')).toBe(true);
  });

  it('is written as long as the log takes it', async () => {
    await allocate();
    world.now = new Date(world.now.getTime() + 20 * 86_400_000);
    await refusedOnce();
    await deliver('allowed again');
    expect(world.audited.filter(({ action }) => action === 'allocate')).toHaveLength(1);
  });
});
