import { describe, expect, it } from 'vitest';
import { pod } from '../fixtures.ts';
import {
  agentAnswers,
  allocate,
  aRoute,
  deliver,
  present,
  reason,
  record,
  sixteen,
  world,
} from './one-route.ts';

aRoute();

describe('first allocation', () => {
  it('ends with every address on the Pod and waits for its node agent', async () => {
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(present().status.pods).toEqual(['nat-1']);
    expect([...world.rules.values()].map(({ ip }) => ip).sort()).toEqual([...sixteen].sort());
    expect(reason('GCPReady')).toBe('GCPReady');
    expect(reason('DPV2Ready')).toBe('Mutated');
    expect(reason('Ready')).toBe('Mutated');
  });

  it('turns Ready when the agent has answered, without a call that changes Google Cloud', async () => {
    await deliver();
    agentAnswers();
    const before = world.mutations.length;
    await deliver('agent-1');
    expect(reason('Ready')).toBe('ProgrammingComplete');
    expect(world.mutations).toHaveLength(before);
  });

  it('puts the finalizer on the route before the first resource exists', async () => {
    await deliver();
    expect(world.calls.indexOf('set-finalizers')).toBeLessThan(world.calls.indexOf('create-neg'));
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
  });

  it('looks at Google Cloud once before the first resource, also where the finalizer is new', async () => {
    await deliver();
    const before = world.calls.slice(0, world.calls.indexOf('create-neg'));
    expect(before.filter((call) => call === 'get-backend-service')).toHaveLength(1);
  });

  it('looks again when somebody has written the route before its finalizer was added', async () => {
    let edited = false;
    world.before = (call) => {
      if (call !== 'set-finalizers' || edited) return;
      edited = true;
      world.put({ ...present(), addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.7/32' }] });
    };
    await deliver();
    expect(edited).toBe(true);
    expect([...world.rules.values()].map(({ ip }) => ip)).toEqual(['34.1.2.7']);
    expect(world.mutations.filter((call) => call === 'create-forwarding-rule')).toHaveLength(1);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
  });

  it('gets the finalizer again when somebody takes it off while resources exist', async () => {
    await allocate();
    const { metadata: old, ...rest } = present();
    world.put({ ...rest, metadata: { ...old, finalizers: [] } });
    await deliver('taken off');
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
    expect(world.mutations).toEqual([]);
  });

  it('names no Pod before every forwarding rule exists', async () => {
    const named: string[][] = [];
    world.before = (call) => {
      if (call === 'create-forwarding-rule') named.push([...present().status.pods]);
    };
    await deliver();
    expect(named).toHaveLength(16);
    expect(named.flat()).toEqual([]);
  });

  it('is in the audit log once, from the record, before GCPReady turns True', async () => {
    await deliver();
    const entries = world.audited.filter(({ action }) => action === 'allocate');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      to: { pod: 'nat-1', node: 'node-a' },
      timestamp: record()?.at,
      latencyMs: 1000,
    });
    expect(entries[0]?.addresses).toHaveLength(16);
  });

  it('finds the route by itself when the request has no uid', async () => {
    await deliver('event-1', undefined);
    expect(present().status.pods).toEqual(['nat-1']);
  });

  it('makes nothing while no Pod is eligible, and says so', async () => {
    world.pods.clear();
    await deliver();
    expect(world.mutations).toEqual([]);
    expect(reason('Ready')).toBe('NoPodsFound');
    expect(present().metadata.finalizers).toEqual([]);
  });
});

describe('no eligible Pod', () => {
  it('leaves the leader where it is and says in the record that nobody holds the addresses', async () => {
    await allocate();
    world.pods.set('edge/nat-1', pod('nat-1', { ready: false }));
    await deliver('unready');
    expect(present().status.pods).toEqual([]);
    expect(record()?.holder).toBeUndefined();
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-a');
    expect(reason('Ready')).toBe('NoPodsFound');
    expect(world.audited.filter(({ action }) => action === 'release')).toHaveLength(1);
  });
});
