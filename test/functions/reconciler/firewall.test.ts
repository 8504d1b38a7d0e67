import { beforeEach, expect, it } from 'vitest';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  facts,
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

const annotation = 'persistent-ip.dev/source-ranges';
const ips = ['34.1.2.3', '34.1.2.4'];
let world: World;

const deliver = (cluster = facts) => reconcile({ ...world.deps, cluster }, routeRequest());
const rule = () => [...world.firewalls.values()][0];
const open = (ranges: string): void => {
  const annotations = { [annotation]: ranges };
  world.gateways.set(
    'infra/pool',
    gateway(ips, { metadata: metadata('pool', { namespace: 'infra', annotations }) }),
  );
};

beforeEach(async () => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway(ips));
  world.reserved.push(...ips.map((ip) => address(ip)));
  world.namespaces.set('edge', namespace('edge'));
  world.nodes.set('node-a', node('node-a'));
  world.pods.set('edge/nat-1', pod('nat-1'));
  world.put(route(ips));
  await deliver();
  world.calls.length = 0;
});

it('opens every source to the addresses and to nothing else, on every node', () => {
  expect(rule()).toMatchObject({
    network: 'default',
    sourceRanges: ['0.0.0.0/0'],
    destinationRanges: ['34.1.2.3/32', '34.1.2.4/32'],
    targetTags: [],
  });
});

it('opens what the Gateway’s annotation says, by one mutation and without a word about the Pod', async () => {
  open('203.0.113.0/24, 198.51.100.7/32');
  await deliver();
  expect(rule()?.sourceRanges).toEqual(['198.51.100.7/32', '203.0.113.0/24']);
  expect(world.mutations).toEqual(['patch-firewall']);
});

it('is switched on again, and let everything through, when somebody has changed that by hand', async () => {
  for (const [name, rule] of world.firewalls) world.firewalls.set(name, { ...rule, narrowed: true });
  await deliver();
  expect(world.mutations).toEqual(['patch-firewall']);
  await deliver();
  expect(world.mutations).toEqual(['patch-firewall']);
});

it('keeps the last good rule while the annotation is none', async () => {
  open('203.0.113.0/24');
  await deliver();
  open('everybody');
  await deliver();
  expect(rule()?.sourceRanges).toEqual(['203.0.113.0/24']);
});

it('is limited to the nodes’ tag where the configuration names it, also on a route that is there already', async () => {
  await deliver({ ...facts, nodeTag: 'gke-prod-node' });
  expect(rule()?.targetTags).toEqual(['gke-prod-node']);
  expect(world.mutations).toEqual(['patch-firewall']);
});

it('that somebody opened wider is closed again', async () => {
  for (const [name, seen] of world.firewalls) world.firewalls.set(name, { ...seen, destinationRanges: [] });
  await deliver();
  expect(rule()?.destinationRanges).toEqual(['34.1.2.3/32', '34.1.2.4/32']);
});
