import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  namespace,
  node,
  pod,
  route,
} from '../fixtures.ts';
import { World } from '../world.ts';

let world: World;

const present = () => world.routes.get('edge/nat')!;
const gcpReady = () => findCondition(present().status.conditions, 'GCPReady');
const endpoints = () => [...world.negs.values()].flatMap((neg) => neg.endpoints).toSorted();
const deliver = (event = 'event-1') =>
  reconcile(world.deps, {
    cluster: clusterKey,
    kind: 'route',
    namespace: 'edge',
    name: 'nat',
    uid: 'uid-nat',
    cause: { ...cause, insertId: event },
  });
const quota = () => {
  throw new Failure('user', 'quotaExceeded', 403, "Quota 'NETWORK_ENDPOINTS' exceeded.");
};
/** A Pod that is not Ready, on a Node that is not attached yet. */
const comingOnNodeB = (): void => {
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
};

beforeEach(() => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway());
  world.namespaces.set('edge', namespace('edge'));
  world.nodes.set('node-a', node('node-a', 'us-central1-a'));
  world.nodes.set('node-b', node('node-b', 'us-central1-b'));
  world.reserved.push(address('34.1.2.3'));
  world.put(route());
  world.pods.set('edge/nat-1', pod('nat-1'));
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
        "The leader is node node-a; another node could not be prepared for the next move, which would take longer: Google Cloud refused (quotaExceeded): Quota 'NETWORK_ENDPOINTS' exceeded.",
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
