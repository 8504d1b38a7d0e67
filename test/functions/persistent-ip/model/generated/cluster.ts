import { type AClass, type Cluster, controllerName, gatewayGroup, secondVpc } from '../cluster.ts';
import type { Chance } from './chance.ts';
import { aGateway } from './gateway.ts';
import { aPod, aRoute } from './route.ts';
import { external, internal, nameOf } from './stock.ts';

const nodeNames = ['node-a', 'node-b', 'node-c', 'node-d'];
const zones = ['us-central1-a', 'us-central1-b'];
const gkeController = 'networking.gke.io/persistent-ip-controller';

/** A cluster in which most things work, and everything goes wrong somewhere. */
export const generate = (chance: Chance): Cluster => {
  const reserved = [...external, ...internal]
    .filter(() => chance.in(97))
    .map((ip) => ({
      name: nameOf(ip),
      ip,
      scheme: ip.startsWith('34.') ? ('EXTERNAL' as const) : ('INTERNAL' as const),
    }));
  // Now and then a whole zone has lost its kubelets: only then does a Pod of the last ranks hold an address.
  const dark = chance.in(22);
  const cluster: Cluster = {
    agents: chance.pick([8, () => 'answer'], [1, () => 'fail'], [1, () => 'silent']),
    classes: someClasses(chance),
    namespaces: [
      { name: 'edge', labels: { team: 'red' } },
      { name: 'core', labels: { team: 'blue', tier: 'gold' } },
      { name: 'infra', labels: {} },
    ],
    networks: [],
    paramSets: [],
    nodes: nodeNames.slice(0, chance.between(1, 4)).map((name) => ({
      name,
      zone: chance.one(zones),
      ready: chance.pick([dark ? 0 : 8, () => 'True'], [1, () => 'False'], [1, () => 'Unknown']),
      vm: chance.pick([9, () => 'running'], [1, () => 'gone'], [1, () => 'unreadable']),
    })),
    pods: [],
    reserved,
    gateways: [],
    routes: [],
    otherRules: [],
    squatted: [],
  };
  addNetworks(chance, cluster);
  const names = ['pool', 'spare', 'more'].slice(0, chance.pick([4, () => 1], [5, () => 2], [1, () => 3]));
  cluster.gateways = names.map((name) => aGateway(chance, cluster, name));
  cluster.routes = chance.times(1, 4, (index) => aRoute(chance, cluster, `r${index}`));
  cluster.pods = chance.times(chance.in(10) ? 0 : 2, 7, (index) => aPod(chance, cluster, `pod-${index}`));
  if (chance.in(25)) splitBlock(chance, cluster);
  if (chance.in(16))
    cluster.otherRules = [
      { ip: chance.one(external.slice(0, 8)), by: chance.in(40) ? 'stranger' : 'another-cluster' },
    ];
  if (chance.in(3)) cluster.squatted = ['edge/r0'];
  return cluster;
};

/** Two pools that share a block, one by the even addresses, and routes that claim a prefix of both or a single address. */
const splitBlock = (chance: Chance, cluster: Cluster): void => {
  const pools = ['even', 'odd'].map((name, odd) => ({
    ...aGateway(chance, cluster, name),
    className: 'persistent-ip-regional-external',
    addresses: [2, 4].map((number) => ({ type: 'IPAddress', value: `34.1.2.${number + odd}` })),
    listeners: [{ name: 'listener-0', from: 'All' as const, kinds: [] }],
  }));
  cluster.gateways.push(...pools);
  for (const route of cluster.routes) {
    const [pool, value] = chance.one([
      [pools[0], '34.1.2.0/29'],
      [pools[1], chance.one(['34.1.2.3/32', '34.1.2.5/32', '34.1.2.0/29'])],
    ] as const);
    if (pool === undefined || chance.in(15)) continue;
    const { namespace, name } = pool;
    Object.assign(route, {
      parents: [{ group: gatewayGroup, kind: 'Gateway', namespace, name }],
      addresses: [{ type: 'gke.networking.io/cidr', value }],
    });
  }
};

const someClasses = (chance: Chance): AClass[] => {
  const ours = (name: string, scheme?: string): AClass => ({
    name,
    controller: controllerName,
    ...(scheme === undefined ? {} : { scheme }),
  });
  const classes = [
    ours('persistent-ip-regional-external', 'external'),
    ours('persistent-ip-regional-internal', 'internal'),
    ours('own-external', 'external'),
    ours('gke-persistent-fast-regional-external-managed', chance.in(50) ? 'external' : undefined),
    ours('gke-passthrough-lb-internal-managed'),
    ours('no-scheme'),
    ours('odd-scheme', 'both'),
  ];
  const managed = 'gke-persistent-regional-external-managed';
  classes.push(chance.in(60) ? { name: managed, controller: gkeController } : ours(managed));
  if (chance.in(30)) classes.push({ name: 'elsewhere', controller: 'example.com/gateway' });
  return classes;
};

const addNetworks = (chance: Chance, cluster: Cluster): void => {
  cluster.networks = [
    { name: 'net-l3', ready: 'True' as const, type: 'L3', paramSet: 'params' },
    { name: 'net-device', ready: 'True' as const, type: 'Device', paramSet: 'params' },
    { name: 'net-l2', ready: 'True' as const, type: 'L2', paramSet: 'params' },
    { name: 'net-unready', ready: chance.one(['False', 'Unknown'] as const), type: 'L3', paramSet: 'params' },
    { name: 'net-bare', ready: 'True' as const, type: 'L3', paramSet: 'no-such-params' },
  ].filter(() => chance.in(85));
  cluster.paramSets = [{ name: 'params', ...secondVpc }];
};
