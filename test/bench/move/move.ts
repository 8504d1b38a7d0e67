import type { Bench, Figure } from '../frame/figure.ts';
import { latencies } from './latencies.ts';
import { type Move, measureMove } from './measure.ts';
import { cloudNetworkConfigController, kubeip, type Peer } from './peers.ts';

const figuresOf = (move: Move, peer: Peer): readonly Figure[] => {
  const what = `${move.addresses} ${move.addresses === 1 ? 'address' : 'addresses'}`;
  const against = (value: number) => ({ what: peer.name, value });
  const ours = (value: number) => ({ what: 'one move', value });
  return [
    {
      name: `${what}: mutations of Compute`,
      unit: 'calls',
      ours: ours(move.mutations),
      against: against(peer.mutations),
      bars: [{ of: 'ours', atMost: 1 }],
    },
    {
      name: `${what}: rounds from delivery to the PATCH`,
      unit: 'rounds',
      ours: ours(move.rounds),
      bars: [{ of: 'ours', atMost: 3 }],
    },
    {
      name: `${what}: all calls`,
      unit: 'calls',
      ours: ours(move.calls.length),
      against: against(peer.calls),
    },
    { name: `${what}: bytes of all bodies`, unit: 'bytes', ours: ours(move.bytes) },
    {
      name: `${what}: until the call that moves is sent`,
      unit: 'ms',
      ours: ours(move.patchMs),
      against: against(peer.sentMs),
    },
    { name: `${what}: until Ready`, unit: 'ms', ours: ours(move.readyMs), against: against(peer.doneMs) },
  ];
};

const bench: Bench = {
  title: 'A move',
  run: async () => {
    const one = await measureMove(1);
    const sixteen = await measureMove(16);
    const controllers = [cloudNetworkConfigController(1), cloudNetworkConfigController(16)] as const;
    const agents = kubeip();
    const bars = (move: Move, peers: readonly Peer[], of: 'sent' | 'done') => [
      { what: 'ours', value: of === 'sent' ? move.patchMs : move.readyMs, isOurs: true },
      ...peers.map(({ name, sentMs, doneMs }) => ({
        what: name.replace('cloud-network-config-controller', 'OpenShift controller'),
        value: of === 'sent' ? sentMs : doneMs,
        isOurs: false,
      })),
    ];
    return {
      figures: [
        ...figuresOf(one, agents),
        ...figuresOf(one, controllers[0]).filter(({ against }) => against !== undefined),
        ...figuresOf(sixteen, controllers[1]),
      ],
      charts: [
        {
          name: '',
          title: 'From what told us to the move, with the latencies below',
          unit: 'ms',
          groups: [
            {
              label: 'one address: the call that moves is sent',
              bars: bars(one, [agents, controllers[0]], 'sent'),
            },
            { label: 'one address: done', bars: bars(one, [agents, controllers[0]], 'done') },
            { label: '16 addresses: done', bars: bars(sixteen, [controllers[1]], 'done') },
          ],
        },
      ],
      notes: [
        `Latencies: ${Object.entries(latencies)
          .map(([name, ms]) => `${name} ${ms} ms`)
          .join(
            ', ',
          )}; each hop of Pub/Sub as much as a call of it. The clock is virtual: the figures are exact and the same on every machine.`,
      ],
      data: { one, sixteen, peers: [agents, ...controllers] },
    };
  },
};

export default bench;
