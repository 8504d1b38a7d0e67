import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, namespace, pod, route } from './objects.ts';
import { Stage } from './stage.ts';
import type { GatewayView } from './views.ts';

let stage: Stage;

const pool = (...addresses: readonly { type?: string; value: string }[]) =>
  gateway('pool', 'edge', [], undefined, { addresses });
const cidr = (value: string) => ({ type: 'gke.networking.io/cidr', value });
const messageOf = ({ status }: GatewayView, type: string) =>
  status?.conditions?.find((condition) => condition.type === type)?.message;
const held = ({ status }: GatewayView) => (status?.addresses ?? []).map(({ value }) => value);

beforeEach(async () => {
  stage = await Stage.open();
  await stage.apply(namespace('edge'));
});
afterEach(() => stage.close());

it('a pool is made of addresses, blocks and names, and each keeps the type of its entry', async () => {
  stage.reserve('34.1.2.3', '34.1.2.9', '34.1.2.10', '34.1.2.200');
  stage.cloud.compute.reserveAddress({ name: 'named', address: '34.1.2.77' });
  await stage.apply(
    pool({ value: '34.1.2.3' }, cidr('34.1.2.8/30'), { type: 'NamedAddress', value: 'named' }),
    route('nat', 'edge', ['34.1.2.0/24']),
    pod('nat-1', 'edge'),
  );
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'Programmed');
  expect(view.status?.addresses).toEqual([
    { type: 'IPAddress', value: '34.1.2.3' },
    cidr('34.1.2.9'),
    cidr('34.1.2.10'),
    { type: 'NamedAddress', value: '34.1.2.77' },
  ]);
  // A route's shorter prefix claims every pool address inside it, and no other.
  await stage.ready('edge', 'nat', 'nat-1');
  expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(4);
});

it('what cannot be used is named with the reason and what to do, and the good beside it stays in use', async () => {
  stage.reserve('34.1.2.3');
  stage.cloud.compute.reserveAddress({ name: 'inside', address: '10.128.0.99', subnetwork: 'default' });
  await stage.apply(
    pool({ value: '34.1.2.3' }, { value: '34.9.9.9' }, { value: '10.128.0.99' }, cidr('34.7.0.0/28'), {
      type: 'NamedAddress',
      value: 'nobody',
    }),
    route('nat', 'edge', ['34.1.2.3']),
    route('late', 'edge', ['34.9.9.9']),
    pod('nat-1', 'edge'),
  );
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotUsable');
  const message = messageOf(view, 'Programmed') ?? '';
  for (const part of [
    /34\.9\.9\.9 is not a reserved address of region us-central1: .*gcloud compute addresses create/,
    /10\.128\.0\.99 \(inside\) is an internal address/,
    /34\.7\.0\.0\/28 holds no reserved address/,
    /named "nobody"/,
  ])
    expect(message).toMatch(part);
  expect(held(view)).toEqual(['34.1.2.3']);
  await stage.ready('edge', 'nat', 'nat-1');
  const late = await stage.reason('edge', 'late', 'Accepted', 'InvalidAddresses');
  expect(late.conditions[0]?.message).toContain('34.9.9.9 is not a reserved address');
  // Reserved afterwards, nobody tells us: the sweep finds it.
  stage.reserve('34.9.9.9');
  stage.cloud.sweep();
  await stage.ready('edge', 'late', 'nat-1');
});

it('an unknown type: UnsupportedAddress; an empty pool: Programmed, and it says so', async () => {
  await stage.apply(pool({ type: 'example.com/magic', value: 'x' }));
  const bad = await stage.gatewayReason('edge', 'pool', 'Accepted', 'UnsupportedAddress');
  expect(messageOf(bad, 'Accepted')).toMatch(/example\.com\/magic.*gke\.networking\.io\/cidr/);
  await stage.apply(gateway('empty', 'edge', []));
  const empty = await stage.gatewayReason('edge', 'empty', 'Programmed', 'Programmed');
  expect(messageOf(empty, 'Programmed')).toContain('empty');
});

it('a block of one’s own addresses (BYOIP): all that are reserved in it belong to the pool', async () => {
  const ipCollection = stage.cloud.compute.addPublicDelegatedPrefix({ name: 'ours', range: '192.0.2.0/24' });
  for (const name of ['own-1', 'own-2', 'own-3']) stage.cloud.compute.reserveAddress({ name, ipCollection });
  await stage.apply(
    pool(cidr('192.0.2.0/28')),
    route('nat', 'edge', ['192.0.2.0/31']),
    route('core', 'edge', ['192.0.2.2']),
    pod('nat-1', 'edge'),
  );
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'Programmed');
  expect(held(view)).toEqual(['192.0.2.0', '192.0.2.1', '192.0.2.2']);
  await Promise.all([stage.ready('edge', 'nat', 'nat-1'), stage.ready('edge', 'core', 'nat-1')]);
});

it('beyond sixteen a pool is AddressNotUsable, and the first sixteen stay in use', async () => {
  stage.reserve(...Array.from({ length: 17 }, (_, i) => `34.5.0.${i}`));
  await stage.apply(pool(cidr('34.5.0.0/24')), route('nat', 'edge', ['34.5.0.0/28']), pod('nat-1', 'edge'));
  const view = await stage.gatewayReason('edge', 'pool', 'Programmed', 'AddressNotUsable');
  expect(held(view)).toHaveLength(16);
  expect(messageOf(view, 'Programmed')).toMatch(/17 after expansion.*split the pool.*34\.5\.0\.16 not used/);
  await stage.ready('edge', 'nat', 'nat-1');
});

it('an address of the Standard tier gets a rule of its tier', async () => {
  stage.cloud.compute.reserveAddress({ name: 'std', address: '34.1.2.3', networkTier: 'STANDARD' });
  await stage.apply(pool({ value: '34.1.2.3' }), route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  const { items } = await stage.admin.compute('GET', '/regions/us-central1/forwardingRules');
  expect(items).toMatchObject([{ IPAddress: '34.1.2.3', networkTier: 'STANDARD' }]);
});

it('source ranges that cannot be read: InvalidParameters, and the last good rule stays', async () => {
  stage.reserve('34.1.2.3');
  const annotated = (ranges: string) => ({
    ...pool({ value: '34.1.2.3' }),
    metadata: { name: 'pool', namespace: 'edge', annotations: { 'persistent-ip.dev/source-ranges': ranges } },
  });
  const sources = async () => {
    const { items } = (await stage.admin.compute('GET', '/global/firewalls')) as {
      items?: readonly { sourceRanges: readonly string[] }[];
    };
    return items?.[0]?.sourceRanges;
  };
  await stage.apply(annotated('203.0.113.0/24'), route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.apply(annotated('203.0.113.0/24, everyone'));
  const view = await stage.gatewayReason('edge', 'pool', 'Accepted', 'InvalidParameters');
  expect(messageOf(view, 'Accepted')).toContain('"everyone"');
  await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotAccepted');
  await stage.rest();
  expect(await sources()).toEqual(['203.0.113.0/24']);
  await stage.apply(annotated('198.51.100.7/32'));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(await sources()).toEqual(['198.51.100.7/32']);
});
