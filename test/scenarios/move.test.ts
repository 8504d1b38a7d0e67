import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, namespace, notReady, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

const sixteen = Array.from({ length: 16 }, (_, i) => `34.1.2.${i}`);
let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve(...sixteen);
  await stage.apply(namespace('edge'), gateway('pool', 'edge', sixteen), route('nat', 'edge', sixteen));
  await stage.apply(pod('nat-1', 'edge', { node: 'gke-local-pool-1' }));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
});
afterEach(() => stage.close());

const turnReady = (name: string) =>
  stage.patch(paths.pod('edge', name), {
    metadata: { annotations: { 'local.persistent-ip.dev/ready': null } },
  });

it('a Pod of sixteen addresses is replaced: one attach from its binding, one mutation from its Ready entry', async () => {
  const bound = stage.cloud.compute.calls.length;
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3', annotations: notReady }));
  await stage.until('edge', 'nat', 'still on nat-1', ({ pod: holder, ready }) => ready && holder === 'nat-1');
  await stage.podRunning('edge', 'nat-2');
  await stage.rest();
  expect(stage.mutations(bound)).toEqual(['POST networkEndpointGroups/attachNetworkEndpoints']);
  const ready = stage.cloud.compute.calls.length;
  await turnReady('nat-2');
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  expect(stage.mutations(ready)).toEqual(['PATCH backendServices']);
});

it('is in the audit log once, and says who held the addresses before', async () => {
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  expect(stage.history('nat')).toMatchObject([
    { action: 'allocate', to: { pod: 'nat-1' }, addresses: sixteen },
    {
      action: 'move',
      from: { pod: 'nat-1', node: 'gke-local-pool-1' },
      to: { pod: 'nat-2', node: 'gke-local-pool-3' },
    },
  ]);
});

it('delivering every message again, twice, in reverse order, changes nothing', async () => {
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.delete(paths.pod('edge', 'nat-1'));
  await stage.rest();
  // The first sweep that finds a node without a Pod writes down since when.
  stage.cloud.sweep();
  await stage.rest();
  const before = await stage.snapshot();
  const history = stage.history('nat');
  const calls = stage.cloud.compute.calls.length;
  const again = [...stage.messages()].reverse();
  expect(again.length).toBeGreaterThan(20);
  await stage.cloud.pubsub.replay(again);
  await stage.cloud.pubsub.replay(again);
  expect(await stage.snapshot()).toEqual(before);
  expect(stage.history('nat')).toEqual(history);
  expect(stage.mutations(calls)).toEqual([]);
});

it('the datapath of the old node is empty and that of the new one has every address', async () => {
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3' }));
  await stage.ready('edge', 'nat', 'nat-2');
  const entries = stage.cloud.nodes.datapath('gke-local-pool-3');
  expect([...entries.keys()].sort()).toEqual(sixteen.map((ip) => `${ip}/32`).sort());
  expect([...entries.values()].every(({ pod: holder }) => holder.endsWith('nat-2'))).toBe(true);
});

it('a VM that is deleted loses its addresses to the other Pod while Kubernetes still calls its node Ready', async () => {
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  await stage.admin.compute('DELETE', '/zones/us-central1-a/instances/gke-local-pool-3');
  await stage.ready('edge', 'nat', 'nat-1');
  const { cause } = stage.history('nat').at(-1) as { cause: { method: string } };
  expect(cause.method).toBe('v1.compute.instances.delete');
});

it('a Pod that turns not Ready leaves the addresses reserved for the route, and gets them back', async () => {
  await stage.patch(paths.pod('edge', 'nat-1'), { metadata: { annotations: notReady } });
  await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
  await stage.rest();
  expect(await stage.count(`/regions/${stage.cloud.region}/forwardingRules`)).toBe(16);
  await turnReady('nat-1');
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'release', 'allocate']);
});
