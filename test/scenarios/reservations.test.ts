import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, gatewayClass, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';
import type { GatewayView } from './views.ts';

let stage: Stage;

const addresses = '/regions/us-central1/addresses';
const asks = (count: number) => ({
  ...gateway('pool', 'edge', []).spec,
  addresses: Array.from({ length: count }, () => ({ type: 'IPAddress' })),
});
const pool = (count: number, more: object = {}) => ({
  ...gateway('pool', 'edge', []),
  spec: { ...asks(count), ...more },
});
const offered = ({ status }: GatewayView): readonly string[] =>
  (status?.addresses ?? []).map(({ value }) => value);
const programmed = () => stage.gatewayReason('edge', 'pool', 'Programmed', 'Programmed');

beforeEach(async () => {
  stage = await Stage.open();
  await stage.apply(namespace('edge'));
});
afterEach(() => stage.close());

it('a Gateway without any address gets one and its route uses it, if its class says so', async () => {
  // What the suite of Gateway API v1.4.1 makes of GatewayOptionalAddressValue: it drops the entry without a value.
  const annotations = { 'persistent-ip.dev/default-address': 'reserve' };
  await stage.apply(gatewayClass('generous', { scheme: 'external', annotations }));
  await stage.apply(pool(0, { gatewayClassName: 'generous' }));
  const view = await programmed();
  const [ip = ''] = offered(view);
  expect(view.status?.addresses).toEqual([{ type: 'IPAddress', value: ip }]);
  await stage.apply(route('nat', 'edge', [ip]), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.delete(paths.gateway('edge', 'pool'));
  await stage.gone(paths.gateway('edge', 'pool'));
  expect(await stage.names(addresses)).toEqual([]);
});

it('a Gateway entry without a value gets an address, as the Gateway API’s conformance asks', async () => {
  // The manifest of GatewayOptionalAddressValue, but for the class: protocol HTTP, no allowedRoutes.
  await stage.apply({
    ...pool(1),
    spec: {
      gatewayClassName: 'persistent-ip-regional-external',
      addresses: [{ type: 'IPAddress' }],
      listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
    },
  });
  const view = await programmed();
  expect(view.status?.addresses).toEqual([{ type: 'IPAddress', value: expect.stringMatching(/^\d+\./) }]);
  const latest = (view.status?.conditions ?? []).map((one) => [one.type, one.status, one.observedGeneration]);
  expect(latest).toEqual([
    ['Accepted', 'True', view.metadata.generation],
    ['Programmed', 'True', view.metadata.generation],
  ]);
  expect(view.metadata.finalizers).toEqual(['persistent-ip.dev/release']);
});

it('a route uses the address that was reserved, and gives it up before it is released', async () => {
  await stage.apply(pool(1));
  const [ip = ''] = offered(await programmed());
  await stage.apply(route('nat', 'edge', [ip]), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.patch(paths.gateway('edge', 'pool'), { spec: { addresses: null } });
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'InvalidAddresses');
  expect(conditions[0]?.message).toContain(ip);
  await stage.rest();
  expect(await stage.names(addresses)).toEqual([]);
  const view = await stage.gateway('edge', 'pool');
  expect(view?.metadata.finalizers ?? []).toEqual([]);
  expect(offered(view!)).toEqual([]);
});

it('a Gateway that is deleted while a route holds its address ends in order: route, address, Gateway', async () => {
  await stage.apply(pool(1));
  const [ip = ''] = offered(await programmed());
  await stage.apply(route('nat', 'edge', [ip]), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.delete(paths.gateway('edge', 'pool'));
  await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotFound');
  await stage.gone(paths.gateway('edge', 'pool'));
  expect(await stage.names(addresses)).toEqual([]);
  expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(0);
});

it('a Gateway that is deleted while somebody else uses its address waits, says so, and goes when that one lets go', async () => {
  const { project, region } = stage.cloud;
  await stage.apply(pool(1));
  const [ip = ''] = offered(await programmed());
  const rules = `/regions/${region}/forwardingRules`;
  await stage.change('POST', `/regions/${region}/backendServices`, {
    name: 'theirs',
    loadBalancingScheme: 'EXTERNAL',
    protocol: 'UNSPECIFIED',
    haPolicy: { fastIPMove: 'DISABLED' },
  });
  await stage.change('POST', rules, {
    name: 'theirs',
    IPAddress: ip,
    IPProtocol: 'L3_DEFAULT',
    allPorts: true,
    loadBalancingScheme: 'EXTERNAL',
    backendService: `projects/${project}/regions/${region}/backendServices/theirs`,
  });
  await stage.delete(paths.gateway('edge', 'pool'));
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'Pending');
  const { message } = view.status?.conditions?.find(({ type }) => type === 'Programmed') ?? {};
  expect(message).toContain(`${ip} will be released as soon as no forwarding rule uses them`);
  await stage.change('DELETE', `${rules}/theirs`);
  stage.cloud.sweep();
  await stage.gone(paths.gateway('edge', 'pool'));
  expect(await stage.names(addresses)).toEqual([]);
});

it('of several such entries the unused address goes, and a route keeps its own', async () => {
  await stage.apply(pool(3));
  const ips = offered(await programmed());
  expect(ips).toHaveLength(3);
  const [, second = ''] = ips;
  await stage.apply(route('nat', 'edge', [second]), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.patch(paths.gateway('edge', 'pool'), { spec: asks(1) });
  await stage.rest();
  expect(offered((await stage.gateway('edge', 'pool'))!)).toEqual([second]);
  expect(await stage.count(addresses)).toBe(1);
  expect((await stage.route('edge', 'nat'))?.ready).toBe(true);
});

it('a quota that is spent is named in Google’s words, and the other addresses stay in use', async () => {
  stage.reserve('34.1.2.3');
  const quota = "Quota 'STATIC_ADDRESSES' exceeded. Limit: 8.0 in region us-central1.";
  const fault = stage.cloud.compute.inject({
    method: 'POST',
    path: /\/addresses$/,
    times: 100,
    effect: { refuse: { status: 403, reason: 'quotaExceeded', message: quota } },
  });
  await stage.apply(
    pool(0, { addresses: [{ type: 'IPAddress' }, { type: 'IPAddress', value: '34.1.2.3' }] }),
  );
  await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotAssigned');
  await stage.rest();
  const view = (await stage.gateway('edge', 'pool'))!;
  expect(view.status?.conditions?.find(({ type }) => type === 'Programmed')?.message).toContain(quota);
  expect(offered(view)).toEqual(['34.1.2.3']);
  await stage.apply(route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  fault.cancel();
  stage.cloud.sweep();
  expect(offered(await programmed())).toHaveLength(2);
});

it('a Namespace that is deleted with Gateway and route in it leaves nothing behind', async () => {
  await stage.apply(pool(2));
  const ips = offered(await programmed());
  await stage.apply(route('nat', 'edge', ips), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.delete(paths.namespace('edge'));
  await stage.gone(paths.namespace('edge'));
  expect(await stage.names(addresses)).toEqual([]);
  expect(await stage.count('/regions/us-central1/backendServices')).toBe(0);
});

it('an internal Gateway gets an address of the cluster’s subnetwork', async () => {
  await stage.apply(pool(1, { gatewayClassName: 'persistent-ip-regional-internal' }));
  const [ip = ''] = offered(await programmed());
  expect(ip).toMatch(/^10\.128\./);
  const [name = ''] = await stage.names(addresses);
  expect(await stage.admin.compute('GET', `${addresses}/${name}`)).toMatchObject({
    addressType: 'INTERNAL',
    purpose: 'GCE_ENDPOINT',
    subnetwork: expect.stringMatching(/\/subnetworks\/default$/),
  });
});

it('a Gateway that names a delegated prefix gets its addresses from there', async () => {
  stage.cloud.compute.addPublicDelegatedPrefix({ name: 'ours', range: '192.0.2.0/28' });
  const annotations = { 'persistent-ip.dev/ip-collection': 'ours' };
  await stage.apply({ ...pool(2), metadata: { name: 'pool', namespace: 'edge', annotations } });
  expect(offered(await programmed())).toEqual(['192.0.2.0', '192.0.2.1']);
});

it('a delegated prefix that does not exist is named in Google’s words', async () => {
  const annotations = { 'persistent-ip.dev/ip-collection': 'nobodys' };
  await stage.apply({ ...pool(1), metadata: { name: 'pool', namespace: 'edge', annotations } });
  await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotAssigned');
  await stage.rest();
  const view = await stage.gateway('edge', 'pool');
  expect(view?.status?.conditions?.[1]?.message).toMatch(/notFound.*publicDelegatedPrefixes\/nobodys/);
});
