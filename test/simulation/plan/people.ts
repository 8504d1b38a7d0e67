import type { JsonObject } from '../../../infra/local/kubernetes/objects/object.ts';
import type { Chance } from '../../functions/persistent-ip/model/generated/chance.ts';
import { Hand } from '../actors/world.ts';
import { keys } from '../cloud/kubernetes.ts';
import type { Action, Stage } from './action.ts';
import { gatewaySpec, podSelector, routeAddresses, routeSpec } from './objects.ts';
import { blue, namespaces, routeNames } from './stock.ts';

/** What people do to the objects that they own: make, edit, delete and make anew. */

type Doing = Pick<Action, 'kind' | 'text' | 'do'>;

const alice = (stage: Stage): Hand => new Hand(stage, 'alice@example.com');

export const createRoute = (chance: Chance, namespace: string, name: string): Doing => {
  const spec = routeSpec(chance);
  const object = {
    apiVersion: 'networking.gke.io/v1',
    kind: 'GKEIPRoute',
    metadata: { namespace, name },
    spec,
  };
  return {
    kind: 'create route',
    text: `creates GKEIPRoute ${namespace}/${name}: ${JSON.stringify(spec)}`,
    do: (stage) => void alice(stage).create(keys.routes, object),
  };
};

export const createGateway = (chance: Chance, name: string): Doing => {
  const spec = gatewaySpec(chance, name);
  const metadata = { namespace: 'infra', name };
  const object = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata, spec };
  return {
    kind: 'create gateway',
    text: `creates Gateway infra/${name}: ${JSON.stringify(spec)}`,
    do: (stage) => void alice(stage).create(keys.gateways, object),
  };
};

export const createNetwork = (ready: boolean): Doing => ({
  kind: 'create network',
  text: `creates Network ${blue.network}, ${ready ? 'ready' : 'not ready'}`,
  do: (stage) => {
    const hand = alice(stage);
    hand.create(keys.paramSets, {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GKENetworkParamSet',
      metadata: { name: blue.paramSet },
      spec: { vpc: blue.vpc, vpcSubnet: blue.subnet },
    });
    hand.create(keys.networks, {
      apiVersion: 'networking.gke.io/v1',
      kind: 'Network',
      metadata: { name: blue.network },
      spec: {
        type: 'L3',
        parametersRef: { group: 'networking.gke.io', kind: 'GKENetworkParamSet', name: blue.paramSet },
      },
    });
    networkReady(ready).do(stage);
  },
});

const networkReady = (ready: boolean): Doing => ({
  kind: 'network readiness',
  text: `Network ${blue.network} is ${ready ? '' : 'not '}ready`,
  do: (stage) => {
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason: ready ? 'Ready' : 'ParamsNotReady',
      message: '',
      lastTransitionTime: stage.engine.time.now().toISOString().replace(/\.\d+/, ''),
    };
    const hand = new Hand(stage, 'system:serviceaccount:kube-system:network-controller');
    hand.patchStatus(keys.networks, '', blue.network, { status: { conditions: [condition] } });
  },
});

const patchRoute = (kind: string, namespace: string, name: string, spec: JsonObject): Doing => ({
  kind,
  text: `edits GKEIPRoute ${namespace}/${name}: ${JSON.stringify(spec)}`,
  do: (stage) => {
    const current = stage.cluster.get(keys.routes, namespace, name)?.spec;
    if (!isMisplaced({ ...(current as JsonObject | undefined), ...spec }))
      alice(stage).patch(keys.routes, namespace, name, { spec });
  },
});

/**
 * Internal addresses of the cluster's own subnetwork on another network: Compute refuses the rule for good, and the model
 * knows no such refusal.
 */
const isMisplaced = ({ network, parentRefs = [] }: JsonObject): boolean =>
  network === blue.network && (parentRefs as { name: string }[]).some(({ name }) => name === 'inner');

const patchGateway = (kind: string, name: string, body: JsonObject): Doing => ({
  kind,
  text: `edits Gateway infra/${name}: ${JSON.stringify(body)}`,
  do: (stage) => void alice(stage).patch(keys.gateways, 'infra', name, body),
});

const deleteRoute = (namespace: string, name: string): Doing => ({
  kind: 'delete route',
  text: `deletes GKEIPRoute ${namespace}/${name}`,
  do: (stage) => void alice(stage).remove(keys.routes, namespace, name),
});

/** Somebody who cannot wait takes the finalizer off: nobody is told, and everything is left. */
const forceAway = (kind: 'route' | 'gateway', namespace: string, name: string): Doing => ({
  kind: `force ${kind} away`,
  text: `takes the finalizers off ${kind} ${namespace}/${name} and deletes it`,
  do: (stage) => {
    const key = kind === 'route' ? keys.routes : keys.gateways;
    alice(stage).patch(key, namespace, name, { metadata: { finalizers: null } });
    alice(stage).remove(key, namespace, name);
  },
});

const editRoute = (chance: Chance): Doing => {
  const namespace = chance.one(namespaces);
  const name = chance.one(routeNames);
  const inner = chance.in(25);
  return chance.pick<Doing>(
    [4, () => patchRoute('edit addresses', namespace, name, { addresses: routeAddresses(chance, inner) })],
    [2, () => patchRoute('edit selector', namespace, name, { podSelector: podSelector(chance) })],
    [
      1,
      () =>
        patchRoute('edit reaction mode', namespace, name, {
          reactionMode: chance.one(['Exists', 'ReadyCondition']),
        }),
    ],
    [
      1,
      () => patchRoute('edit network', namespace, name, { network: chance.one(['default', blue.network]) }),
    ],
    [
      1,
      () =>
        patchRoute('edit parents', namespace, name, {
          parentRefs: [{ name: chance.one(['pool', 'inner', 'nowhere']), namespace: 'infra' }],
        }),
    ],
  );
};

const editGateway = (chance: Chance): Doing => {
  const name = chance.in(70) ? 'pool' : 'inner';
  const { listeners, addresses } = gatewaySpec(chance, name) as {
    listeners: JsonObject[];
    addresses: JsonObject[];
  };
  const ranges = chance.one(['10.0.0.0/8', '192.0.2.0/24, 198.51.100.0/24', 'everywhere', null]);
  return chance.pick<Doing>(
    [2, () => patchGateway('edit listener', name, { spec: { listeners } })],
    [2, () => patchGateway('edit pool', name, { spec: { addresses } })],
    [
      1,
      () =>
        patchGateway('edit source ranges', name, {
          metadata: { annotations: { 'persistent-ip.dev/source-ranges': ranges } },
        }),
    ],
  );
};

const relabelNamespace = (chance: Chance): Doing => {
  const name = chance.one(namespaces);
  const team = chance.one(['edge', 'shop', 'none']);
  return {
    kind: 'relabel namespace',
    text: `labels Namespace ${name} team=${team}`,
    do: (stage) => void alice(stage).patch(keys.namespaces, '', name, { metadata: { labels: { team } } }),
  };
};

const removeGateway = (name: string): Doing => ({
  kind: 'delete gateway',
  text: `deletes Gateway infra/${name}`,
  do: (stage) => void alice(stage).remove(keys.gateways, 'infra', name),
});

const removeNetwork = (): Doing => ({
  kind: 'delete network',
  text: `deletes Network ${blue.network}`,
  do: (stage) => void alice(stage).remove(keys.networks, '', blue.network),
});

/** Somebody installs another controller that thinks the route its own, and takes it away again. */
const war = (chance: Chance, at: number, namespace: string, name: string): Action => {
  const forMs = chance.between(60_000, 300_000);
  return {
    at,
    kind: 'second controller',
    text: `another controller rewrites the status of ${namespace}/${name} for ${forMs} ms`,
    do: ({ other }) => other.serve(namespace, name, forMs),
  };
};

/** One thing that a person does, or two that go together: what is deleted is often made anew. */
export const personal = (chance: Chance, at: number): Action[] => {
  const alone = (doing: Doing): Action[] => [{ at, ...doing }];
  const again = (away: Doing, back: Doing): Action[] => [
    { at, ...away },
    ...(chance.in(80) ? [{ at: at + chance.between(50, 40_000), ...back }] : []),
  ];
  const namespace = chance.one(namespaces);
  const name = chance.one(routeNames);
  const gateway = chance.in(70) ? 'pool' : 'inner';
  return chance.pick<Action[]>(
    [8, () => alone(editRoute(chance))],
    [4, () => again(deleteRoute(namespace, name), createRoute(chance, namespace, name))],
    [2, () => alone(createRoute(chance, namespace, name))],
    [1, () => again(forceAway('route', namespace, name), createRoute(chance, namespace, name))],
    [1, () => again(forceAway('gateway', 'infra', gateway), createGateway(chance, gateway))],
    [4, () => alone(editGateway(chance))],
    [2, () => again(removeGateway(gateway), createGateway(chance, gateway))],
    [2, () => alone(relabelNamespace(chance))],
    [1, () => again(removeNetwork(), createNetwork(true))],
    [1, () => [war(chance, at, namespace, name)]],
    [1, () => again(networkReady(false), networkReady(true))],
  );
};
