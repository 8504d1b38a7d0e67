import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { onInventory } from '../../functions/inventory.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import type { Plan } from '../../functions/plan.ts';
import { reconcile } from '../../functions/reconciler/reconcile.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { address, cause, clusterKey, gateway, metadata, namespace, pod, route } from './fixtures.ts';
import { gatewayOf, routeOf, worldToPlanFor } from './plan-world.ts';
import type { World } from './world.ts';

let world: World;
let worlds: World[];

beforeEach(async () => {
  world = await worldToPlanFor();
  worlds = [world];
});

const settle = (inNamespace: string, name: string) =>
  reconcile(world.deps, { cluster: clusterKey, kind: 'route', namespace: inNamespace, name, cause });

const send = async (
  body: string | Buffer,
  { query = '', type = 'application/yaml', method = 'POST' } = {},
) => {
  const wiring = { readers: () => worlds.map(({ deps }) => deps) } as unknown as Wiring;
  const content = { type, bytes: Buffer.from(body) };
  const url = `/v1/plan${query}`;
  const answer = await onInventory(wiring, { method, url, ifNoneMatch: undefined, content });
  return { status: answer.status, json: JSON.parse(answer.body) as Plan & { error: { message: string } } };
};

const plan = async (...manifests: readonly object[]): Promise<Plan> => {
  const { status, json } = await send(manifests.map((one) => stringify(one)).join('---\n'));
  expect({ status, error: json.error }).toEqual({ status: 200, error: undefined });
  return json;
};

const callsOf = ({ calls }: { calls: Plan['routes'][number]['calls'] } | undefined = { calls: [] }) =>
  calls.map((stage) => stage.map(({ call }) => call));

describe('a plan for a new route', () => {
  it('names the Pod that would hold a free address, why, and every call in order', async () => {
    const { served, harmless, routes, cluster } = await plan(routeOf('sip', ['34.1.2.4/32']));
    expect({ served, harmless, cluster }).toEqual({ served: true, harmless: true, cluster: clusterKey });
    expect(routes).toMatchObject([
      {
        name: 'sip',
        change: 'create',
        uid: null,
        outcome: 'served',
        wouldHold: { pod: 'nat-1', node: 'node-a' },
        holder: null,
        conflict: null,
        pods: [{ pod: 'nat-1', chosen: true, why: 'it is the first in the order of the rules' }],
      },
    ]);
    expect(callsOf(routes[0])).toEqual([
      ['networkEndpointGroups.insert'],
      ['networkEndpointGroups.attachNetworkEndpoints'],
      ['regionBackendServices.insert'],
      ['forwardingRules.insert', 'firewalls.insert'],
    ]);
  });

  it('shows the readable part of names, for the rest comes from a uid that nobody knows', async () => {
    const { routes } = await plan(routeOf('sip', ['34.1.2.4/32']));
    const names = routes[0]?.calls.flat().map(({ on }) => on) ?? [];
    expect(names.find((name) => !/(^|\/)pip-edge-sip-<uid>(-[0-9a-f]{8})?$/.test(name))).toBeUndefined();
  });

  it('waits for an address that another route has, and names both', async () => {
    const { served, routes, others } = await plan(routeOf('sip', ['34.1.2.3/32']));
    expect(served).toBe(false);
    expect(routes).toMatchObject([
      {
        outcome: 'waits',
        conflict: { address: '34.1.2.3', with: 'GKEIPRoute edge/nat' },
        wouldHold: null,
        calls: [],
        next: 'It gets 34.1.2.3 without being touched when GKEIPRoute edge/nat lets go of it.',
      },
    ]);
    expect(routes[0]?.conditions[0]).toMatchObject({
      reason: 'InvalidAddresses',
      whatToDo: expect.stringContaining('the older keeps it') as string,
    });
    expect(others.routes).toEqual([]);
  });

  it('is refused with an address that no pool has, a namespace that no listener admits, a parent that is not there', async () => {
    const closed = { listeners: [{ name: 'default', from: 'Same' as const, kinds: [] }] };
    world.gateways.set(
      'infra/closed',
      gateway(['34.1.2.4'], { ...closed, metadata: metadata('closed', { namespace: 'infra' }) }),
    );
    const parent = (name: string) => ({ parentRefs: [{ name, namespace: 'infra' }] });
    const { routes } = await plan(
      routeOf('a', ['34.9.9.9/32']),
      routeOf('b', ['34.1.2.4/32'], parent('closed')),
      routeOf('c', ['34.1.2.4/32'], parent('absent')),
      routeOf('d', ['34.1.2.4/32'], { podSelector: {} }),
    );
    expect(routes.map(({ outcome, conditions }) => [outcome, conditions[0]?.reason])).toEqual([
      ['refused', 'InvalidAddresses'],
      ['refused', 'Unattachable'],
      ['refused', 'GatewayNotFound'],
      ['refused', 'InvalidLabels'],
    ]);
  });

  it('waits for a Pod when none is Ready', async () => {
    const { routes } = await plan(
      routeOf('sip', ['34.1.2.4/32'], { podSelector: { matchLabels: { app: 'none' } } }),
    );
    expect(routes).toMatchObject([{ outcome: 'waits', wouldHold: null, conflict: null }]);
    expect(routes[0]?.because).toContain('no Pod of the namespace has the labels');
  });

  it('of one manifest: of two new routes for an address the smaller name gets it, and the other knows', async () => {
    const { routes } = await plan(routeOf('z', ['34.1.2.4/32']), routeOf('a', ['34.1.2.4/32']));
    expect(routes.map(({ name, outcome, conflict }) => [name, outcome, conflict?.with])).toEqual([
      ['z', 'waits', 'GKEIPRoute edge/a'],
      ['a', 'served', undefined],
    ]);
  });
});

describe('a plan for a route that is there', () => {
  it('finds nothing to do where nothing changes', async () => {
    const { routes, served } = await plan(routeOf('nat', ['34.1.2.3/32']));
    expect(served).toBe(true);
    expect(routes).toMatchObject([{ change: 'none', uid: 'uid-nat', calls: [], holder: { pod: 'nat-1' } }]);
  });

  it('says where the addresses would move, and what the move costs', async () => {
    world.pods.set('edge/sip-1', pod('sip-1', { metadata: { labels: { app: 'sip' } } }));
    const { routes } = await plan(
      routeOf('nat', ['34.1.2.3/32'], { podSelector: { matchLabels: { app: 'sip' } } }),
    );
    expect(routes).toMatchObject([
      {
        change: 'change',
        outcome: 'served',
        holder: { pod: 'nat-1' },
        wouldHold: { pod: 'sip-1' },
        because: 'the addresses would move from Pod nat-1 to Pod sip-1 on node node-a',
        next: expect.stringContaining('Traffic is interrupted for some seconds') as string,
      },
    ]);
    expect(callsOf(routes[0])).toEqual([['regionBackendServices.patch']]);
    expect(routes[0]?.conditions.every(({ observedGeneration }) => observedGeneration === 2)).toBe(true);
  });

  it('says who would get what it lets go of', async () => {
    world.put(route(['34.1.2.3'], { metadata: metadata('heir') }));
    await settle('edge', 'heir');
    const { routes, others } = await plan(routeOf('nat', ['34.1.2.4/32']));
    expect(routes).toMatchObject([{ outcome: 'served', givesUp: ['34.1.2.3'] }]);
    expect(callsOf(routes[0])).toEqual([
      ['forwardingRules.delete'],
      ['forwardingRules.insert', 'firewalls.update'],
    ]);
    expect(others.routes).toMatchObject([
      {
        name: 'heir',
        now: { outcome: 'waits' },
        next: 'It is looked at again when GKEIPRoute edge/nat has let go of 34.1.2.3, and may get it.',
      },
    ]);
  });

  it('keeps a change of haPolicy from reaching the API server', async () => {
    world.put({ ...world.routes.get('edge/nat')!, extra: { haPolicy: true } });
    const { rejected, served } = await plan(routeOf('nat', ['34.1.2.3/32'], { haPolicy: false }));
    expect(served).toBe(false);
    expect(rejected).toMatchObject([{ name: 'nat', problems: [{ field: 'spec.haPolicy' }] }]);
  });

  it('is told of GKE’s marks, and left', async () => {
    const mine = routeOf('sip', ['34.1.2.4/32']);
    const marked = {
      ...mine,
      metadata: { ...mine.metadata, annotations: { 'networking.gke.io/pip-state': 'x' } },
    };
    expect((await plan(marked)).routes).toMatchObject([{ outcome: 'left', calls: [] }]);
  });
});

describe('a plan for a Gateway', () => {
  it('goes before the routes of its manifest, which see it as it would be', async () => {
    world.reserved.push(address('34.1.2.5'));
    const { gateways, routes, served } = await plan(
      routeOf('sip', ['34.1.2.5/32'], { parentRefs: [{ name: 'new', namespace: 'infra' }] }),
      gatewayOf('new', ['34.1.2.5']),
    );
    expect(served).toBe(true);
    expect(routes).toMatchObject([{ name: 'sip', outcome: 'served', wouldHold: { pod: 'nat-1' } }]);
    expect(gateways).toMatchObject([
      {
        name: 'new',
        change: 'create',
        outcome: 'served',
        pool: [{ address: '34.1.2.5', change: 'added', route: null, wouldBe: 'edge/sip' }],
        listeners: [{ name: 'default', attachedRoutes: 0, wouldBe: 1 }],
      },
    ]);
  });

  it('names what would lose its address with it', async () => {
    const { gateways, others, served, harmless } = await plan(gatewayOf('pool', ['34.1.2.4']));
    expect({ served, harmless }).toEqual({ served: true, harmless: false });
    expect(gateways).toMatchObject([
      {
        change: 'change',
        pool: [
          { address: '34.1.2.3', change: 'removed', route: 'edge/nat', wouldBe: null },
          { address: '34.1.2.4', change: 'kept' },
        ],
      },
    ]);
    expect(others.routes).toMatchObject([
      { name: 'nat', now: { outcome: 'served' }, wouldBe: { outcome: 'refused' } },
    ]);
    expect(callsOf(others.routes[0])).toEqual([['regionBackendServices.patch']]);
  });

  it('looks at so many other routes that it can, and calls itself harmless only when it has looked at all', async () => {
    for (let i = 0; i < 25; i += 1)
      world.put(route(['34.1.2.9'], { metadata: metadata(`idle-${String(i).padStart(2, '0')}`) }));
    const { others, harmless } = await plan(gatewayOf('pool', ['34.1.2.4', '34.1.2.3']));
    expect({ harmless, left: others.notLookedAt.length }).toEqual({ harmless: false, left: 6 });
    // Of a Gateway that stays as it is nobody is concerned.
    expect(await plan(gatewayOf('pool', ['34.1.2.3', '34.1.2.4']))).toMatchObject({
      harmless: true,
      gateways: [{ change: 'none' }],
    });
  });

  it('says of each address that cannot be used why', async () => {
    const { gateways, served } = await plan(gatewayOf('new', ['34.1.2.4', '34.9.9.9']));
    expect(served).toBe(false);
    expect(gateways[0]).toMatchObject({ outcome: 'refused' });
    expect(gateways[0]?.because).toContain('34.9.9.9 is not a reserved address of region');
  });

  it('would reserve what an entry without value asks for, under a name that is not known yet', async () => {
    const { gateways } = await plan(gatewayOf('new', [undefined]));
    expect(gateways[0]?.calls).toEqual([
      [{ call: 'addresses.insert', on: 'pip-infra-new-<uid>-0', what: 'EXTERNAL' }],
    ]);
  });

  it('of another controller, or of a class that is not there, is left', async () => {
    const { gateways } = await plan(gatewayOf('new', [], { gatewayClassName: 'absent' }));
    expect(gateways).toMatchObject([
      { outcome: 'left', because: expect.stringContaining('does not exist') as string },
    ]);
  });

  it('shows the pool that a new route would take from', async () => {
    const { others } = await plan(routeOf('sip', ['34.1.2.4/32']));
    expect(others.gateways).toMatchObject([
      { name: 'pool', listeners: [{ name: 'default', attachedRoutes: 1, wouldBe: 2 }] },
    ]);
    expect(others.gateways[0]?.pool.find(({ address: ip }) => ip === '34.1.2.4')).toMatchObject({
      route: null,
      wouldBe: 'edge/sip',
    });
  });
});

describe('what the API server would refuse', () => {
  it('is named by its field, and the rest is planned', async () => {
    const { rejected, routes } = await plan(
      routeOf('bad', ['34.1.2.4/32'], { podSelector: undefined, reactionmode: 'Exists' }),
      routeOf('sip', ['34.1.2.4/32']),
    );
    expect(rejected).toMatchObject([
      {
        document: 1,
        name: 'bad',
        problems: [
          { field: 'spec.podSelector', problem: 'is missing' },
          { field: 'spec.reactionmode', problem: expect.stringContaining('is no field of it') as string },
        ],
      },
    ]);
    expect(routes).toMatchObject([{ name: 'sip', outcome: 'served' }]);
  });

  it('is a namespace that is neither there nor in the manifest', async () => {
    const elsewhere = { ...routeOf('sip', ['34.1.2.4/32']), metadata: { name: 'sip', namespace: 'new' } };
    expect((await plan(elsewhere)).rejected).toMatchObject([
      { namespace: 'new', problems: [{ field: 'metadata.namespace' }] },
    ]);
    const made = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } };
    expect((await plan(made, elsewhere)).routes).toMatchObject([{ namespace: 'new', outcome: 'waits' }]);
  });
});

describe('the question', () => {
  it('reads and writes nothing', async () => {
    await plan(routeOf('sip', ['34.1.2.4/32']), gatewayOf('pool', ['34.1.2.3', '34.1.2.4', undefined]));
    expect(world.calls.length).toBeGreaterThan(5);
    expect(world.calls.filter((call) => !/^(get|list)-/.test(call))).toEqual([]);
  });

  it('names the documents that are not looked at', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nat', namespace: 'edge' },
    };
    const { notLookedAt, notChecked } = await plan(deployment, routeOf('sip', ['34.1.2.4/32']));
    expect(notLookedAt).toEqual([
      { document: 1, apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'edge', name: 'nat' },
    ]);
    expect(notChecked.length).toBeGreaterThan(1);
  });

  it('takes JSON, and puts what names no namespace where it is told to', async () => {
    const { metadata: _, ...rest } = routeOf('sip', ['34.1.2.4/32']);
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ ...rest, metadata: { name: 'sip' } }],
    });
    const asked = await send(body, { type: 'application/json', query: '?namespace=edge' });
    expect(asked.json.routes).toMatchObject([{ namespace: 'edge', outcome: 'served' }]);
    world.namespaces.set('default', namespace('default'));
    const unasked = await send(body, { type: 'application/json' });
    expect(unasked.json.routes).toMatchObject([{ namespace: 'default', outcome: 'waits' }]);
  });

  const sip = stringify(routeOf('sip', ['34.1.2.4/32']));

  it.each<[string, string | Buffer, object, number, string]>([
    ['broken YAML', 'a: [1\nb: 2', {}, 400, 'document 1 cannot be read'],
    ['another kind', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}', {}, 400, 'it holds Service'],
    ['no object', 'just words', {}, 400, 'document 1 is no object of Kubernetes'],
    ['nothing', '---\n---\n', {}, 400, 'the manifest is empty'],
    ['no body', '', {}, 400, 'send the manifest as the body'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00]), {}, 400, 'not UTF-8'],
    ['too much', `#${'x'.repeat(262_144)}`, {}, 413, 'may have 262144'],
    ['a form', sip, { type: 'application/x-www-form-urlencoded' }, 415, 'none of them'],
    ['no type', sip, { type: '' }, 415, 'application/yaml'],
    ['a reader’s method', sip, { method: 'GET' }, 405, 'by POST'],
    ['a strange parameter', sip, { query: '?dryRun=All' }, 400, 'no parameter "dryRun"'],
    ['another cluster', sip, { query: '?cluster=other' }, 404, 'no cluster "other"'],
    ['brackets without end', '['.repeat(5_000), {}, 400, 'cannot be read'],
    ['aliases that multiply', bomb(), {}, 400, 'cannot be read'],
    ['a field twice', `${sip}metadata: {name: b}\n`, {}, 400, 'has the field "metadata" twice (line '],
    ['too many', `${sip}---\n`.repeat(51), {}, 400, 'split it'],
  ])('with %s is answered in words', async (_, body, how, status, words) => {
    const answer = await send(body, how);
    expect({ status: answer.status, words: answer.json.error.message }).toEqual({
      status,
      words: expect.stringContaining(words) as string,
    });
  });

  it('says for which cluster where there are several, and 503 when it cannot be looked at', async () => {
    worlds = [world, world];
    expect((await send(sip)).json.error.message).toContain('several clusters');
    worlds = [world];
    world.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'no answer');
    };
    expect((await send(sip)).status).toBe(503);
  });
});

/** Ten aliases of ten aliases of ten …: a few lines that would be gigabytes. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
