import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { node, pod } from '../fixtures.ts';
import { allocate, aRoute, deliver, present, reason, replaceOnNodeB, world } from './one-route.ts';

aRoute();

describe('failures', () => {
  it('a quota ends in GCPFailed with Google Cloud’s own words, acknowledged', async () => {
    world.before = (call) => {
      if (call === 'create-backend-service')
        throw new Failure('user', 'quotaExceeded', 403, "Quota 'BACKEND_SERVICES' exceeded.");
    };
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(reason('GCPReady')).toBe('GCPFailed');
    const { message } = findCondition(present().status.conditions, 'GCPReady')!;
    expect(message).toContain('quotaExceeded');
    expect(message).toContain("Quota 'BACKEND_SERVICES' exceeded.");
  });

  it('stays readable until it is mended, not only until the next try', async () => {
    const seen: string[] = [];
    world.before = (call) => {
      if (call !== 'create-backend-service') return;
      seen.push(reason('GCPReady') ?? '');
      throw new Failure('user', 'quotaExceeded', 403, 'Quota exceeded.');
    };
    await deliver();
    seen.length = 0;
    await deliver('sweep');
    expect(seen).not.toContain('GCPNotReady');
  });

  it('a transient error is spent inside the delivery', async () => {
    let left = 3;
    world.before = (call) => {
      if (call === 'create-backend-service' && left-- > 0)
        throw new Failure('retry', 'backendError', 503, 'later');
    };
    await deliver();
    expect(present().status.pods).toEqual(['nat-1']);
  });

  it('when the budget is spent a successor request goes on and this one is acknowledged', async () => {
    world.before = (call) => {
      if (call === 'create-backend-service') throw new Failure('retry', 'backendError', 503, 'later');
    };
    expect((await deliver()).kind).toBe('later');
    expect(world.published.filter(({ kind, name }) => kind === 'route' && name === 'nat')).toHaveLength(1);
  });

  it('a cloud that never shows what was made ends the delivery, and a successor goes on', async () => {
    world.before = (call) => {
      if (call === 'get-firewall') world.firewalls.clear();
    };
    expect((await deliver()).kind).toBe('later');
  });

  it('an audit entry that could not be written does not cost another PATCH', async () => {
    await allocate();
    replaceOnNodeB();
    let refused = false;
    world.before = (call) => {
      if (call !== 'audit' || refused) return;
      refused = true;
      throw new Failure('retry', 'backendError', 503, 'later');
    };
    await deliver('ready');
    expect(refused).toBe(true);
    expect(world.mutations.filter((call) => call === 'patch-backend-service')).toHaveLength(1);
    expect(reason('GCPReady')).toBe('GCPReady');
  });

  it('a cluster that cannot be read writes nothing and is delivered again', async () => {
    world.before = (call) => {
      if (call === 'get-route') throw new Failure('retry', 'Forbidden', 403, 'forbidden');
    };
    expect((await deliver()).kind).toBe('unreadable');
    expect(world.statusWrites).toBe(0);
  });

  it('three refusals of fresh fingerprints are an organization policy and the user’s', async () => {
    await allocate();
    replaceOnNodeB();
    world.before = (call) => {
      if (call === 'patch-backend-service')
        throw new Failure('stale', 'conditionNotMet', 412, 'Constraint violated');
    };
    await deliver('ready');
    expect(reason('GCPReady')).toBe('GCPFailed');
    expect(world.mutations.filter((call) => call === 'patch-backend-service')).toHaveLength(3);
  });

  it.each([
    ['zone', node('node-z', 'us-central1-z'), 'zone us-central1-z'],
    ['subnetwork', node('node-z', 'us-central1-a', { subnetwork: 'pool-2' }), 'subnetwork pool-2'],
  ])(
    'a node in a %s that is not configured is named, and nothing is made for it',
    async (_, stray, place) => {
      world.nodes.set('node-z', stray);
      world.pods.set('edge/nat-1', pod('nat-1', { nodeName: 'node-z' }));
      await deliver();
      expect(reason('GCPReady')).toBe('GCPFailed');
      expect(findCondition(present().status.conditions, 'GCPReady')?.message).toContain(place);
      expect(world.mutations).toEqual([]);
    },
  );

  it('a resource with our name and a stranger’s record is named and never overwritten', async () => {
    await deliver();
    for (const [name, service] of world.services)
      world.services.set(name, { ...service, description: 'mine' });
    world.calls.length = 0;
    await deliver('again');
    expect(reason('GCPReady')).toBe('GCPFailed');
    expect(world.mutations).toEqual([]);
  });
});
