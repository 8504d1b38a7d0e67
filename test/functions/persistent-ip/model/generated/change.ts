import type { APod, ARoute, Cluster } from '../cluster.ts';
import type { Chance } from './chance.ts';
import { aGatewayAddress, aListener, badSelector, someRanges } from './gateway.ts';
import { aNetworkName, aPod, aPodSelector, aRoute, someParents, someValues } from './route.ts';

/**
 * What users, controllers and machines do to a cluster between two deliveries: one to five happenings, done to a copy.
 * Every edit of a spec is a new generation, as the API server counts it.
 */
export const change = (chance: Chance, before: Cluster): Cluster => {
  const cluster = structuredClone(before);
  for (let left = chance.between(1, 5); left > 0; left--)
    chance.pick<unknown>(
      [8, () => onPod(chance, cluster)],
      [5, () => onRoute(chance, cluster)],
      [3, () => onGateway(chance, cluster)],
      [2, () => onNode(chance, cluster)],
      [1.5, () => onRest(chance, cluster)],
    );
  return cluster;
};

/** Readiness turns: most Pods that are on a Node are Ready now, whatever they were. */
export const flap = (chance: Chance, cluster: Cluster): Cluster => ({
  ...cluster,
  pods: cluster.pods.map((pod) => ({ ...pod, ready: pod.node !== undefined && chance.in(70) })),
});

const drop = (chance: Chance, list: unknown[]): unknown => list.splice(chance.below(list.length), 1);

const onPod = (chance: Chance, { pods, ...cluster }: Cluster): unknown => {
  const fresh = (name: string): APod => ({
    ...aPod(chance, { pods, ...cluster }, name),
    created: chance.between(3, 9),
  });
  if (pods.length === 0 || chance.in(25)) return pods.push(fresh(`new-${chance.below(1000)}`));
  const pod = chance.one(pods);
  const { namespace, name, node, labels } = pod;
  return chance.pick<unknown>(
    [2, () => drop(chance, pods)],
    [2, () => Object.assign(pod, { terminating: true })],
    [2, () => Object.assign(pod, { ready: !pod.ready && node !== undefined })],
    [1, () => Object.assign(pod, { phase: chance.one(['Succeeded', 'Failed']) })],
    [1, () => Object.assign(pod, { labels: { app: chance.one(['nat', 'web']) } })],
    // Its node rebooted, or it got its first IP.
    [1, () => node !== undefined && Object.assign(pod, { ip: `10.0.1.${chance.below(250)}` })],
    // Recreated under its name, as a StatefulSet does.
    [1, () => pods.splice(pods.indexOf(pod), 1, { ...fresh(name), namespace, labels })],
  );
};

const remove = (object: { generation: number; deleting: boolean }): unknown =>
  object.deleting || Object.assign(object, { deleting: true, generation: object.generation + 1 });

const onRoute = (chance: Chance, cluster: Cluster): unknown => {
  // Created by a clock that is behind, or read out of a backup: it may be older than those that are there.
  if (cluster.routes.length === 0 || chance.in(20))
    return cluster.routes.push(aRoute(chance, cluster, `x${chance.below(1000)}`));
  const route = chance.one(cluster.routes);
  if (chance.in(25)) return remove(route);
  if (chance.in(6))
    return Object.assign(route, { marks: chance.one([['gke-finalizer'], ['gke-annotation'], []]) });
  const from = cluster.gateways.find(({ name }) => name === route.parents[0]?.name);
  const edit = chance.pick<Partial<ARoute>>(
    [4, () => ({ addresses: someValues(chance, cluster, from) })],
    [2, () => ({ selector: aPodSelector(chance) })],
    [1.5, () => ({ selector: chance.in(50) ? badSelector(chance) : {} })],
    [2, () => ({ parents: chance.in(40) ? [] : someParents(chance, cluster) })],
    [1, () => ({ mode: route.mode === 'Exists' ? 'ReadyCondition' : 'Exists' })],
    [2, () => ({ network: aNetworkName(chance, from) })],
    [1, () => ({ extra: aRoute(chance, cluster, 'other').extra })],
  );
  const same = JSON.stringify({ ...route, ...edit }) === JSON.stringify(route);
  return same || Object.assign(route, { ...edit, generation: route.generation + 1 });
};

const onGateway = (chance: Chance, cluster: Cluster): unknown => {
  const gateway = chance.one(cluster.gateways);
  const { addresses, listeners, className } = gateway;
  if (chance.in(15)) return remove(gateway);
  // An annotation bumps no generation.
  if (chance.in(12)) return Object.assign(gateway, { sourceRanges: someRanges(chance) });
  gateway.generation += 1;
  const scheme = className.includes('internal') ? 'internal' : 'external';
  return chance.pick<unknown>(
    [3, () => drop(chance, addresses)],
    [2, () => addresses.push(aGatewayAddress(chance, scheme))],
    [2, () => addresses.push({ type: 'IPAddress' })],
    [3, () => listeners.splice(0, 1, aListener(chance, 'listener-0'))],
    [1, () => Object.assign(gateway, { className: chance.one(cluster.classes).name })],
  );
};

const onNode = (chance: Chance, { nodes }: Cluster): unknown => {
  // A cluster keeps a Node, for new Pods are put somewhere.
  if (nodes.length > 1 && chance.in(25)) return drop(chance, nodes);
  return Object.assign(
    chance.one(nodes),
    chance.in(50)
      ? { vm: chance.one(['running', 'gone', 'unreadable']) }
      : { ready: chance.one(['True', 'False', 'Unknown']) },
  );
};

const onRest = (chance: Chance, cluster: Cluster): unknown => {
  const { namespaces, reserved, networks } = cluster;
  return chance.pick<unknown>(
    [2, () => namespaces.splice(0, 1, { name: 'edge', labels: { team: chance.one(['red', 'blue']) } })],
    [1, () => drop(chance, reserved)],
    [1, () => Object.assign(cluster, { agents: chance.one(['answer', 'fail', 'silent']) })],
    [3, () => drop(chance, networks)],
    [3, () => Object.assign(networks[0] ?? {}, { ready: chance.one(['True', 'False', 'Unknown']) })],
  );
};
