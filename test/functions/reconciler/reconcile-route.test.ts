import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { recordOf } from '../../../functions/persistent-ip/ownership.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  metadata,
  namespace,
  node,
  pod,
  route,
} from '../fixtures.ts';
import { msUntil } from '../ms-until.ts';
import { World } from '../world.ts';

const sixteen = Array.from({ length: 16 }, (_, i) => `34.1.2.${i}`);
let world: World;

const present = (): Route => world.routes.get('edge/nat')!;
const reason = (type: string): string | undefined => findCondition(present().status.conditions, type)?.reason;
const record = () => recordOf([...world.services.values()][0]?.description ?? '');
const deliver = (event = 'event-1', uid: string | undefined = 'uid-nat') =>
  reconcile(world.deps, {
    cluster: clusterKey,
    kind: 'route',
    namespace: 'edge',
    name: 'nat',
    ...(uid === undefined ? {} : { uid }),
    cause: { ...cause, insertId: event },
  });
/** What the node agent does when it has made the datapath of the Pod that `status.pods` names. */
const agentAnswers = (): void => {
  const { status, ...rest } = present();
  const conditions = status.conditions.map((c) =>
    c.type === 'DPV2Ready'
      ? { ...c, status: 'True' as const, reason: 'DPV2Ready', message: 'programmed' }
      : c,
  );
  world.put({ ...rest, status: { ...status, conditions } });
};
const allocate = async (): Promise<void> => {
  await deliver();
  agentAnswers();
  await deliver('agent-1');
  world.calls.length = 0;
  world.audited.length = 0;
};
/** What the status says when `call` is made during a delivery. */
const conditionsAt = async (call: string, event: string): Promise<Route['status']['conditions']> => {
  let seen: Route['status']['conditions'] = [];
  world.before = (made) => {
    if (made === call && seen.length === 0) seen = present().status.conditions;
  };
  await deliver(event);
  return seen;
};
const replaceOnNodeB = (): void => {
  world.pods.delete('edge/nat-1');
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', podIP: '10.0.1.9' }));
};

beforeEach(() => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway(sixteen));
  world.namespaces.set('edge', namespace('edge'));
  world.nodes.set('node-a', node('node-a', 'us-central1-a'));
  world.nodes.set('node-b', node('node-b', 'us-central1-b'));
  world.reserved.push(...sixteen.map((ip) => address(ip)));
  world.put(route(sixteen));
  world.pods.set('edge/nat-1', pod('nat-1'));
});

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

describe("a route with GKE's marks", () => {
  const marked = (parent = 'infra/pool'): void => {
    const [namespace = '', name = ''] = parent.split('/');
    world.put({
      ...route(['34.1.2.3']),
      metadata: metadata('nat', { annotations: { 'networking.gke.io/pip-forwarding-rule': 'x' } }),
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace, name }],
    });
  };

  it('is left alone, and the audit log says so by the same entry at every delivery', async () => {
    marked();
    await deliver('first');
    await deliver('second');
    const [one, other] = world.audited;
    expect(one).toMatchObject({ action: 'refuse', timestamp: '2026-11-24T14:00:00.000Z' });
    expect(other).toEqual(one);
    expect(world.mutations).toEqual([]);
    expect(world.statusWrites).toBe(0);
  });

  it('says nothing when no Gateway of ours is its parent', async () => {
    world.classes.push(gatewayClass({ metadata: metadata('theirs'), controllerName: 'x/y' }));
    world.gateways.set('infra/theirs', {
      ...gateway([], { className: 'theirs' }),
      metadata: metadata('theirs', { namespace: 'infra' }),
    });
    marked('infra/theirs');
    await deliver();
    expect(world.audited).toEqual([]);
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

describe('release', () => {
  const remove = (): void => {
    const { metadata: old, ...rest } = present();
    world.put({ ...rest, metadata: { ...old, deletionTimestamp: '2026-11-24T14:06:00Z', generation: 2 } });
  };

  it('empties status.pods and drops Accepted before the first deletion, then leaves nothing behind', async () => {
    await allocate();
    remove();
    let atDelete: Route | undefined;
    world.before = (call) => {
      if (call === 'delete-forwarding-rule') atDelete ??= present();
    };
    await deliver('delete');
    expect(atDelete?.status.pods).toEqual([]);
    expect(findCondition(atDelete!.status.conditions, 'Accepted')?.reason).toBe('Mutated');
    expect(
      world.routes.size + world.rules.size + world.services.size + world.firewalls.size + world.negs.size,
    ).toBe(0);
    expect(world.audited.filter(({ action }) => action === 'release')).toHaveLength(1);
  });

  it('takes no other finalizer along that came while it was told of', async () => {
    await allocate();
    remove();
    world.before = (call) => {
      if (call !== 'publish' || world.services.size > 0) return;
      world.before = () => {};
      const { metadata: old, ...rest } = present();
      world.put({ ...rest, metadata: { ...old, finalizers: [...old.finalizers, 'example.com/theirs'] } });
    };
    await deliver('delete');
    expect(present().metadata.finalizers).toEqual(['example.com/theirs']);
  });

  it('leaves the finalizer to a delivery that has allocated anew before it is dropped', async () => {
    await allocate();
    const pool = world.gateways.get('infra/pool')!;
    world.gateways.set('infra/pool', { ...pool, addresses: [], status: { ...pool.status, addresses: [] } });
    world.pause = async () => {
      if (world.calls.at(-1) !== 'publish' || world.services.size > 0) return;
      world.pause = () => Promise.resolve();
      world.gateways.set('infra/pool', pool);
      await deliver('healed');
    };
    await deliver('released');
    expect(world.services.size).toBe(1);
    expect(present().metadata.finalizers).toEqual(['persistent-ip.dev/release']);
  });

  it('goes on where a crash left it', async () => {
    await allocate();
    remove();
    world.before = (call) => {
      if (call === 'delete-backend-service') throw new Error('crash');
    };
    await expect(deliver('delete')).rejects.toThrow('crash');
    world.before = () => {};
    expect(await deliver('delete')).toEqual({ kind: 'settled' });
    expect(world.routes.size + world.services.size + world.negs.size).toBe(0);
  });

  it('touches nothing that has our name and not our record', async () => {
    await allocate();
    for (const [name, firewall] of world.firewalls)
      world.firewalls.set(name, { ...firewall, description: 'mine' });
    remove();
    await deliver('delete');
    expect(world.firewalls.size).toBe(1);
    expect(world.routes.size).toBe(0);
  });

  it('tells the routes that wait for the addresses', async () => {
    await allocate();
    world.put(
      route(['34.1.2.0'], {
        metadata: metadata('late', { creationTimestamp: '2026-11-24T14:03:00Z' }),
      }),
    );
    remove();
    world.published.length = 0;
    await deliver('delete');
    expect(world.published.map(({ kind, name }) => `${kind}/${name}`)).toContain('route/late');
  });
});

describe('conflicts between routes', () => {
  it('the older of two claimants gets the address, the other is told who has it', async () => {
    world.put(
      route(['34.1.2.0'], { metadata: metadata('old', { creationTimestamp: '2026-11-24T13:00:00Z' }) }),
    );
    await deliver();
    expect(reason('Accepted')).toBe('InvalidAddresses');
    expect(findCondition(present().status.conditions, 'Accepted')?.message).toContain('edge/old');
    expect(world.mutations).toEqual([]);
  });

  it('an incumbent keeps its address against an older claimant', async () => {
    await allocate();
    world.put(
      route(['34.1.2.0'], { metadata: metadata('old', { creationTimestamp: '2026-11-24T13:00:00Z' }) }),
    );
    await reconcile(world.deps, {
      cluster: clusterKey,
      kind: 'route',
      namespace: 'edge',
      name: 'old',
      cause,
    });
    expect(findCondition(world.routes.get('edge/old')!.status.conditions, 'Accepted')?.reason).toBe(
      'InvalidAddresses',
    );
    expect(present().status.pods).toEqual(['nat-1']);
  });
});

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
