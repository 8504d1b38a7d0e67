import { afterEach, beforeEach, expect, it } from 'vitest';
import { tracePacket } from '../../infra/local/tour/packet.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

/** Nodes 1 to 4: two zones in the cluster's subnetwork, then the same two in that of another node pool. */
const on = (node: number) => ({ node: `gke-local-pool-${node}` });
const short = (url: string): string => url.split('/').at(-1) ?? '';
const places = async () => {
  const lists = await Promise.all(
    ['a', 'b'].map((zone) => stage.admin.compute('GET', `/zones/us-central1-${zone}/networkEndpointGroups`)),
  );
  return lists.flatMap(({ items = [] }) =>
    (items as readonly { zone: string; subnetwork: string; size: number }[]).map(
      ({ zone, subnetwork, size }) => `${short(zone)} ${short(subnetwork)} ${size}`,
    ),
  );
};

beforeEach(async () => {
  stage = await Stage.open({ moreSubnetworks: ['pool-2'] });
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
  );
  for (const node of [1, 2, 3, 4]) {
    await stage.apply(pod(`nat-${node}`, 'edge', on(node)));
    await stage.ready('edge', 'nat', `nat-${node}`);
  }
  await stage.rest();
});
afterEach(() => stage.close());

it('Pods in several zones and node pools have a NEG for each zone and subnetwork, their nodes attached', async () => {
  expect((await places()).sort()).toEqual([
    'us-central1-a default 1',
    'us-central1-a pool-2 1',
    'us-central1-b default 1',
    'us-central1-b pool-2 1',
  ]);
  expect(await tracePacket(stage.cloud, stage.admin, '34.1.2.3')).toMatchObject({
    node: 'gke-local-pool-4',
    pod: 'edge/nat-4',
  });
});

it.each([
  ['the zone', 'nat-4', 'nat-3'],
  ['the zone and the subnetwork', 'nat-3', 'nat-2'],
])('a move that changes %s is one mutation, like any other', async (_, from, to) => {
  if (from === 'nat-3') await stage.delete(paths.pod('edge', 'nat-4'));
  await stage.ready('edge', 'nat', from);
  await stage.rest();
  const before = stage.cloud.compute.calls.length;
  await stage.delete(paths.pod('edge', from));
  await stage.ready('edge', 'nat', to);
  await stage.rest();
  expect(stage.mutations(before)).toEqual(['PATCH backendServices']);
  expect((await tracePacket(stage.cloud, stage.admin, '34.1.2.3')).pod).toBe(`edge/${to}`);
});
