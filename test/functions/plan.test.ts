import { describe, expect, it } from 'vitest';
import type { Plan } from '../../functions/plan.ts';
import { reconcile } from '../../functions/reconciler/reconcile.ts';
import { aWorldToPlanFor, plan, world } from './asking-plan.ts';
import { address, cause, clusterKey, gateway, metadata, pod, route } from './fixtures.ts';
import { gatewayOf, routeOf } from './plan-world.ts';

aWorldToPlanFor();

const settle = (inNamespace: string, name: string) =>
  reconcile(world.deps, { cluster: clusterKey, kind: 'route', namespace: inNamespace, name, cause });

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
