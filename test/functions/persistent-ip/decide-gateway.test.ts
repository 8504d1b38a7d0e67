import { describe, expect, it } from 'vitest';
import { decideGateway, sameGatewayStatus } from '../../../functions/persistent-ip/decide-gateway.ts';
import type { GatewayObservation } from '../../../functions/persistent-ip/gateway-observation.ts';
import type { Gateway } from '../../../functions/persistent-ip/objects.ts';
import { address, facts, gateway, gatewayClass, metadata, namespace, route, start } from '../fixtures.ts';

const fresh = (more: Partial<Gateway> = {}): Gateway =>
  gateway(['34.1.2.3'], { status: { addresses: [], conditions: [], listeners: [] }, ...more });
const decide = (more: Partial<GatewayObservation> = {}) =>
  decideGateway({
    now: start,
    controllerName: 'persistent-ip.dev/serverless',
    deployment: 'test',
    cluster: facts,
    clusterUid: 'cluster-uid',
    gateway: fresh(),
    gatewayClass: gatewayClass(),
    addresses: [address('34.1.2.3')],
    routes: [],
    namespaces: new Map([['edge', namespace('edge')]]),
    ...more,
  }).status;
const verdict = (type: string, more: Partial<GatewayObservation> = {}) =>
  decide(more)?.conditions.find((condition) => condition.type === type);
const internal = gatewayClass({ metadata: metadata('gke-persistent-regional-internal-managed') });
const holding = (...addresses: Gateway['addresses']) => ({ gateway: fresh({ addresses }) });

describe('a Gateway is looked at only if its class is ours', () => {
  it.each<[string, Partial<GatewayObservation>]>([
    ['of a class that does not exist', { gatewayClass: undefined }],
    [
      'of another controller, whatever the class is called',
      {
        gatewayClass: gatewayClass({
          metadata: metadata('gke-persistent-regional-external-managed'),
          controllerName: 'networking.gke.io/persistent-ip-controller',
        }),
      },
    ],
    [
      'that is being deleted',
      { gateway: fresh({ metadata: metadata('pool', { deletionTimestamp: '2026-11-24T14:00:00Z' }) }) },
    ],
  ])('one %s is left alone', (_, more) => {
    expect(decide(more)).toBeUndefined();
  });
});

describe('the pool', () => {
  it('a block full of addresses that others use: the status is one that the API server takes, and begins with the first', () => {
    const users = [
      'https://www.googleapis.com/compute/v1/projects/p/zones/us-central1-a/instances/a-database',
    ];
    const addresses = Array.from({ length: 1000 }, (_, i) =>
      address(`10.0.${i >> 8}.${i & 255}`, { scheme: 'INTERNAL', purpose: 'GCE_ENDPOINT', users }),
    );
    const status = decide({
      ...holding({ type: 'gke.networking.io/cidr', value: '10.0.0.0/16' }),
      gatewayClass: internal,
      addresses,
    });
    const messages = status?.conditions.map(({ message }) => message) ?? [];
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(32_768);
    expect(messages[1]).toMatch(/^10\.0\.0\.0 \(ip-10-0-0-0\) is in use by instances\/a-database: /);
    expect(messages[1]).toMatch(/…$/);
  });

  it('holds the address that is reserved, with the type of its entry', () => {
    expect(decide()?.addresses).toEqual([{ type: 'IPAddress', value: '34.1.2.3' }]);
    expect(verdict('Programmed')).toMatchObject({ status: 'True', observedGeneration: 1 });
  });

  it('a block holds every reserved address inside it', () => {
    const status = decide({
      ...holding({ type: 'gke.networking.io/cidr', value: '203.0.113.0/30' }),
      addresses: ['203.0.113.1', '203.0.113.3', '203.0.113.4'].map((ip) => address(ip)),
    });
    expect(status?.addresses.map(({ value }) => value)).toEqual(['203.0.113.1', '203.0.113.3']);
  });

  it('a name is that of the reservation', () => {
    const named = holding({ type: 'NamedAddress', value: 'ip-34-1-2-3' });
    expect(decide(named)?.addresses).toEqual([{ type: 'NamedAddress', value: '34.1.2.3' }]);
  });

  it('a name with its project is that of the reservation there, as with shared VPC', () => {
    const both = [
      address('34.1.2.3', { name: 'nat' }),
      address('34.1.2.4', { name: 'nat', project: 'host' }),
    ];
    const named = (value: string) =>
      decide({ ...holding({ type: 'NamedAddress', value }), addresses: both })?.addresses.map((a) => a.value);
    expect(named('projects/host/regions/us-central1/addresses/nat')).toEqual(['34.1.2.4']);
    expect(
      named('https://www.googleapis.com/compute/v1/projects/p/regions/us-central1/addresses/nat'),
    ).toEqual(['34.1.2.3']);
    expect(named('projects/host/regions/europe-west1/addresses/nat')).toEqual([]);
    expect(named('nat')).toEqual(['34.1.2.3', '34.1.2.4']);
  });

  it('of an internal class holds internal addresses', () => {
    const inside = address('34.1.2.3', { scheme: 'INTERNAL', purpose: 'GCE_ENDPOINT' });
    expect(decide({ gatewayClass: internal, addresses: [inside] })?.addresses).toHaveLength(1);
  });

  it('holds an address of the Standard tier too', () => {
    expect(decide({ addresses: [address('34.1.2.3', { networkTier: 'STANDARD' })] })?.addresses).toHaveLength(
      1,
    );
  });

  it('that is full gives nothing away to an address that is reserved later', () => {
    const later = Array.from({ length: 16 }, (_, i) => `34.1.3.${i + 1}`);
    const block = { addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.3.0/24' }] };
    const full = fresh({ ...block, status: gateway(later).status });
    const addresses = ['34.1.3.0', ...later].map((ip) => address(ip));
    expect(decide({ gateway: full, addresses })?.addresses.map(({ value }) => value)).toEqual(later);
    expect(decide({ gateway: fresh(block), addresses })?.addresses[0]?.value).toBe('34.1.3.0');
  });

  it('an address named twice is held once', () => {
    const twice = holding(
      { type: 'IPAddress', value: '34.1.2.3' },
      { type: 'gke.networking.io/cidr', value: '34.1.2.3/32' },
    );
    expect(decide(twice)?.addresses).toHaveLength(1);
  });

  it('an empty pool is programmed and says so', () => {
    expect(verdict('Programmed', holding())).toMatchObject({
      status: 'True',
      message: expect.stringContaining('empty'),
    });
  });

  it.each<[string, Partial<GatewayObservation>, RegExp]>([
    [
      'not reserved',
      { addresses: [] },
      /34\.1\.2\.3 is not a reserved address of region us-central1: .*gcloud/,
    ],
    [
      'internal',
      { addresses: [address('34.1.2.3', { scheme: 'INTERNAL' })] },
      /internal address and the class takes external ones.*persistent-ip-regional-internal/,
    ],
    [
      'internal, and reserved for something else',
      {
        gatewayClass: internal,
        addresses: [address('34.1.2.3', { scheme: 'INTERNAL', purpose: 'VPC_PEERING' })],
      },
      /VPC_PEERING: .*GCE_ENDPOINT/,
    ],
    [
      'in use by a stranger',
      { addresses: [address('34.1.2.3', { status: 'IN_USE', users: ['https://x/zones/a/instances/vm'] })] },
      /in use by instances\/vm/,
    ],
    [
      'IPv6',
      {
        addresses: [address('2600:1900::1', { name: 'ip-34-1-2-3' })],
        ...holding({ type: 'NamedAddress', value: 'ip-34-1-2-3' }),
      },
      /IPv6/,
    ],
    ['no address', holding({ type: 'IPAddress', value: 'x' }), /"x" is not an IPv4 address/],
    ['no CIDR', holding({ type: 'gke.networking.io/cidr', value: 'x' }), /not an IPv4 CIDR/],
    ['an unknown name', holding({ type: 'NamedAddress', value: 'nobody' }), /"nobody"/],
  ])('an address that is %s is named with what to do', (_, more, message) => {
    expect(verdict('Programmed', more)).toMatchObject({ status: 'False', reason: 'AddressNotUsable' });
    expect(verdict('Programmed', more)?.message).toMatch(message);
    expect(decide(more)?.addresses).toEqual([]);
  });

  it('an address that one of our own rules uses is fine', () => {
    const users = ['https://x/regions/r/forwardingRules/pip-edge-nat-0123456789ab-22010203'];
    expect(
      verdict('Programmed', { addresses: [address('34.1.2.3', { status: 'IN_USE', users })] })?.status,
    ).toBe('True');
  });

  it('an address that somebody uses beside one of our own rules stays with who has it, and he is named', () => {
    const users = [
      'https://x/regions/r/forwardingRules/pip-edge-nat-0123456789ab-22010203',
      'https://x/regions/r/forwardingRules/web-443',
    ];
    const shared = { addresses: [address('34.1.2.3', { status: 'IN_USE', users })] };
    expect(decide(shared)?.addresses).toEqual([{ type: 'IPAddress', value: '34.1.2.3' }]);
    expect(verdict('Programmed', shared)).toMatchObject({
      status: 'False',
      reason: 'AddressNotUsable',
      message:
        '34.1.2.3 (ip-34-1-2-3) is in use by forwardingRules/web-443 beside the route that has it, which takes traffic from its Pod: free it there or take another address',
    });
  });

  it('beyond sixteen nothing is held, and the rest stays in use', () => {
    const ips = Array.from({ length: 17 }, (_, i) => `34.1.3.${i}`);
    const status = decide({
      ...holding({ type: 'gke.networking.io/cidr', value: '34.1.3.0/24' }),
      addresses: ips.map((ip) => address(ip)),
    });
    expect(status?.addresses).toHaveLength(16);
    expect(status?.conditions.find(({ type }) => type === 'Programmed')?.message).toContain('34.1.3.16');
  });
});

describe('Accepted', () => {
  it('a class of a later release: Unsupported, with the class to use instead', () => {
    const later = gatewayClass({ metadata: metadata('gke-passthrough-lb-internal-managed') });
    expect(verdict('Accepted', { gatewayClass: later })).toMatchObject({
      status: 'False',
      reason: 'Unsupported',
      message: expect.stringContaining('persistent-ip-regional-internal'),
    });
    expect(verdict('Programmed', { gatewayClass: later })).toMatchObject({ status: 'False' });
  });

  it.each([
    [{ 'persistent-ip.dev/ip-collection': 'Not A Name' }, /"Not A Name"/],
    [{ 'persistent-ip.dev/subnetwork': 'sub' }, /for internal addresses/],
  ])('a source of reservations that cannot be read, %o: InvalidParameters', (annotations, message) => {
    const bad = fresh({ metadata: metadata('pool', { annotations: annotations as Record<string, string> }) });
    expect(verdict('Accepted', { gateway: bad })).toMatchObject({
      reason: 'InvalidParameters',
      message: expect.stringMatching(message),
    });
  });

  it('an unknown address type: UnsupportedAddress', () => {
    expect(verdict('Accepted', holding({ type: 'example.com/x', value: 'y' }))).toMatchObject({
      status: 'False',
      reason: 'UnsupportedAddress',
    });
  });

  it('source ranges that cannot be read: InvalidParameters, and nothing is offered', () => {
    const bad = fresh({
      metadata: metadata('pool', { annotations: { 'persistent-ip.dev/source-ranges': '10.0.0.0/8, x' } }),
    });
    expect(verdict('Accepted', { gateway: bad })).toMatchObject({
      reason: 'InvalidParameters',
      message: expect.stringContaining('"x"'),
    });
    expect(decide({ gateway: bad })?.addresses).toEqual([]);
  });
});

describe('listeners', () => {
  const attached = (more: Partial<GatewayObservation> = {}) =>
    decide({ routes: [route()], ...more })?.listeners[0];

  it('a route that it admits is attached', () => {
    expect(attached()?.attachedRoutes).toBe(1);
  });

  it('a route of a namespace that it does not admit is not', () => {
    const same = fresh({ listeners: [{ name: 'default', from: 'Same', kinds: [] }] });
    expect(attached({ gateway: same })?.attachedRoutes).toBe(0);
  });

  it('a route that is being deleted is not', () => {
    const going = route(undefined, {
      metadata: metadata('nat', { deletionTimestamp: '2026-11-24T14:00:00Z' }),
    });
    expect(attached({ routes: [going] })?.attachedRoutes).toBe(0);
  });

  it.each<[string, Gateway['listeners'][number], RegExp]>([
    ['missing', { name: 'default', from: 'Selector', kinds: [] }, /add the selector/],
    [
      'unreadable',
      {
        name: 'default',
        from: 'Selector',
        selector: { matchExpressions: [{ key: 'team', operator: 'Like' }] },
        kinds: [],
      },
      /"Like"/,
    ],
  ])('a selector that is %s is said to be, and admits nobody', (_, listener, message) => {
    const status = attached({ gateway: fresh({ listeners: [listener] }) });
    expect(status?.attachedRoutes).toBe(0);
    expect(status?.conditions.find(({ type }) => type === 'Accepted')).toMatchObject({
      status: 'False',
      message: expect.stringMatching(message),
    });
  });

  it('each of several counts its own routes', () => {
    const two = fresh({
      listeners: [
        { name: 'own', from: 'Same', kinds: [] },
        { name: 'open', from: 'All', kinds: [] },
      ],
    });
    const counts = decide({ gateway: two, routes: [route()] })?.listeners.map((one) => one.attachedRoutes);
    expect(counts).toEqual([0, 1]);
  });

  it('a kind that it cannot take is InvalidRouteKinds, and only ours is supported', () => {
    const kinds = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }];
    const status = attached({ gateway: fresh({ listeners: [{ name: 'default', from: 'All', kinds }] }) });
    expect(status?.conditions.find(({ type }) => type === 'ResolvedRefs')).toMatchObject({
      status: 'False',
      reason: 'InvalidRouteKinds',
    });
    expect(status?.supportedKinds).toEqual([]);
  });
});

it('decided again over its own status it is the same: nothing is written', () => {
  const first = decide({ routes: [route()] })!;
  const again = decide({
    gateway: fresh({ status: first }),
    routes: [route()],
    now: new Date(start.getTime() + 60_000),
  })!;
  expect(sameGatewayStatus(first, again)).toBe(true);
  expect(again.conditions).toEqual(first.conditions);
});
