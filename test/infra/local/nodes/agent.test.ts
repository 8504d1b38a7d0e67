import { expect, test } from 'vitest';
import { agentUser } from '../../../../infra/local/nodes/index.ts';
import {
  type Condition,
  conditionOf,
  isTrue,
  type Pod,
  type Route,
} from '../../../../infra/local/nodes/objects.ts';
import { pods, routes } from '../../../../infra/local/nodes/resources.ts';
import { podSpec, startCluster, type TestCluster } from './cluster.ts';

const place = { namespace: 'default' };

const podOn = async (
  { api, until }: TestCluster,
  name: string,
  nodeName: string,
): Promise<Pod | undefined> => {
  await api.create(pods, place, { metadata: { name }, spec: { ...podSpec, nodeName } });
  return until<Pod>(pods, `default/${name}`, (pod) => isTrue(pod?.status, 'Ready'));
};

const makeRoute = ({ api }: TestCluster, name: string, ...values: string[]): Promise<Route> =>
  api.create<Route>(routes, place, {
    metadata: { name },
    spec: {
      addresses: values.map((value) => ({ type: 'gke.networking.io/cidr', value })),
      podSelector: { matchLabels: { app: 'nat' } },
    },
  });

const accepted: Condition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

/** What the functions write when they name the holder: Accepted, and a DPV2Ready that the agent has to answer. */
const hold = async ({ api }: TestCluster, name: string, ...holders: string[]): Promise<void> => {
  const route = await api.get<Route>(routes, { ...place, name });
  const reset: Condition = { ...accepted, type: 'DPV2Ready', status: 'False', reason: 'Mutated' };
  await api.update(routes, { ...route, status: { pods: holders, conditions: [accepted, reset] } }, 'status');
};

const programmed = ({ until }: TestCluster, name: string, holder: string) =>
  until<Route>(
    routes,
    `default/${name}`,
    (route) =>
      route?.status?.pods?.[0] === holder && conditionOf(route.status, 'DPV2Ready')?.reason === 'DPV2Ready',
  );

test('the agent of the holder’s node programs the addresses and says so with one write', async () => {
  const cluster = await startCluster();
  const pod = await podOn(cluster, 'nat-1', 'n1');
  await makeRoute(cluster, 'nat', '34.1.2.3/32', '34.1.2.4/32');
  await hold(cluster, 'nat', 'nat-1');
  await programmed(cluster, 'nat', 'nat-1');
  const entry = { pod: 'default/nat-1', podIP: pod?.status?.podIP, route: 'default/nat' };
  expect([...cluster.nodes.datapath('n1')]).toEqual([
    ['34.1.2.3/32', entry],
    ['34.1.2.4/32', entry],
  ]);
  expect([...cluster.nodes.datapath('n2')]).toEqual([]);
  const writes = cluster.kubernetes.calls.filter(
    ({ user, verb }) => user.endsWith(':anetd') && verb === 'update',
  );
  expect(writes.map(({ status }) => status)).toEqual([200]);
});

test('when the holder changes its node, the old one drops the entries without a word', async () => {
  const cluster = await startCluster();
  await podOn(cluster, 'nat-1', 'n1');
  await podOn(cluster, 'nat-2', 'n2');
  await makeRoute(cluster, 'nat', '34.1.2.3/32');
  await hold(cluster, 'nat', 'nat-1');
  await programmed(cluster, 'nat', 'nat-1');
  await hold(cluster, 'nat', 'nat-2');
  await programmed(cluster, 'nat', 'nat-2');
  expect(cluster.nodes.datapath('n2').get('34.1.2.3/32')?.pod).toBe('default/nat-2');
  // n1 heard of it by the same event; one more round of events, and it has certainly acted on it.
  await makeRoute(cluster, 'other', '34.9.9.9/32');
  await hold(cluster, 'other', 'nat-1');
  await programmed(cluster, 'other', 'nat-1');
  expect([...cluster.nodes.datapath('n1').keys()]).toEqual(['34.9.9.9/32']);
});

test('a Pod of the default network that gets its interface later waits for the next event of any route', async () => {
  const cluster = await startCluster();
  await makeRoute(cluster, 'nat', '34.1.2.3/32');
  await hold(cluster, 'nat', 'nat-1');
  await podOn(cluster, 'nat-1', 'n1');
  expect(isTrue((await cluster.api.get<Route>(routes, { ...place, name: 'nat' })).status, 'DPV2Ready')).toBe(
    false,
  );
  await makeRoute(cluster, 'unrelated', '34.9.9.9/32');
  await programmed(cluster, 'nat', 'nat-1');
});

test('an accepted bad value stops the node’s datapath until it is mended', async () => {
  const cluster = await startCluster();
  await podOn(cluster, 'nat-1', 'n1');
  await podOn(cluster, 'nat-2', 'n2');
  await makeRoute(cluster, 'bad', '34.1.2.9');
  await hold(cluster, 'bad', 'nat-1');
  await makeRoute(cluster, 'good', '34.1.2.3/32');
  await hold(cluster, 'good', 'nat-1');
  await makeRoute(cluster, 'other', '34.1.2.4/32');
  await hold(cluster, 'other', 'nat-2');
  await programmed(cluster, 'other', 'nat-2');
  expect(cluster.nodes.datapath('n1').size).toBe(0);
  await cluster.api.remove(routes, { ...place, name: 'bad' }, {});
  await programmed(cluster, 'good', 'nat-1');
});

test('a conflict is read again, never overwritten', async () => {
  const cluster = await startCluster();
  await podOn(cluster, 'nat-1', 'n1');
  await makeRoute(cluster, 'nat', '34.1.2.3/32');
  cluster.kubernetes.inject({
    match: { verb: 'update', resource: 'gkeiproutes', user: agentUser },
    times: 2,
    answer: { code: 409, reason: 'Conflict' },
  });
  await hold(cluster, 'nat', 'nat-1');
  await programmed(cluster, 'nat', 'nat-1');
});

test('an error of the kernel’s map is shown and, once mended, taken back', async () => {
  const cluster = await startCluster();
  await podOn(cluster, 'nat-1', 'n1');
  cluster.nodes.breakDatapath('n1', 'map is full');
  await makeRoute(cluster, 'nat', '34.1.2.3/32');
  await hold(cluster, 'nat', 'nat-1');
  const broken = await cluster.until<Route>(
    routes,
    'default/nat',
    (route) => conditionOf(route?.status, 'DPV2Ready')?.reason === 'DPV2NotReady',
  );
  expect(conditionOf(broken?.status, 'DPV2Ready')?.message).toBe('map is full');
  cluster.nodes.breakDatapath('n1', undefined);
  await programmed(cluster, 'nat', 'nat-1');
});
