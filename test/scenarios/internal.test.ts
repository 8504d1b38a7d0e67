import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

const region = '/regions/us-central1';
const ip = '10.128.0.99';
const internalPool = { gatewayClassName: 'persistent-ip-regional-internal' };
/** The one resource of a collection. */
const only = async (path: string): Promise<Record<string, unknown>> => {
  const { items = [] } = (await stage.admin.compute('GET', path)) as { items?: Record<string, unknown>[] };
  expect(items).toHaveLength(1);
  return items[0] ?? {};
};
const reserveInternal = (name: string, address: string): void => {
  stage.cloud.compute.reserveAddress({ name, address, subnetwork: 'default' });
};

beforeEach(async () => {
  stage = await Stage.open();
  reserveInternal('inside', ip);
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', [ip], undefined, internalPool),
    route('nat', 'edge', [ip]),
    pod('nat-1', 'edge', { node: 'gke-local-pool-1' }),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
});
afterEach(() => stage.close());

it('an internal address is reached inside its network alone, and moves by one PATCH', async () => {
  expect(await only(`${region}/backendServices`)).toMatchObject({
    loadBalancingScheme: 'INTERNAL',
    network: expect.stringMatching(/\/networks\/default$/),
  });
  expect(await only(`${region}/forwardingRules`)).toMatchObject({
    IPAddress: ip,
    loadBalancingScheme: 'INTERNAL',
    network: expect.stringMatching(/\/networks\/default$/),
    subnetwork: expect.stringMatching(/\/subnetworks\/default$/),
  });
  expect(await only('/global/firewalls')).toMatchObject({
    destinationRanges: [`${ip}/32`],
    sourceRanges: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
  });
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-2' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  const before = stage.cloud.compute.calls.length;
  await stage.delete(paths.pod('edge', 'nat-2'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(stage.mutations(before)).toEqual(['PATCH backendServices']);
});

it('allowGlobalAccess of a live route changes its rule and nothing else', async () => {
  const before = stage.cloud.compute.calls.length;
  await stage.patch(paths.route('edge', 'nat'), { spec: { allowGlobalAccess: true } });
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(await only(`${region}/forwardingRules`)).toMatchObject({ allowGlobalAccess: true });
  expect(stage.mutations(before).filter((call) => !call.includes('backendServices'))).toEqual([
    'PATCH forwardingRules',
  ]);
  await stage.patch(paths.route('edge', 'nat'), { spec: { allowGlobalAccess: null } });
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(await only(`${region}/forwardingRules`)).toMatchObject({ allowGlobalAccess: false });
});

it('a route that moves to a class of another scheme is torn down and made anew, GCPNotReady meanwhile', async () => {
  stage.reserve('34.1.2.3');
  await stage.apply(gateway('outside', 'edge', ['34.1.2.3']));
  await stage.gatewayReason('edge', 'outside', 'Programmed', 'Programmed');
  const held = stage.cloud.compute.inject({
    method: 'DELETE',
    path: 'forwardingRules',
    effect: { hold: true },
  });
  await stage.apply(route('nat', 'edge', ['34.1.2.3'], { parentRefs: [{ name: 'outside' }] }));
  const meanwhile = await stage.until('edge', 'nat', 'being made anew', ({ pod: named, conditions }) => {
    const gcp = conditions.find(({ type }) => type === 'GCPReady');
    const says = gcp?.reason === 'GCPNotReady' && gcp.message.includes('anew');
    return held.hits === 1 && named === undefined && says;
  });
  expect(meanwhile.conditions.find(({ type }) => type === 'Accepted')?.status).toBe('True');
  held.release();
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(await only(`${region}/backendServices`)).toMatchObject({ loadBalancingScheme: 'EXTERNAL' });
  expect(await only(`${region}/forwardingRules`)).toMatchObject({ IPAddress: '34.1.2.3' });
  expect((await only('/global/firewalls')).sourceRanges).toEqual(['0.0.0.0/0']);
  const history = stage.history('nat').map(({ action, addresses }) => `${action} ${addresses}`);
  expect(history).toContain(`release ${ip}`);
  expect(history.at(-1)).toBe('allocate 34.1.2.3');
});

it('a Gateway that changes its class says which addresses are of the wrong scheme, and their routes let go', async () => {
  await stage.patch(paths.gateway('edge', 'pool'), {
    spec: { gatewayClassName: 'persistent-ip-regional-external' },
  });
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotUsable');
  expect(view.status?.conditions?.[1]?.message).toMatch(
    /10\.128\.0\.99 \(inside\) is an internal address.*persistent-ip-regional-internal/,
  );
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'InvalidAddresses');
  expect(conditions[0]?.message).toContain('internal address');
  await stage.rest();
  expect(await stage.count(`${region}/forwardingRules`)).toBe(0);
  expect(await stage.count(`${region}/backendServices`)).toBe(0);
  await stage.patch(paths.gateway('edge', 'pool'), { spec: internalPool });
  await stage.ready('edge', 'nat', 'nat-1');
});

it('an address that is reserved in another network is refused in Google’s words', async () => {
  stage.cloud.compute.addNetwork({ name: 'other' });
  stage.cloud.compute.addSubnetwork({ name: 'far', network: 'other', range: '10.200.0.0/24' });
  stage.cloud.compute.reserveAddress({ name: 'elsewhere', address: '10.200.0.9', subnetwork: 'far' });
  await stage.apply(
    gateway('pool', 'edge', [ip, '10.200.0.9'], undefined, internalPool),
    route('lost', 'edge', ['10.200.0.9']),
  );
  const { conditions } = await stage.reason('edge', 'lost', 'GCPReady', 'GCPFailed');
  expect(conditions[1]?.message).toMatch(/network of the subnetwork/);
  expect((await stage.route('edge', 'nat'))?.ready).toBe(true);
});
