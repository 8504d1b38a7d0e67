import { beforeEach, describe, expect, it } from 'vitest';
import { sweepCluster } from '../../../functions/dispatch/sweep-cluster.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { stemOfRoute } from '../../../functions/persistent-ip/observation.ts';
import { sweepMethod } from '../../../functions/persistent-ip/sweep-times.ts';
import { cause, clusterKey, condition, metadata, pod, route } from '../fixtures.ts';
import type { World } from '../world.ts';
import { ipOf, settle, settledWorld } from './settled.ts';

let world: World;

const run = async (deadlineMs = 60_000) => {
  const { requests, undecided } = await sweepCluster(world.deps, {
    scope: 'full',
    cause: { ...cause, method: sweepMethod },
    deadline: new Date(world.now.getTime() + deadlineMs),
  });
  return { asked: requests.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`), undecided };
};
const asked = async () => (await run()).asked;

const present = (name = 'nat-1') => world.routes.get(`edge-1/${name}`)!;
const stem = (name?: string) => stemOfRoute(clusterKey, present(name));
const change = (key: string, more: Partial<Parameters<typeof pod>[1]> & object) =>
  world.pods.set(key, { ...world.pods.get(key)!, ...(more as object) });
const service = () => world.services.get(stem())!;
const byHand = (more: object) =>
  world.services.set(stem(), { ...service(), fingerprint: 'by-hand', ...more });
const neg = () => [...world.negs].find(([, { name }]) => name.startsWith(stem()))!;
const minutesLater = (minutes: number) => {
  world.now = new Date(world.now.getTime() + minutes * 60_000);
};

beforeEach(async () => {
  world = await settledWorld(4);
});

describe('a full run over a cluster in which nothing is left to do', () => {
  it('asks for nothing', async () => {
    expect(await run()).toEqual({ asked: [], undecided: [] });
  });

  it('reads the same few lists, however many routes there are', async () => {
    await run();
    const few = world.calls.toSorted();
    expect(few.filter((call) => !call.startsWith('list-'))).toEqual(['get-cluster-uid']);
    world = await settledWorld(40);
    expect(await asked()).toEqual([]);
    expect(world.calls.toSorted()).toEqual(few);
  });

  it('reads Google Cloud before routes, and Pods after them', async () => {
    await run();
    const at = (call: string) => world.calls.lastIndexOf(call);
    for (const list of ['list-backend-services', 'list-all-rules', 'list-firewalls', 'list-all-negs'])
      expect(at(list)).toBeLessThan(world.calls.indexOf('list-routes'));
    expect(world.calls.indexOf('list-pods-selected')).toBeGreaterThan(at('list-routes'));
  });
});

/** What somebody did, or what no event told. */
const differences: Readonly<Record<string, () => void>> = {
  'the leader is another node': () => byHand({ leader: { ...service().leader!, instance: 'node-b' } }),
  'the backend service is gone': () => world.services.delete(stem()),
  'the record is cut off': () => byHand({ description: '' }),
  'a forwarding rule is gone': () => {
    const [name] = [...world.rules].find(([, rule]) => rule.backendService === stem())!;
    world.rules.delete(name);
  },
  'a forwarding rule points elsewhere': () => {
    const [name, rule] = [...world.rules].find(([, { backendService }]) => backendService === stem())!;
    world.rules.set(name, { ...rule, backendService: 'other' });
  },
  'the firewall rule is gone': () => world.firewalls.delete(stem()),
  'the firewall rule is open to others': () => {
    const firewall = world.firewalls.get(stem())!;
    world.firewalls.set(stem(), { ...firewall, sourceRanges: ['10.0.0.0/8'] });
  },
  'the NEG is gone': () => world.negs.delete(neg()[0]),
  'a node that waits is detached': () => world.negs.set(neg()[0], { ...neg()[1], endpoints: ['node-a'] }),
  'a node is attached that nothing needs': () =>
    world.negs.set(neg()[0], { ...neg()[1], endpoints: ['node-a', 'node-b', 'node-c'] }),
  'the leader’s VM was made anew under its name': () =>
    world.negs.set(neg()[0], { ...neg()[1], endpoints: ['node-b'] }),
  'a newer Pod is ready': () => {
    const labels = { app: 'nat-1' };
    const made = { namespace: 'edge-1', labels, creationTimestamp: '2026-11-24T16:00:00Z' };
    world.pods.set('edge-1/later', pod('later', { nodeName: 'node-b', metadata: made }));
  },
  'the holder is gone': () => world.pods.delete('edge-1/nat-1-new'),
  'all its Pods are gone': () => {
    world.pods.delete('edge-1/nat-1-new');
    world.pods.delete('edge-1/nat-1-old');
  },
  'the holder is not Ready': () => change('edge-1/nat-1-new', { ready: false }),
  'the holder was recreated under its name': () => {
    const held = world.pods.get('edge-1/nat-1-new')!;
    world.pods.set('edge-1/nat-1-new', { ...held, metadata: { ...held.metadata, uid: 'another' } });
  },
  'the holder has another IP': () => change('edge-1/nat-1-new', { podIP: '10.0.0.99' }),
  'the holder lost the label': () => {
    const held = world.pods.get('edge-1/nat-1-new')!;
    world.pods.set('edge-1/nat-1-new', { ...held, metadata: { ...held.metadata, labels: {} } });
  },
  'a Pod that waits went to another node': () => {
    world.pods.delete('edge-1/nat-1-old');
    const made = { namespace: 'edge-1', labels: { app: 'nat-1' }, creationTimestamp: '2026-11-24T16:00:00Z' };
    world.pods.set('edge-1/other', pod('other', { nodeName: 'node-c', ready: false, metadata: made }));
  },
  'its status was overwritten': () => world.put({ ...present(), status: { ...present().status, pods: [] } }),
  'its finalizer was taken off': () =>
    world.put({ ...present(), metadata: { ...present().metadata, finalizers: [] } }),
  'its spec was changed': () =>
    world.put({ ...present(), metadata: { ...present().metadata, generation: 2 }, network: 'blue' }),
  'it was recreated under its name': () =>
    world.put(
      route([ipOf(1)], {
        ...present(),
        metadata: metadata('nat-1', { namespace: 'edge-1', uid: 'another' }),
        status: { pods: [], conditions: [] },
      }),
    ),
};

describe('a full run asks for the one route', () => {
  it.each(Object.keys(differences))('where %s', async (what) => {
    differences[what]?.();
    const { asked: found, undecided } = await run();
    // A recreated one once more, by the old uid: what that has left behind.
    expect([...new Set(found)]).toEqual(['route edge-1/nat-1']);
    expect(undecided).toEqual([]);
  });

  it('that is being deleted, and for the Gateway that counts it', async () => {
    const deletionTimestamp = '2026-11-24T16:05:00Z';
    world.put({ ...present(), metadata: { ...present().metadata, deletionTimestamp } });
    expect(await asked()).toEqual(['gateway infra/pool-0', 'route edge-1/nat-1']);
  });

  it('which has nothing left to do when it was looked at', async () => {
    differences['the leader is another node']?.();
    await run();
    await settle(world);
    expect(await asked()).toEqual([]);
  });
});

describe('a full run asks for all routes', () => {
  const all = ['route edge-0/nat-0', 'route edge-0/nat-2', 'route edge-1/nat-1', 'route edge-1/nat-3'];

  it('of the node, when it goes', async () => {
    world.nodes.delete('node-a');
    expect((await asked()).toSorted()).toEqual(all);
  });

  it('of the node, when its VM is stopped', async () => {
    world.vms.set('us-central1-a/node-a', 'gone');
    expect((await asked()).toSorted()).toEqual(all);
  });

  it('of a namespace that is gone', async () => {
    world.namespaces.delete('edge-1');
    expect((await asked()).filter((one) => one.startsWith('route'))).toEqual([all[2], all[3]]);
  });

  it.each(['list-backend-services', 'list-all-rules', 'list-all-negs', 'list-vms', 'list-pods-selected'])(
    'while it cannot do %s, and says why; Gateways and classes are decided about all the same',
    async (list) => {
      world.before = (call) => {
        if (call === list) throw new Failure('retry', 'noAnswer', 0, 'unreachable');
      };
      const { asked: found, undecided } = await run();
      expect(found.toSorted()).toEqual(all);
      expect(undecided).toEqual(['noAnswer: unreachable']);
    },
  );

  it('that are left when the time is over', async () => {
    const { asked: found, undecided } = await run(0);
    expect(found.toSorted()).toEqual(all);
    expect(undecided).toEqual(['the time is over with 4 routes left']);
  });
});

describe('what a list does not show', () => {
  const exchanged = () => world.negs.set(neg()[0], { ...neg()[1], endpoints: ['node-a', 'node-c'] });
  /** Full runs in which the route is asked for, out of those of a day. */
  const runs = async (): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let count = 0; count < 288; count += 1) {
      if ((await asked()).includes('route edge-1/nat-1')) found.push(count);
      minutesLater(5);
    }
    return found;
  };

  it('one node exchanged for another by hand, is looked at twice a day', async () => {
    exchanged();
    const found = await runs();
    expect(found).toHaveLength(2);
    expect((found[1] ?? 0) - (found[0] ?? 0)).toBe(144);
  });

  it('that a route is left to GKE, is repeated while it is new, and then twice a day', async () => {
    const annotations = { 'networking.gke.io/pip-x': '1' };
    const creationTimestamp = '2026-11-24T16:00:00Z';
    world.put({
      ...present(),
      metadata: { ...present().metadata, finalizers: [], annotations, creationTimestamp },
    });
    const found = await runs();
    expect(found.slice(0, 2)).toEqual([0, 1]);
    expect(found.length).toBeLessThanOrEqual(4);
    expect(found.length).toBeGreaterThanOrEqual(3);
  });
});

it('routes that are not Ready are asked for as the minute’s run asks for them, and those that wait for a person are not', async () => {
  const failed = (reason: string, since: string) =>
    ['GCPReady', 'Ready'].map((type) => ({
      ...condition(type, 'False', reason),
      lastTransitionTime: `2026-11-24T${since}Z`,
    }));
  const put = (name: string, reason: string, since: string) =>
    world.put(
      route([ipOf(1)], {
        metadata: metadata(name, { namespace: 'edge-1' }),
        status: { pods: [], conditions: failed(reason, since) },
      }),
    );
  put('waits', 'NoPodsFound', '15:00:00');
  put('refused', 'GCPFailed', '16:01:00');
  put('tried-again', 'GCPFailed', '15:55:00');
  expect((await asked()).toSorted()).toEqual(['route edge-1/tried-again', 'route edge-1/waits']);
});
