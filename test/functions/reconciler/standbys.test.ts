import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { cause, gateway, node, pod, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;

const present = () => world.routes.get('edge/nat')!;
const gcpReady = () => findCondition(present().status.conditions, 'GCPReady');
const endpoints = () => [...world.negs.values()].flatMap((neg) => neg.endpoints).toSorted();
const deliver = (event = 'event-1', method = cause.method) =>
  reconcile(world.deps, routeRequest({ insertId: event, method }));
const quota = () => {
  throw new Failure('user', 'quotaExceeded', 403, "Quota 'NETWORK_ENDPOINTS' exceeded.");
};
/** A Pod that is not Ready, on a Node that is not attached yet. */
const comingOnNodeB = (): void => {
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
};

beforeEach(() => {
  world = worldOfRoute();
  world.nodes.set('node-b', node('node-b', 'us-central1-b'));
  world.pods.set('edge/nat-1', pod('nat-1'));
});

it('standbys beyond the 500 that one call attaches come by the next one', async () => {
  for (let i = 0; i < 600; i += 1) {
    world.nodes.set(`node-${i}`, node(`node-${i}`));
    world.pods.set(`edge/other-${i}`, pod(`other-${i}`, { nodeName: `node-${i}`, ready: false }));
  }
  expect(await deliver()).toEqual({ kind: 'settled' });
  expect(endpoints()).toHaveLength(601);
  expect(gcpReady()).toMatchObject({ status: 'True', message: 'The leader is node node-a' });
});

describe('a newer Pod on a Node of a zone that the configuration does not list', () => {
  const unlisted =
    "Node node-x is in zone us-central1-x, which this deployment's configuration does not list for the cluster: add it there";
  const comes = () => {
    world.nodes.set('node-x', node('node-x', 'us-central1-x'));
    world.pods.set(
      'edge/nat-9',
      pod('nat-9', { nodeName: 'node-x', metadata: { creationTimestamp: '2026-11-24T14:04:00Z' } }),
    );
  };

  it('takes the addresses from no Pod that can be reached, and is named', async () => {
    await deliver();
    comes();
    world.calls.length = 0;
    await deliver('new Pod');
    expect(present().status.pods).toEqual(['nat-1']);
    expect(gcpReady()).toMatchObject({
      status: 'True',
      message: `The leader is node node-a; a Pod that comes before its Pod cannot have the addresses: ${unlisted}`,
    });
    expect(world.mutations).toEqual([]);
  });

  it('is what the route fails with where there is no other', async () => {
    world.pods.delete('edge/nat-1');
    comes();
    await deliver();
    expect(gcpReady()).toMatchObject({ reason: 'GCPFailed', message: unlisted });
  });
});

it('a network endpoint group of a zone that the configuration lists no more goes with its route', async () => {
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
  await deliver();
  expect(world.negs.size).toBe(2);
  world.put({ ...present(), metadata: { ...present().metadata, deletionTimestamp: '2026-11-24T14:06:00Z' } });
  const cluster = { ...world.deps.cluster, zones: ['us-central1-a'] };
  expect(await reconcile({ ...world.deps, cluster }, routeRequest())).toEqual({ kind: 'settled' });
  expect([world.routes.size, ...world.negs.keys()]).toEqual([0]);
});

describe('a standby that Google Cloud refuses', () => {
  const refuseStandbys = (): void => {
    world.before = (call) => {
      if ((call === 'attach' || call === 'create-neg') && world.services.size > 0) quota();
    };
  };

  it('leaves the served route ready, and says what Google Cloud says', async () => {
    await deliver();
    refuseStandbys();
    comingOnNodeB();
    expect(await deliver('new Pod')).toEqual({ kind: 'settled' });
    expect(gcpReady()).toMatchObject({
      status: 'True',
      message:
        "The leader is node node-a; nodes beside it could not be prepared for the next move, or let go: Google Cloud refused (quotaExceeded): Quota 'NETWORK_ENDPOINTS' exceeded.",
    });
    expect(present().status.pods).toEqual(['nat-1']);
  });

  it('is tried again, without a status write while Google Cloud refuses', async () => {
    await deliver();
    refuseStandbys();
    comingOnNodeB();
    await deliver('new Pod');
    const writes = world.statusWrites;
    await deliver('sweep');
    expect(world.mutations.filter((call) => call === 'create-neg').length).toBeGreaterThan(2);
    expect(world.statusWrites).toBe(writes);
  });

  it('is forgotten as soon as it succeeds', async () => {
    await deliver();
    refuseStandbys();
    comingOnNodeB();
    await deliver('new Pod');
    world.before = () => {};
    await deliver('sweep');
    expect(gcpReady()?.message).toBe('The leader is node node-a');
    expect(endpoints()).toEqual(['node-a', 'node-b']);
  });

  it('does not keep a first Pod from its addresses', async () => {
    refuseStandbys();
    comingOnNodeB();
    await deliver();
    expect(gcpReady()?.status).toBe('True');
    expect(world.rules.size).toBe(1);
  });

  it('is a failure of the route when the Pod that is to hold the addresses is there', async () => {
    await deliver();
    refuseStandbys();
    world.pods.delete('edge/nat-1');
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b' }));
    await deliver('moved');
    expect(gcpReady()).toMatchObject({ status: 'False', reason: 'GCPFailed' });
  });
});

describe('a node that nothing needs any more', () => {
  const sweepAfter = async (minutes: number): Promise<void> => {
    world.now = new Date(world.now.getTime() + minutes * 60_000);
    await deliver('sweep', 'sweep');
  };
  const moveAway = async (): Promise<void> => {
    await deliver();
    world.pods.delete('edge/nat-1');
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b' }));
    await deliver('moved');
    world.calls.length = 0;
  };

  it('is let go by the sweep that finds it idle for ten minutes, with one call', async () => {
    await moveAway();
    await sweepAfter(0);
    expect(world.mutations).toEqual(['patch-backend-service']);
    await sweepAfter(5);
    await sweepAfter(4.9);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
    await sweepAfter(0.2);
    expect(endpoints()).toEqual(['node-b']);
    expect(world.mutations).toEqual(['patch-backend-service', 'detach', 'patch-backend-service']);
    await sweepAfter(60);
    expect(world.mutations).toHaveLength(3);
  });

  it('is let go by nothing but a sweep', async () => {
    await moveAway();
    await sweepAfter(0);
    world.now = new Date(world.now.getTime() + 3_600_000);
    await deliver('a late event');
    expect(endpoints()).toEqual(['node-a', 'node-b']);
  });

  it('costs no status write and leaves the served route as it is', async () => {
    await moveAway();
    const { status, ...rest } = present();
    const conditions = status.conditions.map((each) =>
      each.type === 'DPV2Ready' ? { ...each, status: 'True' as const, reason: 'DPV2Ready' } : each,
    );
    world.put({ ...rest, status: { ...status, conditions } });
    await deliver('the agent answered');
    world.calls.length = 0;
    const before = present().status;
    for (const minutes of [0, 10, 10]) await sweepAfter(minutes);
    expect(present().status).toEqual(before);
    expect(world.statusWrites).toBe(0);
  });

  it('stays while a matching Pod is on it, Ready or not', async () => {
    await moveAway();
    world.pods.set('edge/nat-3', pod('nat-3', { nodeName: 'node-a', ready: false, phase: 'Pending' }));
    for (const minutes of [0, 10, 60]) await sweepAfter(minutes);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
    expect(world.mutations).toEqual([]);
  });

  it('stays ten minutes more when it had a Pod in between', async () => {
    await moveAway();
    await sweepAfter(0);
    world.pods.set('edge/nat-3', pod('nat-3', { nodeName: 'node-a', ready: false }));
    await sweepAfter(5);
    world.pods.delete('edge/nat-3');
    await sweepAfter(3);
    await sweepAfter(5);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
    await sweepAfter(5);
    expect(endpoints()).toEqual(['node-b']);
  });

  it('stays ten minutes more when the addresses have moved in between', async () => {
    await moveAway();
    await sweepAfter(0);
    world.pods.set('edge/nat-4', pod('nat-4', { nodeName: 'node-b', metadata: { uid: 'another' } }));
    world.pods.delete('edge/nat-2');
    world.now = new Date(world.now.getTime() + 9 * 60_000);
    await deliver('moved again');
    await sweepAfter(1);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
    await sweepAfter(10);
    expect(endpoints()).toEqual(['node-b']);
  });

  it('stays while it is the leader, although nobody holds the addresses', async () => {
    await deliver();
    world.pods.clear();
    for (const minutes of [0, 10, 60]) await sweepAfter(minutes);
    expect(endpoints()).toEqual(['node-a']);
  });

  it('stays while the route is not accepted', async () => {
    await moveAway();
    await sweepAfter(0);
    world.gateways.set('infra/pool', gateway(undefined, { status: { ...gateway().status, conditions: [] } }));
    await sweepAfter(10);
    await sweepAfter(60);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
  });

  it('that Google Cloud does not let go leaves the route ready, and the message says why', async () => {
    await moveAway();
    await sweepAfter(0);
    world.before = (call) => {
      if (call === 'detach') throw new Failure('user', 'forbidden', 403, 'Required permission.');
    };
    await sweepAfter(10);
    expect(gcpReady()).toMatchObject({
      status: 'True',
      message: expect.stringMatching(/^The leader is node node-b; .*, or let go: .*Required permission\.$/),
    });
  });

  it('stays when another delivery makes it the leader at that very moment', async () => {
    await moveAway();
    await sweepAfter(0);
    world.before = (call) => {
      if (call !== 'detach') return;
      world.pods.set('edge/nat-5', pod('nat-5', { metadata: { creationTimestamp: '2026-11-24T14:30:00Z' } }));
      for (const [name, service] of world.services) {
        const [neg] = [...world.negs.values()].filter((one) => one.endpoints.includes('node-a'));
        world.services.set(name, {
          ...service,
          leader: { neg: neg!, instance: 'node-a' },
          fingerprint: 'other',
        });
      }
    };
    await sweepAfter(10);
    expect(endpoints()).toEqual(['node-a', 'node-b']);
    expect(present().status.pods).toEqual(['nat-5']);
    expect(gcpReady()?.status).toBe('True');
  });

  it('of many, ten at a time are let go', async () => {
    await deliver();
    const names = Array.from({ length: 23 }, (_, i) => `node-${i + 10}`);
    for (const name of names) {
      world.nodes.set(name, node(name, 'us-central1-b'));
      world.pods.set(`edge/${name}`, pod(name, { nodeName: name, ready: false }));
    }
    await deliver('many');
    for (const name of names) world.pods.delete(`edge/${name}`);
    const left: number[] = [];
    for (let sweep = 0; sweep < 7; sweep += 1) {
      await sweepAfter(5);
      left.push(endpoints().length);
    }
    expect(left).toEqual([24, 24, 14, 14, 4, 4, 1]);
  });
});
