import type { Chance } from '../../functions/persistent-ip/model/generated/chance.ts';
import type { Loss } from '../actors/nodes.ts';
import type { Action } from './action.ts';
import { apps, blue, namespaces, nodeNames, podNames, zoneOf } from './stock.ts';

/** What Pods, nodes and zones do. */

interface Which {
  readonly namespace: string;
  readonly name: string;
}

const anyPod = (chance: Chance): Which => ({ namespace: chance.one(namespaces), name: chance.one(podNames) });

export const createPod = (chance: Chance, at: number, { namespace, name }: Which): Action => {
  const pod = {
    namespace,
    name,
    labels: { app: chance.one(apps) },
    node: chance.one(nodeNames),
    startMs: chance.one([200, 500, 2_000]),
    readyAfter: chance.in(90) ? chance.one([0, 500, 8_000]) : undefined,
    networks: chance.in(25) ? [blue.network] : [],
  };
  const ready = pod.readyAfter === undefined ? 'never Ready' : `Ready after ${pod.readyAfter} ms`;
  return {
    at,
    kind: 'create pod',
    text: `Pod ${namespace}/${name} app=${pod.labels.app} on ${pod.node}, ${ready}${pod.networks.length === 0 ? '' : ', also on blue'}`,
    do: ({ pods }) => pods.create(pod),
  };
};

const turn = (at: number, { namespace, name }: Which, ready: boolean, kind = 'pod readiness'): Action => ({
  at,
  kind,
  text: `Pod ${namespace}/${name} is ${ready ? '' : 'not '}Ready`,
  do: ({ pods }) => pods.ready(namespace, name, ready),
});

const flap = (chance: Chance, at: number, which: Which): Action[] => {
  const pause = chance.between(300, 20_000);
  return chance.times(3, 8, (index) => turn(at + index * pause, which, index % 2 === 1, 'pod flaps'));
};

const restart = (chance: Chance, at: number, which: Which): Action[] => {
  const { namespace, name } = which;
  const takes = chance.in(40) ? 100 : chance.between(100, 30_000);
  return [
    {
      at,
      kind: 'end pod',
      text: `Pod ${namespace}/${name} is deleted, and ends after ${takes} ms`,
      do: ({ pods }) => pods.terminate(namespace, name, takes),
    },
    ...(chance.in(85)
      ? [createPod(chance, at + takes + (chance.in(50) ? 10 : chance.between(10, 3_000)), which)]
      : []),
  ];
};

/** The node has rebooted, or the sandbox has died, and nobody saw it not Ready: the same Pod has another address. */
const readdress = (at: number, { namespace, name }: Which): Action => ({
  at,
  kind: 'new pod ip',
  text: `Pod ${namespace}/${name} gets another IP`,
  do: ({ pods }) => pods.start(namespace, name, undefined),
});

const relabel = (chance: Chance, at: number, { namespace, name }: Which): Action => {
  const app = chance.one(apps);
  return {
    at,
    kind: 'relabel pod',
    text: `Pod ${namespace}/${name} is labelled app=${app}`,
    do: ({ pods }) => pods.relabel(namespace, name, { app }),
  };
};

const lose = (at: number, node: string, how: Loss, kind = 'lose node'): Action => ({
  at,
  kind,
  text: `${node} is lost: ${how}`,
  do: ({ nodes }) => nodes.lose(node, how),
});

const recover = (at: number, node: string): Action => ({
  at,
  kind: 'recover node',
  text: `${node} comes back`,
  do: ({ nodes }) => nodes.recover(node),
});

const losses: readonly Loss[] = [
  'silent',
  'stopped by a person',
  'deleted by a person',
  'preempted',
  'power cut',
];

const loseNode = (chance: Chance, at: number): Action[] => {
  const node = chance.one(nodeNames);
  return [
    lose(at, node, chance.one(losses)),
    ...(chance.in(70) ? [recover(at + chance.between(1_000, 200_000), node)] : []),
  ];
};

const loseZone = (chance: Chance, at: number): Action[] => {
  const zone = zoneOf(chance.one(nodeNames));
  const lost = nodeNames.filter((node) => zoneOf(node) === zone);
  const back = chance.between(5_000, 300_000);
  return [
    ...lost.map((node, index) =>
      lose(at + index, node, chance.one(['silent', 'power cut'] as const), 'lose zone'),
    ),
    ...lost.map((node) => recover(at + back + chance.between(0, 5_000), node)),
  ];
};

/** One thing that happens to Pods or their machines, with what follows from it. */
export const mechanical = (chance: Chance, at: number): Action[] => {
  const which = anyPod(chance);
  return chance.pick<Action[]>(
    [6, () => [createPod(chance, at, which)]],
    [5, () => [turn(at, which, chance.in(50))]],
    [3, () => flap(chance, at, which)],
    [5, () => restart(chance, at, which)],
    [2, () => [relabel(chance, at, which)]],
    [2, () => [readdress(at, which)]],
    [
      1,
      () => [
        {
          at,
          kind: 'finish pod',
          text: `Pod ${which.namespace}/${which.name} has finished`,
          do: ({ pods }) => pods.finish(which.namespace, which.name),
        },
      ],
    ],
    [3, () => loseNode(chance, at)],
    [1, () => loseZone(chance, at)],
  );
};
