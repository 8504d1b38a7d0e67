import { describe, expect, it } from 'vitest';
import { acceptRoute, type RouteSeen } from '../../../functions/persistent-ip/accept-route.ts';
import type { Gateway, Route } from '../../../functions/persistent-ip/objects.ts';
import { condition, gateway, gatewayClass, metadata, namespace, parentRef, route } from '../fixtures.ts';

const seen = (one: Route, more: Partial<RouteSeen> = {}): RouteSeen => ({
  route: one,
  controllerName: 'persistent-ip.dev/serverless',
  classes: [gatewayClass()],
  gateways: new Map([['infra/pool', gateway(['34.1.2.3', '34.1.2.4'])]]),
  namespace: namespace('edge', { team: 'edge' }),
  network: undefined,
  ...more,
});
const verdict = (one: Route, more: Partial<RouteSeen> = {}) => {
  const acceptance = acceptRoute(seen(one, more));
  if (acceptance.accepted) throw new Error('accepted');
  return acceptance.verdict;
};
const withGateway = (more: Partial<Gateway>): Partial<RouteSeen> => ({
  gateways: new Map([['infra/pool', gateway(['34.1.2.3'], more)]]),
});
const values = (...list: string[]): Partial<Route> => ({
  addresses: list.map((value) => ({ type: 'gke.networking.io/cidr', value })),
});

it('allowGlobalAccess of an internal class is accepted', () => {
  const name = 'gke-persistent-regional-internal-managed';
  const gateways = new Map([['infra/pool', gateway(['10.128.0.9'], { className: name })]]);
  const classes = [gatewayClass({ metadata: metadata(name) })];
  const one = route(['10.128.0.9'], { extra: { allowGlobalAccess: true, haPolicy: true } });
  expect(acceptRoute(seen(one, { gateways, classes }))).toMatchObject({ accepted: true, scheme: 'INTERNAL' });
});

it('a valid route is accepted with the addresses of the pool that its CIDRs hold', () => {
  expect(acceptRoute(seen(route([], values('34.1.2.0/24'))))).toMatchObject({
    accepted: true,
    ips: ['34.1.2.3', '34.1.2.4'],
  });
});

describe('a route is refused with the first fault, in words that say what to do', () => {
  it.each<[string, string, Route, Partial<RouteSeen>, RegExp]>([
    ['no parent', 'MissingParentRefs', route(undefined, { parentRefs: [] }), {}, /parentRefs/],
    [
      'only parents of another kind',
      'MissingParentRefs',
      route(undefined, { parentRefs: [parentRef({ kind: 'Service', group: '' })] }),
      {},
      /parentRefs/,
    ],
    [
      'a Gateway that is absent',
      'GatewayNotFound',
      route(),
      { gateways: new Map() },
      /infra\/pool does not exist/,
    ],
    [
      'a Gateway that is not accepted',
      'GatewayNotAccepted',
      route(),
      withGateway({
        status: {
          addresses: [],
          listeners: [],
          conditions: [condition('Accepted', 'False', 'Invalid', 'bad type')],
        },
      }),
      /bad type/,
    ],
    [
      'a Gateway that is being deleted',
      'GatewayNotFound',
      route(),
      withGateway({
        metadata: metadata('pool', { namespace: 'infra', deletionTimestamp: '2026-11-24T14:00:00Z' }),
      }),
      /infra\/pool is being deleted/,
    ],
    [
      'a Gateway of a class of a later release',
      'GatewayNotAccepted',
      route(),
      {
        ...withGateway({ className: 'gke-passthrough-lb-external-managed' }),
        classes: [gatewayClass({ metadata: metadata('gke-passthrough-lb-external-managed') })],
      },
      /load balancing over many Pods.*persistent-ip-regional-external/,
    ],
    [
      'a sectionName that names no listener',
      'Unattachable',
      route(undefined, { parentRefs: [parentRef({ sectionName: 'blue' })] }),
      {},
      /no listener "blue": its listeners are default/,
    ],
    [
      'a namespace that no listener admits',
      'Unattachable',
      route(),
      withGateway({ listeners: [{ name: 'default', from: 'Same', kinds: [] }] }),
      /admits GKEIPRoutes of namespace edge/,
    ],
    [
      'a listener for other kinds',
      'Unattachable',
      route(),
      withGateway({
        listeners: [
          {
            name: 'default',
            from: 'All',
            kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
          },
        ],
      }),
      /admits/,
    ],
    [
      'an address in no pool',
      'InvalidAddresses',
      route(['34.9.9.9']),
      {},
      /34\.9\.9\.9\/32 is in the pool of no Gateway/,
    ],
    [
      'an address whose Gateway cannot use it',
      'InvalidAddresses',
      route(['34.1.2.9']),
      withGateway({
        addresses: [{ type: 'IPAddress', value: '34.1.2.9' }],
        status: {
          addresses: [],
          listeners: [],
          conditions: [
            condition('Accepted', 'True', 'Accepted'),
            condition('Programmed', 'False', 'AddressNotUsable', '34.1.2.9 is not a reserved address'),
          ],
        },
      }),
      /34\.1\.2\.9 is not a reserved address/,
    ],
    [
      'an address of a block that is not reserved, where the Gateway is well',
      'InvalidAddresses',
      route(['34.1.2.9']),
      withGateway({ addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.0/28' }] }),
      /34\.1\.2\.9\/32 is in Gateway infra\/pool but not usable: no address inside it is reserved/,
    ],
    [
      'an address of a block that the Gateway names since its last look',
      'InvalidAddresses',
      route(['34.1.2.9']),
      withGateway({
        metadata: metadata('pool', { namespace: 'infra', generation: 2 }),
        addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.0/28' }],
      }),
      /the Gateway has not been looked at yet/,
    ],
    ['a bare IP', 'InvalidAddresses', route([], values('34.1.2.3')), {}, /34\.1\.2\.3\/32/],
    ['a name', 'InvalidAddresses', route([], values('my-address')), {}, /"my-address" is not a CIDR/],
    ['IPv6', 'InvalidAddresses', route([], values('2001:db8::1/128')), {}, /IPv6/],
    ['no address', 'InvalidAddresses', route([]), {}, /spec\.addresses/],
    [
      'one bad address beside a good one',
      'InvalidAddresses',
      route([], values('34.1.2.3/32', 'x')),
      {},
      /"x"/,
    ],
    ['an empty selector', 'InvalidLabels', route(undefined, { podSelector: {} }), {}, /every Pod/],
    [
      'a selector with an unknown operator',
      'InvalidLabels',
      route(undefined, {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['x'] }] },
      }),
      {},
      /Like/,
    ],
    [
      'a network other than the default',
      'NetworkNotFound',
      route(undefined, { network: 'blue' }),
      {},
      /blue/,
    ],
    [
      'haPolicy: false',
      'Unattachable',
      route(undefined, { extra: { haPolicy: false } }),
      {},
      /gke-passthrough-lb/,
    ],
    [
      'nodeSelector',
      'Unattachable',
      route(undefined, { extra: { nodeSelector: {} } }),
      {},
      /gke-persistent-fast/,
    ],
    [
      'loadBalancing',
      'Unattachable',
      route(undefined, { extra: { loadBalancing: { healthCheckName: 'hc' } } }),
      {},
      /gke-passthrough-lb/,
    ],
    [
      'allowGlobalAccess of an external class',
      'Unattachable',
      route(undefined, { extra: { allowGlobalAccess: true } }),
      {},
      /persistent-ip-regional-internal/,
    ],
    [
      'deletion',
      'Mutated',
      route(undefined, { metadata: metadata('nat', { deletionTimestamp: '2026-11-24T14:00:00Z' }) }),
      {},
      /released/,
    ],
  ])('%s: %s', (_, reason, one, more, message) => {
    const refused = verdict(one, more);
    expect(refused.reason).toBe(reason);
    expect(refused.message).toMatch(message);
  });

  it('more than sixteen addresses: InvalidAddresses', () => {
    const many = Array.from({ length: 17 }, (_, i) => `34.1.3.${i}`);
    const gateways = new Map([['infra/pool', gateway(many)]]);
    expect(verdict(route(many), { gateways })).toMatchObject({
      reason: 'InvalidAddresses',
      message: expect.stringMatching(/17 addresses and may have 16/),
    });
  });
});

describe('listeners', () => {
  const selecting = (matchLabels: Record<string, string>) =>
    withGateway({ listeners: [{ name: 'default', from: 'Selector', selector: { matchLabels }, kinds: [] }] });

  it('Same admits the Gateway’s own namespace', () => {
    const own = route(undefined, { metadata: metadata('nat', { namespace: 'infra' }) });
    const same = withGateway({ listeners: [{ name: 'default', from: 'Same', kinds: [] }] });
    expect(acceptRoute(seen(own, { ...same, namespace: namespace('infra') })).accepted).toBe(true);
  });

  it('Selector follows the labels that the Namespace has now', () => {
    expect(acceptRoute(seen(route(), selecting({ team: 'edge' }))).accepted).toBe(true);
    expect(verdict(route(), selecting({ team: 'core' })).reason).toBe('Unattachable');
  });

  it('one of several listeners is enough', () => {
    const two = withGateway({
      listeners: [
        { name: 'own', from: 'Same', kinds: [] },
        { name: 'open', from: 'All', kinds: [] },
      ],
    });
    expect(acceptRoute(seen(route(), two)).accepted).toBe(true);
  });
});

describe('several parents', () => {
  it('a foreign parent is ignored beside one of ours', () => {
    const foreign = gateway([], {
      metadata: metadata('theirs', { namespace: 'infra' }),
      className: 'gke-l7',
    });
    const gateways = new Map([
      ['infra/theirs', foreign],
      ['infra/pool', gateway(['34.1.2.3'])],
    ]);
    const classes = [
      gatewayClass(),
      gatewayClass({ metadata: metadata('gke-l7'), controllerName: 'networking.gke.io/gateway' }),
    ];
    const one = route(undefined, { parentRefs: [parentRef({ name: 'theirs' }), parentRef()] });
    expect(acceptRoute(seen(one, { gateways, classes })).accepted).toBe(true);
  });

  it('Gateways of two classes admit no route together, and both classes are named', () => {
    const internal = gatewayClass({
      metadata: metadata('persistent-ip-regional-internal', {
        annotations: { 'persistent-ip.dev/scheme': 'internal' },
      }),
    });
    const inside = gateway(['10.128.0.9'], {
      metadata: metadata('inside', { namespace: 'infra' }),
      className: 'persistent-ip-regional-internal',
    });
    const gateways = new Map([
      ['infra/inside', inside],
      ['infra/pool', gateway(['34.1.2.3'])],
    ]);
    const one = route(undefined, { parentRefs: [parentRef({ name: 'inside' }), parentRef()] });
    expect(verdict(one, { gateways, classes: [gatewayClass(), internal] })).toMatchObject({
      reason: 'Unattachable',
      message: expect.stringMatching(/persistent-ip-regional-internal and persistent-ip-regional-external/),
    });
    // One that does not admit the route has no say.
    const closed = new Map(gateways).set('infra/inside', { ...inside, listeners: [] });
    expect(acceptRoute(seen(one, { gateways: closed, classes: [gatewayClass(), internal] })).accepted).toBe(
      true,
    );
  });

  it('each address may come from another admitting Gateway', () => {
    const gateways = new Map([
      ['infra/pool', gateway(['34.1.2.3'])],
      ['infra/more', gateway(['34.1.2.4'], { metadata: metadata('more', { namespace: 'infra' }) })],
    ]);
    const both = route(['34.1.2.3', '34.1.2.4'], { parentRefs: [parentRef(), parentRef({ name: 'more' })] });
    expect(acceptRoute(seen(both, { gateways })).accepted).toBe(true);
    const closed = new Map(gateways).set('infra/more', { ...gateway(['34.1.2.4']), listeners: [] });
    expect(verdict(both, { gateways: closed }).reason).toBe('InvalidAddresses');
  });

  it('when none admits, the first parent in list order gives the reason', () => {
    const one = route(undefined, {
      parentRefs: [parentRef({ name: 'absent' }), parentRef({ sectionName: 'blue' })],
    });
    expect(verdict(one).reason).toBe('GatewayNotFound');
  });
});
