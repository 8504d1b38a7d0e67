import type { Condition } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  metadata,
  namespace,
  node,
  pod,
  route,
} from '../fixtures.ts';
import { World } from '../world.ts';

export const ipOf = (index: number): string => `34.1.${2 + Math.floor(index / 200)}.${1 + (index % 200)}`;

/** Two hours after every Pod was made, at a full run's minute. */
const now = new Date('2026-11-24T16:05:10Z');

/**
 * A cluster in which nothing is left to do: `count` routes `nat-0`, `nat-1`... in namespaces `edge-0` and `edge-1`, each Ready,
 * with a holder on `node-a` and a Pod that waits on `node-b`, and a Gateway for each ten of them.
 */
export const settledWorld = async (count: number): Promise<World> => {
  const world = new World();
  world.now = now;
  world.classes.push(gatewayClass());
  for (const name of ['infra', 'edge-0', 'edge-1']) world.namespaces.set(name, namespace(name));
  for (const name of ['node-a', 'node-b', 'node-c']) world.nodes.set(name, node(name));
  for (let first = 0; first < count; first += 10) {
    const ips = Array.from({ length: Math.min(10, count - first) }, (_, index) => ipOf(first + index));
    const name = `pool-${first / 10}`;
    world.putGateway({ ...gateway(ips), metadata: metadata(name, { namespace: 'infra' }) });
    for (const ip of ips) world.reserved.push(address(ip));
  }
  for (let index = 0; index < count; index += 1) {
    const name = `nat-${index}`;
    const where = `edge-${index % 2}`;
    const labels = { app: name };
    world.put(
      route([ipOf(index)], {
        metadata: metadata(name, { namespace: where }),
        parentRefs: [
          {
            group: 'gateway.networking.k8s.io',
            kind: 'Gateway',
            namespace: 'infra',
            name: `pool-${Math.floor(index / 10)}`,
          },
        ],
        podSelector: { matchLabels: labels },
      }),
    );
    const of = (suffix: string, nodeName: string, creationTimestamp: string) =>
      world.pods.set(
        `${where}/${name}-${suffix}`,
        pod(`${name}-${suffix}`, { nodeName, metadata: { namespace: where, labels, creationTimestamp } }),
      );
    of('old', 'node-b', '2026-11-24T14:00:00Z');
    of('new', 'node-a', '2026-11-24T14:01:00Z');
  }
  await settle(world);
  return world;
};

/** Deliveries for every object, the node agents' answers, and both again; then nothing is remembered of it. */
export const settle = async (world: World): Promise<void> => {
  const request =
    (kind: 'class' | 'gateway' | 'route') => (one: { metadata: { namespace: string; name: string } }) =>
      reconcile(world.deps, {
        cluster: clusterKey,
        kind,
        namespace: one.metadata.namespace,
        name: one.metadata.name,
        cause,
      });
  for (let round = 0; round < 2; round += 1) {
    for (const one of [...world.classes]) await request('class')(one);
    for (const one of [...world.gateways.values()]) await request('gateway')(one);
    for (const one of [...world.routes.values()]) await request('route')(one);
    for (const one of [...world.gateways.values()]) await request('gateway')(one);
    for (const one of [...world.routes.values()]) world.put(served(one));
  }
  // Ready long enough that no run of a minute looks at them any more.
  for (const one of [...world.routes.values()])
    world.put({ ...one, status: { ...one.status, conditions: one.status.conditions.map(longSince) } });
  world.published.length = 0;
  world.audited.length = 0;
  world.calls.length = 0;
};

const longSince = (condition: Condition): Condition => ({
  ...condition,
  lastTransitionTime: '2026-11-24T14:02:00Z',
});

/** As the agent of the holder's node answers. */
const served = <R extends ReturnType<typeof route>>(one: R): R => ({
  ...one,
  status: {
    ...one.status,
    conditions: one.status.conditions.map((condition) =>
      condition.type === 'DPV2Ready' && one.status.pods.length === 1
        ? { ...condition, status: 'True' as const, reason: 'DPV2Ready', message: '' }
        : condition,
    ),
  },
});
