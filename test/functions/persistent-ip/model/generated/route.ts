import type { LabelSelector } from '../../../../../functions/persistent-ip/objects.ts';
import { type AGateway, type APod, type ARoute, type Cluster, gatewayGroup } from '../cluster.ts';
import type { Chance } from './chance.ts';
import { badSelector } from './gateway.ts';
import { networkNames } from './stock.ts';

export const someValues = (
  chance: Chance,
  cluster: Cluster,
  from: AGateway | undefined,
): ARoute['addresses'] => {
  const type = chance.in(80) ? 'gke.networking.io/cidr' : 'IPAddress';
  const pool = (from?.addresses ?? []).flatMap(({ value }) => {
    const ip = cluster.reserved.find((one) => one.name === value)?.ip ?? value;
    return ip === undefined ? [] : [ip.includes('/') ? ip : `${ip}/32`];
  });
  const good = (): string => (pool.length === 0 ? '34.1.2.1/32' : chance.one(pool));
  const values = chance.times(1, chance.in(70) ? 1 : 3, () =>
    chance.pick<string>(
      [60, good],
      [4, () => good().replace(/\d+\/\d+$/, '0/29')],
      [0.4, () => good().replace(/\d+\/\d+$/, '7/24')],
      [0.5, () => '34.1.2.20/32'],
      // Where Google gives what we reserve.
      [0.7, () => (from?.className.includes('internal') ? '10.128.0.0/28' : '34.200.0.0/28')],
      [0.5, () => good().replace(/\/\d+$/, '')],
      [0.4, () => chance.one(['2001:db8::1/128', '::ffff:34.1.2.3/120'])],
      [0.6, () => chance.one(['my-address', '34.1.2/24', '34.1.2.3/33', '34.1.2.03/32', '34.1.2.3/', ''])],
    ),
  );
  if (chance.in(1)) for (let index = 0; index < 16; index++) values.push(good());
  return values.map((value) => ({ type, value }));
};

export const someParents = (chance: Chance, cluster: Cluster): ARoute['parents'] =>
  chance.times(chance.in(98) ? 1 : 0, chance.in(85) ? 1 : 3, () => {
    const gateway = chance.one(cluster.gateways);
    return {
      group: gatewayGroup,
      kind: 'Gateway',
      namespace: gateway.namespace,
      name: gateway.name,
      ...chance.pick<object>(
        [20, () => ({})],
        [3, () => ({ section: 'listener-0' })],
        [1, () => ({ section: 'listener-1' })],
        [0.7, () => ({ section: 'no-such-listener' })],
        [0.7, () => ({ name: 'no-such-gateway' })],
        [0.7, () => ({ group: '', kind: 'Service' })],
      ),
    };
  });

export const aPodSelector = (chance: Chance): LabelSelector =>
  chance.pick<LabelSelector>(
    [20, () => ({ matchLabels: { app: chance.one(['nat', 'nat', 'nat', 'web']) } })],
    [3, () => ({ matchExpressions: [{ key: 'app', operator: 'In', values: ['nat', 'web'] }] })],
    [1, () => ({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] })],
    [0.5, () => ({ matchLabels: {}, matchExpressions: [] })],
    [0.7, () => badSelector(chance)],
  );

export const aRoute = (chance: Chance, cluster: Cluster, name: string): ARoute => {
  const parents = someParents(chance, cluster);
  const from = cluster.gateways.find(({ name: one }) => one === parents[0]?.name);
  const marks = chance.pick<ARoute['marks']>(
    [30, () => []],
    [2, () => ['gke-finalizer']],
    [2, () => ['gke-annotation']],
    [2, () => ['third-finalizer']],
  );
  const marked = marks.some((mark) => mark.startsWith('gke'));
  return {
    namespace: chance.pick([8, () => 'edge'], [1, () => 'core'], [0.3, () => 'infra']),
    name,
    created: chance.between(0, 5),
    generation: 1,
    // Without our finalizer it can be in view only by another's.
    deleting: marks.includes('third-finalizer') && chance.in(40),
    marks,
    ...(marked || chance.in(2) ? { theirs: chance.one(['True', 'True', 'False'] as const) } : {}),
    parents,
    addresses: someValues(chance, cluster, from),
    network: aNetworkName(chance, from),
    selector: aPodSelector(chance),
    mode: chance.in(65) ? 'ReadyCondition' : 'Exists',
    extra: chance.pick<ARoute['extra']>(
      [60, () => ({})],
      [1, () => ({ haPolicy: chance.in(50) })],
      [1, () => ({ allowGlobalAccess: chance.in(50) })],
      [0.5, () => ({ nodeSelector: { matchLabels: { pool: 'a' } } })],
      [0.5, () => ({ loadBalancing: { healthCheckName: 'check' } })],
    ),
  };
};

/** An internal address lies in one VPC, and those of the generator in the default one. */
export const aNetworkName = (chance: Chance, from: AGateway | undefined): string =>
  from?.className.includes('internal') !== true
    ? chance.pick(
        [8, () => 'default'],
        [1, () => 'pod-network'],
        [3, () => chance.one([...networkNames, 'net-l3', 'net-device', 'net-device'])],
      )
    : chance.one(['default', 'default', 'default', 'pod-network']);

export const aPod = (chance: Chance, cluster: Cluster, name: string): APod => {
  const made = chance.below(1_000_000);
  const node = chance.pick<string | undefined>(
    [18, () => chance.one(cluster.nodes).name],
    [1, () => 'node-gone'],
    [1, () => undefined],
  );
  const placed = node !== undefined;
  return {
    namespace: chance.pick([8, () => 'edge'], [1, () => 'core'], [0.3, () => 'infra']),
    name,
    uid: `uid-pod-${made}`,
    created: chance.between(0, 4),
    labels: chance.pick<Record<string, string>>(
      [6, () => ({ app: 'nat' })],
      [2, () => ({ app: 'web' })],
      [1, () => ({})],
    ),
    terminating: chance.in(33),
    phase: chance.pick(
      [14, () => 'Running'],
      [1, () => 'Succeeded'],
      [1, () => 'Failed'],
      [1, () => 'Pending'],
    ),
    hostNetwork: chance.in(5),
    ...(placed ? { node } : {}),
    ready: placed && chance.in(75),
    ...(placed && chance.in(90) ? { ip: `10.0.0.${made % 250}` } : {}),
    networks: networkNames.filter(() => chance.in(70)),
  };
};
