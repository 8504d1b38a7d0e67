import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, gatewayClass, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

const region = '/regions/us-central1';
const resources = async () => ({
  rules: await stage.names(`${region}/forwardingRules`),
  services: await stage.names(`${region}/backendServices`),
  firewalls: await stage.names('/global/firewalls'),
});
const nothing = { rules: [], services: [], firewalls: [] };
const theirs = gatewayClass('theirs', { controllerName: 'example.com/gateways' });

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3', '34.1.2.4');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4']),
    route('nat', 'edge', ['34.1.2.3', '34.1.2.4']),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
});
afterEach(() => stage.close());

it('one of a route’s addresses that leaves the pool takes the whole route along: all or nothing', async () => {
  await stage.patch(paths.gateway('edge', 'pool'), { spec: { addresses: [{ value: '34.1.2.3' }] } });
  const { conditions, pod: named } = await stage.reason('edge', 'nat', 'Accepted', 'InvalidAddresses');
  expect(conditions[0]?.message).toContain('34.1.2.4/32');
  expect(named).toBeUndefined();
  await stage.rest();
  expect(await resources()).toEqual(nothing);
  await stage.patch(paths.route('edge', 'nat'), { spec: { addresses: [{ value: '34.1.2.3/32' }] } });
  await stage.ready('edge', 'nat', 'nat-1');
  expect((await resources()).rules).toHaveLength(1);
});

it('a reservation that its user deletes is missed: the Gateway and its route say so', async () => {
  // Google refuses it while the route's rule uses the address.
  await expect(stage.admin.compute('DELETE', `${region}/addresses/ip-34-1-2-4`)).rejects.toThrow(
    /already being used/,
  );
  await stage.patch(paths.route('edge', 'nat'), { spec: { addresses: [{ value: '34.1.2.3/32' }] } });
  await stage.until('edge', 'nat', 'one rule', (view) => view.ready && view.addresses.length === 1);
  await stage.rest();
  await stage.admin.compute('DELETE', `${region}/addresses/ip-34-1-2-4`);
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotUsable');
  expect(view.status?.addresses).toEqual([{ type: 'IPAddress', value: '34.1.2.3' }]);
  expect((await stage.route('edge', 'nat'))?.ready).toBe(true);
});

it('a Gateway given to another controller: its routes let go of everything, and of themselves', async () => {
  await stage.apply(theirs);
  await stage.patch(paths.gateway('edge', 'pool'), { spec: { gatewayClassName: 'theirs' } });
  await stage.reason('edge', 'nat', 'Accepted', 'Unattachable');
  await stage.rest();
  expect(await resources()).toEqual(nothing);
  const { metadata } = await stage.admin.kubernetes('GET', paths.route('edge', 'nat'));
  expect((metadata as { finalizers?: readonly string[] }).finalizers ?? []).toEqual([]);
  // And back.
  await stage.patch(paths.gateway('edge', 'pool'), {
    spec: { gatewayClassName: 'persistent-ip-regional-external' },
  });
  await stage.ready('edge', 'nat', 'nat-1');
});

it('a Gateway made again under its name has its routes back', async () => {
  await stage.delete(paths.gateway('edge', 'pool'));
  await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotFound');
  await stage.rest();
  expect(await resources()).toEqual(nothing);
  await stage.apply(gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4']));
  await stage.ready('edge', 'nat', 'nat-1');
});

it('a route deleted twice, with half of its resources gone already, is deleted', async () => {
  const { rules, firewalls } = await resources();
  const held = stage.cloud.compute.inject({
    method: 'DELETE',
    path: 'backendServices',
    effect: { hold: true },
  });
  stage.cloud.loseEvents(true);
  await stage.admin.compute('DELETE', `${region}/forwardingRules/${rules[0]}`);
  await stage.admin.compute('DELETE', `/global/firewalls/${firewalls[0]}`);
  await stage.until('edge', 'nat', 'as it was', (view) => view.ready);
  stage.cloud.loseEvents(false);
  await stage.delete(paths.route('edge', 'nat'));
  await stage.until('edge', 'nat', 'half done', () => held.hits === 1);
  await stage.delete(paths.route('edge', 'nat'));
  held.release();
  await stage.gone(paths.route('edge', 'nat'));
  expect(await resources()).toEqual(nothing);
  expect(await stage.names(`${region}/addresses`)).toHaveLength(2);
});

it('route, Pod, Gateway and class deleted at once leave nothing but the user’s reservations', async () => {
  await Promise.all(
    [
      paths.gatewayClass('persistent-ip-regional-external'),
      paths.gateway('edge', 'pool'),
      paths.pod('edge', 'nat-1'),
      paths.route('edge', 'nat'),
    ].map((path) => stage.delete(path)),
  );
  await stage.gone(paths.gateway('edge', 'pool'));
  await stage.gone(paths.route('edge', 'nat'));
  expect(await resources()).toEqual(nothing);
  expect(await stage.names(`${region}/addresses`)).toEqual(['ip-34-1-2-3', 'ip-34-1-2-4']);
});
