import { expect, test } from 'vitest';
import {
  type Condition,
  conditionOf,
  isTrue,
  type KubeObject,
  type Pod,
  type Route,
} from '../../../../infra/local/nodes/objects.ts';
import { networkParamSets, networks, pods, routes } from '../../../../infra/local/nodes/resources.ts';
import { podSpec, startCluster, type TestCluster } from './cluster.ts';

interface Network extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const place = { namespace: 'default' };
const interfaces = JSON.stringify([
  { interfaceName: 'eth0', network: 'default' },
  { interfaceName: 'eth1', network: 'blue' },
]);

const makeNetwork = ({ api }: TestCluster, type: string) =>
  api.create(
    networks,
    {},
    {
      metadata: { name: 'blue' },
      spec: { type, parametersRef: { group: 'networking.gke.io', kind: 'GKENetworkParamSet', name: 'blue' } },
    },
  );

const ready = ({ until }: TestCluster, status: 'True' | 'False') =>
  until<Network>(networks, 'blue', (network) => conditionOf(network?.status, 'Ready')?.status === status);

/** An accepted route of that network, with a Pod on `n1` that has it. */
const accepted = async (
  { api, until }: TestCluster,
  annotations: object = { 'networking.gke.io/interfaces': interfaces },
) => {
  const spec = { ...podSpec, nodeName: 'n1' };
  await api.create(pods, place, { metadata: { name: 'nat-1', annotations }, spec });
  const pod = await until<Pod>(pods, 'default/nat-1', (one) => isTrue(one?.status, 'Ready'));
  const route = await api.create<Route>(routes, place, {
    metadata: { name: 'nat' },
    spec: { addresses: [{ value: '34.1.2.3/32' }], network: 'blue', podSelector: {} },
  });
  const condition = {
    type: 'Accepted',
    status: 'True',
    reason: 'Accepted',
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  } as const;
  await api.update(routes, { ...route, status: { pods: ['nat-1'], conditions: [condition] } }, 'status');
  return pod;
};

const programmed = ({ until }: TestCluster) =>
  until<Route>(routes, 'default/nat', (route) => isTrue(route?.status, 'DPV2Ready'));

test('a Network is ready while its parameter set is there', async () => {
  const cluster = await startCluster();
  await makeNetwork(cluster, 'L3');
  expect(conditionOf((await ready(cluster, 'False'))?.status, 'ParamsReady')?.reason).toBe('GNPDeleted');
  await cluster.api.create(
    networkParamSets,
    {},
    { metadata: { name: 'blue' }, spec: { vpc: 'v', vpcSubnet: 's' } },
  );
  await ready(cluster, 'True');
  await cluster.api.remove(networkParamSets, { name: 'blue' }, {});
  await ready(cluster, 'False');
});

test('the agent maps the addresses of an L3 network to the Pod’s interface there', async () => {
  const cluster = await startCluster();
  await makeNetwork(cluster, 'L3');
  const pod = await accepted(cluster);
  await programmed(cluster);
  const entry = cluster.nodes.datapath('n1').get('34.1.2.3/32');
  expect(entry?.pod).toBe('default/nat-1');
  expect(entry?.podIP).toMatch(/^10\.8\.1\./);
  expect(entry?.podIP).not.toBe(pod?.status?.podIP);
});

test('for a Device network every node vouches at once, and maps nothing', async () => {
  const cluster = await startCluster();
  await makeNetwork(cluster, 'Device');
  await accepted(cluster, {});
  await programmed(cluster);
  expect([cluster.nodes.datapath('n1').size, cluster.nodes.datapath('n2').size]).toEqual([0, 0]);
});
