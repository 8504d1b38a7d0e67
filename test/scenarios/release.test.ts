import { afterEach, beforeEach, expect, it } from 'vitest';
import { paths, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve();
});
afterEach(() => stage.close());

const region = '/regions/us-central1';
const left = async () => ({
  rules: await stage.count(`${region}/forwardingRules`),
  services: await stage.count(`${region}/backendServices`),
  firewalls: await stage.count('/global/firewalls'),
  negs:
    (await stage.count('/zones/us-central1-a/networkEndpointGroups')) +
    (await stage.count('/zones/us-central1-b/networkEndpointGroups')),
  addresses: await stage.count(`${region}/addresses`),
});

it('deleting a route leaves nothing but the user’s reservation, and an audit entry', async () => {
  await stage.delete(paths.route('edge', 'nat'));
  await stage.rest();
  expect(await stage.route('edge', 'nat')).toBeUndefined();
  expect(await left()).toEqual({ rules: 0, services: 0, firewalls: 0, negs: 0, addresses: 1 });
  expect(stage.history('nat').at(-1)).toMatchObject({ action: 'release', from: { pod: 'nat-1' } });
});

it('an address that leaves the pool while it is held is released, and taken again when it is back', async () => {
  await stage.patch(paths.gateway('edge', 'pool'), { spec: { addresses: [] } });
  await stage.reason('edge', 'nat', 'Accepted', 'InvalidAddresses');
  await stage.rest();
  expect(await left()).toMatchObject({ rules: 0, services: 0 });
  await stage.patch(paths.gateway('edge', 'pool'), {
    spec: { addresses: [{ type: 'IPAddress', value: '34.1.2.3' }] },
  });
  await stage.ready('edge', 'nat', 'nat-1');
});

it('a Gateway that is deleted takes its routes’ addresses along, and the routes say why', async () => {
  await stage.delete(paths.gateway('edge', 'pool'));
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotFound');
  expect(conditions.find(({ type }) => type === 'Accepted')?.message).toContain('edge/pool');
  await stage.rest();
  expect(await left()).toMatchObject({ rules: 0, services: 0, negs: 0 });
});

it('the route that waits for an address gets it when the one that has it goes, without anyone touching it', async () => {
  await stage.apply(route('late', 'edge', ['34.1.2.3']));
  await stage.reason('edge', 'late', 'Accepted', 'InvalidAddresses');
  await stage.delete(paths.route('edge', 'nat'));
  await stage.ready('edge', 'late', 'nat-1');
});

it('a Namespace deleted with its route in it leaves nothing behind', async () => {
  await stage.delete(paths.namespace('edge'));
  await stage.gone(paths.namespace('edge'));
  expect(await left()).toEqual({ rules: 0, services: 0, firewalls: 0, negs: 0, addresses: 1 });
});

it('attachedRoutes counts the routes that are there', async () => {
  const attached = async () => {
    const { status } = (await stage.admin.kubernetes('GET', paths.gateway('edge', 'pool'))) as {
      status: { listeners: readonly { attachedRoutes: number }[] };
    };
    return status.listeners[0]?.attachedRoutes;
  };
  expect(await attached()).toBe(1);
  await stage.delete(paths.route('edge', 'nat'));
  await stage.rest();
  expect(await attached()).toBe(0);
});
