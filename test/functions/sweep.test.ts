import { beforeEach, describe, expect, it } from 'vitest';
import { sweepCluster } from '../../functions/dispatch/sweep-cluster.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { onSweep } from '../../functions/sweep.ts';
import { asked, oneRoute, push, request, wiring, world } from './entries.ts';
import { cause, condition, gateway, metadata, route } from './fixtures.ts';

oneRoute();

describe('sweep', () => {
  it('at a full five minutes asks for every object', async () => {
    world.now = new Date('2026-11-24T14:05:10Z');
    await onSweep(wiring, push(''));
    expect(asked()).toEqual([
      'class /persistent-ip-regional-external',
      'gateway infra/pool',
      'route edge/nat',
    ]);
  });

  describe('of classes and Gateways that read as they should', () => {
    const sweep = async () => {
      world.published.length = 0;
      await onSweep(wiring, push(''));
      return asked();
    };
    beforeEach(async () => {
      world.now = new Date('2026-11-24T14:05:10Z');
      await sweep();
      for (const { kind, namespace, name } of [...world.published])
        if (kind !== 'route') await onReconcileRequest(wiring, push({ ...request, kind, namespace, name }));
    });

    it('says nothing, until one of them does not', async () => {
      expect(await sweep()).toEqual(['route edge/nat']);
      const { status } = gateway();
      const settled = world.gateways.get('infra/pool')!;
      world.gateways.set('infra/pool', { ...settled, status });
      expect(await sweep()).toEqual(['gateway infra/pool', 'route edge/nat']);
    });

    it('mends the count of a Gateway that a route no longer names', async () => {
      world.put(route(undefined, { parentRefs: [] }));
      expect(await sweep()).toEqual(['gateway infra/pool', 'route edge/nat']);
    });

    it('asks for all of them while Compute does not answer', async () => {
      world.before = (call) => {
        if (call === 'list-addresses') throw new Failure('retry', 'noAnswer', 0, 'unreachable');
      };
      expect(await sweep()).toHaveLength(3);
    });
  });

  it('at the other minutes asks for the routes that are not Ready', async () => {
    world.now = new Date('2026-11-24T14:06:10Z');
    const done = [condition('Ready', 'True', 'ProgrammingComplete')];
    world.put(route(undefined, { metadata: metadata('done'), status: { pods: [], conditions: done } }));
    await onSweep(wiring, push(''));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('says how long the route that waits longest is not Ready, for the alert', async () => {
    const at = (name: string, status: 'True' | 'False', since: string) =>
      route(undefined, {
        metadata: metadata(name),
        status: {
          pods: [],
          conditions: [{ ...condition('Ready', status, 'NoPodsFound'), lastTransitionTime: since }],
        },
      });
    const longest = async () =>
      (await sweepCluster(world.deps, { scope: 'minute', cause, deadline: world.now })).longestUnreadySeconds;
    world.now = new Date('2026-11-24T14:06:10Z');
    world.put(at('nat', 'True', '2026-11-24T12:00:00Z'));
    expect(await longest()).toBe(0);
    world.put(at('late', 'False', '2026-11-24T14:05:10Z'));
    world.put(at('later', 'False', '2026-11-24T14:06:00Z'));
    expect(await longest()).toBe(60);
    world.put(route(undefined, { metadata: metadata('never-seen'), status: { pods: [], conditions: [] } }));
    expect(await longest()).toBe(370);
  });

  it('asks for everything when it is told to', async () => {
    world.now = new Date('2026-11-24T14:06:10Z');
    await onSweep(wiring, push('', { attributes: { scope: 'all' } }));
    expect(asked()).toHaveLength(3);
  });

  it('a cluster that cannot be read is delivered again', async () => {
    world.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'unreachable');
    };
    expect(await onSweep(wiring, push(''))).toMatchObject({
      kind: 'retry',
      why: expect.stringContaining('prod'),
    });
  });
});
