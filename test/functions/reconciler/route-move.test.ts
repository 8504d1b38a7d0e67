import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { node, pod } from '../fixtures.ts';
import { msUntil } from '../ms-until.ts';
import {
  agentAnswers,
  allocate,
  aRoute,
  deliver,
  present,
  reason,
  record,
  replaceOnNodeB,
  world,
} from './one-route.ts';

aRoute();

describe('a move', () => {
  it('does not wait for a Node that only becomes a standby', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    world.nodes.set('node-c', node('node-c', 'us-central1-b'));
    world.pods.set('edge/nat-3', pod('nat-3', { nodeName: 'node-c', ready: false }));
    replaceOnNodeB();
    await deliver('moved');
    expect(world.mutations).toEqual(['patch-backend-service', 'attach']);
    expect(reason('GCPReady')).toBe('GCPReady');
    expect([...world.negs.values()].flatMap(({ endpoints }) => endpoints).sort()).toEqual([
      'node-a',
      'node-b',
      'node-c',
    ]);
  });

  it('of sixteen addresses to a standby is one mutation', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    await deliver('bound');
    replaceOnNodeB();
    world.calls.length = 0;
    await deliver('ready');
    expect(world.mutations).toEqual(['patch-backend-service']);
    expect(present().status.pods).toEqual(['nat-2']);
  });

  it('sends the PATCH after two rounds of reads and one status write', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    await deliver('bound');
    replaceOnNodeB();
    expect(await msUntil(world, 'patch-backend-service', () => deliver('ready'))).toBe(300);
  });

  it('answers one status write before the PATCH is sent', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    replaceOnNodeB();
    let atPatch: Route | undefined;
    let writes = -1;
    world.before = (call) => {
      if (call !== 'patch-backend-service') return;
      atPatch = present();
      writes = world.statusWrites;
    };
    await deliver('ready');
    expect(writes).toBe(1);
    expect(atPatch?.status.pods).toEqual(['nat-2']);
    expect(findCondition(atPatch!.status.conditions, 'Ready')?.status).toBe('False');
    expect(findCondition(atPatch!.status.conditions, 'DPV2Ready')?.reason).toBe('Mutated');
  });

  it('attaches a node before its Pod is Ready, without touching Ready or the leader', async () => {
    await allocate();
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await deliver('bound');
    expect(world.mutations).toEqual(['create-neg', 'attach', 'patch-backend-service']);
    expect(reason('Ready')).toBe('ProgrammingComplete');
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-a');
    expect(world.audited).toEqual([]);
  });

  it('delivered again changes nothing', async () => {
    await allocate();
    replaceOnNodeB();
    await deliver('ready');
    agentAnswers();
    await deliver('agent');
    world.calls.length = 0;
    for (const event of ['agent', 'ready', 'event-1']) await deliver(event);
    expect(world.mutations).toEqual([]);
    expect(world.statusWrites).toBe(0);
    expect(world.calls).not.toContain('audit');
  });

  it('starts over with Compute untouched when the status write meets a conflict', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    replaceOnNodeB();
    let disturbed = false;
    const order: string[] = [];
    world.before = (call) => {
      if (call === 'patch-backend-service') order.push(call);
      if (call !== 'write-route-status') return;
      order.push(call);
      if (!disturbed) world.put(present());
      disturbed = true;
    };
    await deliver('ready');
    expect(order.slice(0, 3)).toEqual(['write-route-status', 'write-route-status', 'patch-backend-service']);
    expect(present().status.pods).toEqual(['nat-2']);
  });

  it('decides again when another delivery has changed the backend service', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    replaceOnNodeB();
    let disturbed = false;
    world.before = (call) => {
      if (call !== 'patch-backend-service' || disturbed) return;
      disturbed = true;
      for (const [name, service] of world.services)
        world.services.set(name, { ...service, fingerprint: 'other' });
    };
    await deliver('ready');
    expect(world.mutations).toEqual(['patch-backend-service', 'patch-backend-service']);
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-b');
  });

  it('looks a second time after its own PATCH and follows a choice that has changed', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    replaceOnNodeB();
    let changed = false;
    world.before = (call) => {
      if (call !== 'patch-backend-service' || changed) return;
      changed = true;
      world.pods.set('edge/nat-3', pod('nat-3', { metadata: { creationTimestamp: '2026-11-24T14:04:00Z' } }));
    };
    await deliver('ready');
    expect(present().status.pods).toEqual(['nat-3']);
    expect([...world.services.values()][0]?.leader?.instance).toBe('node-a');
  });

  it('confirms by a PATCH of the same leader what another delivery left unfinished', async () => {
    world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', ready: false }));
    await allocate();
    replaceOnNodeB();
    let patched = 0;
    world.before = (call) => {
      if (call === 'patch-backend-service') patched += 1;
      if (call === 'audit' && patched === 1) throw new Error('crash');
    };
    await expect(deliver('ready')).rejects.toThrow('crash');
    world.before = () => {};
    world.calls.length = 0;
    await deliver('ready');
    expect(world.mutations).toEqual(['patch-backend-service']);
    expect(world.audited.filter(({ action }) => action === 'move')).toHaveLength(1);
    expect(reason('GCPReady')).toBe('GCPReady');
  });

  it('to a Pod recreated under its name on its node is a new holder: the record changes, the leader does not', async () => {
    await allocate();
    world.pods.set('edge/nat-1', pod('nat-1', { metadata: { uid: 'uid-again' } }));
    await deliver('again');
    expect(world.mutations).toEqual(['patch-backend-service']);
    expect(record()?.holder?.uid).toBe('uid-again');
    expect(record()?.before?.uid).toBe('uid-nat-1');
    expect(reason('DPV2Ready')).toBe('Mutated');
  });

  it('away from a VM that Compute knows to be gone does not wait for Kubernetes', async () => {
    world.pods.set(
      'edge/nat-2',
      pod('nat-2', { nodeName: 'node-b', metadata: { creationTimestamp: '2026-11-24T13:00:00Z' } }),
    );
    await allocate();
    world.vms.set('us-central1-a/node-a', 'gone');
    await deliver('vm');
    expect(present().status.pods).toEqual(['nat-2']);
  });
});
