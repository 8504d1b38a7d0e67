import { beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
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
  routeRequest,
} from '../fixtures.ts';
import { World } from '../world.ts';

const ip = '10.128.0.9';
const internal = 'gke-persistent-regional-internal-managed';
let world: World;

const present = (): Route => world.routes.get('edge/nat')!;
const condition = (type: string) => findCondition(present().status.conditions, type);
const service = () => [...world.services.values()][0];
const rule = () => [...world.rules.values()][0];
const firewall = () => [...world.firewalls.values()][0];
const deliver = () => reconcile(world.deps, routeRequest());
const write = (more: Partial<Route>): void => {
  const { metadata: meta, ...rest } = present();
  world.put({ ...rest, ...more, metadata: { ...meta, generation: meta.generation + 1 } });
};

beforeEach(async () => {
  world = new World();
  world.classes.push(gatewayClass(), gatewayClass({ metadata: metadata(internal) }));
  world.gateways.set('infra/pool', gateway([ip], { className: internal }));
  world.namespaces.set('edge', namespace('edge'));
  world.nodes.set('node-a', node('node-a'));
  world.reserved.push(address(ip, { scheme: 'INTERNAL', purpose: 'GCE_ENDPOINT', subnetwork: 'pips' }));
  world.put(route([ip]));
  world.pods.set('edge/nat-1', pod('nat-1'));
  await deliver();
});

describe('an internal address', () => {
  it('is reached inside the network, in the subnetwork where it was reserved', () => {
    expect(condition('GCPReady')?.status).toBe('True');
    expect(service()).toMatchObject({ scheme: 'INTERNAL', network: 'default' });
    expect(rule()).toMatchObject({
      ip,
      reach: { scheme: 'INTERNAL', network: 'default', subnetwork: 'pips', allowGlobalAccess: false },
    });
  });

  it('is open to private sources alone, unless the Gateway says otherwise', () => {
    expect(firewall()?.sourceRanges).toEqual([
      '10.0.0.0/8',
      '100.64.0.0/10',
      '172.16.0.0/12',
      '192.168.0.0/16',
    ]);
  });

  it('follows allowGlobalAccess by one PATCH of its rule, both ways, and the Pod keeps it', async () => {
    for (const allowGlobalAccess of [true, false]) {
      world.calls.length = 0;
      write({ extra: { allowGlobalAccess } });
      await deliver();
      expect(rule()?.allowGlobalAccess).toBe(allowGlobalAccess);
      expect(world.mutations.filter((step) => step !== 'patch-backend-service')).toEqual([
        'patch-forwarding-rule',
      ]);
      expect(present().status.pods).toEqual(['nat-1']);
    }
  });

  it('that a stranger has in another network is nobody’s rival', async () => {
    const mine = rule()!;
    world.rules.clear();
    world.rules.set('theirs', { ...mine, name: 'theirs', network: 'other', description: '' });
    await deliver();
    expect([...world.rules.keys()].sort()).toEqual([mine.name, 'theirs']);
    expect(condition('GCPReady')?.status).toBe('True');
  });

  it('that a stranger has in this network is refused by the name of his rule', async () => {
    const mine = rule()!;
    world.rules.clear();
    world.rules.set('theirs', { ...mine, name: 'theirs', description: '' });
    await deliver();
    expect(condition('GCPReady')).toMatchObject({
      reason: 'GCPFailed',
      message: expect.stringContaining('forwarding rule theirs'),
    });
  });
});

describe('an address whose reservation is gone since its Gateway was looked at', () => {
  it('is refused by name, and nothing is made', async () => {
    world.reserved.length = 0;
    world.gateways.set('infra/pool', gateway([ip, '10.128.0.10'], { className: internal }));
    write({ addresses: [{ type: 'gke.networking.io/cidr', value: '10.128.0.10/32' }] });
    await deliver();
    expect(condition('Accepted')).toMatchObject({
      reason: 'InvalidAddresses',
      message: expect.stringContaining('10.128.0.10 is no longer a reserved address'),
    });
    expect(world.rules.size + world.services.size + world.negs.size).toBe(0);
  });
});

describe('a class of another scheme', () => {
  const seen: string[] = [];

  beforeEach(async () => {
    seen.length = 0;
    world.reserved.push(address(ip));
    world.gateways.set('infra/pool', gateway([ip]));
    world.calls.length = 0;
    world.audited.length = 0;
    world.before = (call) => {
      if (call.startsWith('delete-') || call.startsWith('create-'))
        seen.push(`${call} ${present().status.pods.length} ${condition('GCPReady')?.reason}`);
    };
    await deliver();
  });

  it('takes everything down and makes it anew, and nobody is named meanwhile', () => {
    expect(seen).toEqual(
      [
        'delete-forwarding-rule',
        'delete-firewall',
        'delete-backend-service',
        'delete-neg',
        'create-neg',
        'create-backend-service',
        'create-forwarding-rule',
        'create-firewall',
      ].map((step) => `${step} 0 GCPNotReady`),
    );
    expect(service()).toMatchObject({ scheme: 'EXTERNAL' });
    expect(rule()).toMatchObject({ ip, reach: { scheme: 'EXTERNAL', networkTier: 'PREMIUM' } });
    expect(firewall()?.sourceRanges).toEqual(['0.0.0.0/0']);
    expect(condition('GCPReady')?.status).toBe('True');
    expect(present().status.pods).toEqual(['nat-1']);
  });

  it('is a release and an allocation in the audit log', () => {
    const actions = world.audited.map(({ action }) => action).filter((action) => action !== 'condition');
    expect([...new Set(actions)]).toEqual(['release', 'allocate']);
  });
});

it('a rule has the tier of its address', async () => {
  world.reserved.splice(0, 1, address('34.1.2.3', { networkTier: 'STANDARD' }));
  world.gateways.set('infra/pool', gateway(['34.1.2.3']));
  world.put(route(['34.1.2.3'], { metadata: metadata('std') }));
  await reconcile(world.deps, {
    cluster: clusterKey,
    kind: 'route',
    namespace: 'edge',
    name: 'std',
    uid: 'uid-std',
    cause,
  });
  expect([...world.rules.values()].find((one) => one.ip === '34.1.2.3')).toMatchObject({
    reach: { scheme: 'EXTERNAL', networkTier: 'STANDARD' },
  });
});
