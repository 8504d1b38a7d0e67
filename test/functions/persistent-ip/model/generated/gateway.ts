import type { LabelSelector } from '../../../../../functions/persistent-ip/objects.ts';
import { type AGateway, type AListener, type Cluster, gatewayGroup } from '../cluster.ts';
import type { Chance } from './chance.ts';
import { external, internal, nameOf, namespaces } from './stock.ts';

const routeKind = { group: 'networking.gke.io', kind: 'GKEIPRoute' };

const someSelector = (chance: Chance): LabelSelector =>
  chance.pick<LabelSelector>(
    [4, () => ({ matchLabels: { team: chance.one(['red', 'blue']) } })],
    [2, () => ({ matchExpressions: [{ key: 'tier', operator: 'Exists' }] })],
    [2, () => ({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] })],
    [2, () => ({ matchExpressions: [{ key: 'team', operator: 'In', values: ['red', 'green'] }] })],
    [2, () => ({ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['red'] }] })],
    [1, () => ({})],
  );

/** What the API server stores and nobody can evaluate. */
export const badSelector = (chance: Chance): LabelSelector =>
  chance.pick<LabelSelector>(
    [1, () => ({ matchExpressions: [{ key: 'team', operator: 'Near', values: ['red'] }] })],
    [1, () => ({ matchExpressions: [{ key: 'team', operator: 'In', values: [] }] })],
    [1, () => ({ matchExpressions: [{ key: 'team', operator: 'Exists', values: ['red'] }] })],
    [1, () => ({ matchLabels: { team: 'not a label' } })],
    [1, () => ({ matchLabels: { 'not/a/key': 'red' } })],
  );

export const aListener = (chance: Chance, name: string): AListener => ({
  name,
  ...chance.pick<Pick<AListener, 'from' | 'selector'>>(
    [22, () => ({ from: 'All' })],
    [2, () => ({ from: 'Same' })],
    [3, () => ({ from: 'Selector', selector: chance.in(90) ? someSelector(chance) : badSelector(chance) })],
  ),
  kinds: chance.pick(
    [14, () => []],
    [3, () => [routeKind]],
    [1, () => [{ group: gatewayGroup, kind: 'HTTPRoute' }]],
    [1, () => [{ group: gatewayGroup, kind: 'HTTPRoute' }, routeKind]],
  ),
});

export const aGatewayAddress = (chance: Chance, scheme: 'external' | 'internal') => {
  const [mine, others] = scheme === 'external' ? [external, internal] : [internal, external];
  const ip = chance.one(mine.slice(0, 8));
  const start = ip.replace(/\d+$/, String(4 * chance.below(3)));
  return chance.pick<{ type: string; value?: string }>(
    [12, () => ({ type: 'IPAddress', value: ip })],
    [6, () => ({ type: 'gke.networking.io/cidr', value: `${ip}/32` })],
    [2, () => ({ type: 'gke.networking.io/cidr', value: `${start}/${chance.one([30, 29])}` })],
    [0.4, () => ({ type: 'gke.networking.io/cidr', value: `${start}/${chance.one([28, 24])}` })],
    [4, () => ({ type: 'NamedAddress', value: nameOf(ip) })],
    [0.5, () => ({ type: 'NamedAddress', value: 'no-such-name' })],
    [0.5, () => ({ type: 'IPAddress', value: chance.one(others) })],
    [0.5, () => ({ type: 'IPAddress', value: '34.9.9.9' })],
    [0.3, () => ({ type: 'IPAddress', value: '2001:db8::1' })],
    [0.3, () => ({ type: 'gke.networking.io/cidr', value: chance.one([ip, `${ip}/33`, 'block']) })],
    [0.2, () => ({ type: chance.one(['Hostname', 'example.com/pool']), value: 'pool.example.com' })],
    [2.5, () => ({ type: 'IPAddress' })],
  );
};

export const aGateway = (chance: Chance, cluster: Cluster, name: string): AGateway => {
  const className = chance.pick(
    [10, () => 'persistent-ip-regional-external'],
    [4, () => 'persistent-ip-regional-internal'],
    [1, () => 'own-external'],
    [1, () => 'gke-persistent-regional-external-managed'],
    [0.7, () => chance.one(cluster.classes).name],
    [0.2, () => 'no-such-class'],
  );
  const scheme = className.includes('internal') ? 'internal' : 'external';
  return {
    namespace: chance.in(70) ? 'infra' : chance.one(namespaces),
    name,
    className,
    generation: 1,
    deleting: false,
    addresses: chance.times(chance.in(10) ? 0 : 2, 6, () => aGatewayAddress(chance, scheme)),
    listeners: chance.times(1, 2, (index) => aListener(chance, `listener-${index}`)),
    ...(chance.in(6) ? { sourceRanges: someRanges(chance) } : {}),
  };
};

export const someRanges = (chance: Chance): string =>
  chance.one([
    '192.0.2.0/24',
    '192.0.2.0/24, 198.51.100.7/32',
    '203.0.113.0/25',
    '192.0.2.0/24',
    'anywhere',
    '192.0.2.1',
    '192.0.2.0/24,',
  ]);
