import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { gateway, route } from '../fixtures.ts';
import { allocate, aRoute, deliver, present, reason, replaceOnNodeB, sixteen, world } from './one-route.ts';

/** What the status says when `call` is made during a delivery. */
const conditionsAt = async (call: string, event: string): Promise<Route['status']['conditions']> => {
  let seen: Route['status']['conditions'] = [];
  world.before = (made) => {
    if (made === call && seen.length === 0) seen = present().status.conditions;
  };
  await deliver(event);
  return seen;
};

aRoute();

it('a rule that somebody adds to an address of a live route, for some ports of it, does not stop the route after an edit', async () => {
  await allocate();
  world.rules.set('web-443', {
    ...[...world.rules.values()][0]!,
    name: 'web-443',
    description: 'web',
    backendService: 'web',
  });
  const { metadata: before, ...rest } = present();
  world.put({ ...rest, metadata: { ...before, generation: 2 } });
  await deliver('edited');
  expect(reason('GCPReady')).toBe('GCPReady');
});

describe('drift', () => {
  it('a rule that somebody deleted is made again while the Pod keeps the other addresses', async () => {
    await allocate();
    const [name, { ip } = { ip: '' }] = [...world.rules][0]!;
    world.rules.delete(name);
    const during = await conditionsAt('create-forwarding-rule', 'rule-deleted');
    expect(world.mutations).toEqual(['create-forwarding-rule']);
    expect(findCondition(during, 'GCPReady')).toMatchObject({
      reason: 'Mutated',
      message: expect.stringContaining(`the forwarding rule of ${ip} is gone`),
    });
    expect(reason('GCPReady')).toBe('GCPReady');
    expect(present().status.pods).toEqual(['nat-1']);
    expect(world.audited.filter(({ action }) => action !== 'condition')).toEqual([]);
  });

  it('a leader that somebody moved is moved back', async () => {
    await allocate();
    for (const [key, service] of world.services)
      world.services.set(key, {
        ...service,
        fingerprint: 'by-hand',
        leader: { neg: service.backends[0]!, instance: 'other' },
      });
    const during = await conditionsAt('patch-backend-service', 'leader-moved');
    expect(findCondition(during, 'GCPReady')?.message).toContain('the leader is not node node-a');
    expect(findCondition(during, 'Ready')?.reason).toBe('Mutated');
    expect(world.mutations).toEqual(['patch-backend-service']);
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-a');
  });
});

describe('what is no drift', () => {
  it('a Pod that is chosen anew: the move is our own operation', async () => {
    await allocate();
    replaceOnNodeB();
    const during = await conditionsAt('patch-backend-service', 'moved');
    expect(findCondition(during, 'GCPReady')?.reason).toBe('GCPNotReady');
  });

  it('an address that joins the block which the route claims', async () => {
    world.gateways.set('infra/pool', gateway(sixteen.slice(1)));
    world.put({ ...route([]), addresses: [{ type: 'IPAddress', value: '34.1.2.0/28' }] });
    await allocate();
    world.gateways.set('infra/pool', gateway(sixteen));
    const during = await conditionsAt('create-forwarding-rule', 'joined');
    expect(findCondition(during, 'GCPReady')?.reason).toBe('GCPNotReady');
  });
});
