import { adminOf } from '../../../infra/local/admin.ts';
import { type LocalCloud, startCloud } from '../../../infra/local/cloud.ts';
import { viewRoute } from '../../../infra/local/tour/route-view.ts';
import { until } from '../../../infra/local/until.ts';
import { gateway, namespace, pod, route } from '../../scenarios/objects.ts';
import type { Bench } from '../frame/figure.ts';
import { number } from '../frame/table.ts';
import { AutoClock } from './auto-clock.ts';
import { type Fault, faultsAt } from './faults.ts';

/** Kubernetes' and our own defaults, milliseconds: a lease every 10 s, 40 s of grace, a sweep of everything every 5 minutes. */
const timings = { leaseMs: 10_000, graceMs: 40_000, podStartMs: 300, podReadyMs: 300, terminateMs: 30_000 };
const sweepMs = 300_000;

const [survivor, victim] = ['gke-local-pool-1', 'gke-local-pool-3'] as const;

interface Move {
  readonly timestamp: string;
  readonly cause: { readonly method: string };
}

const movesOf = (cloud: LocalCloud): readonly Move[] =>
  cloud.logging.list('').flatMap(({ timestamp, jsonPayload }) => {
    const payload = (jsonPayload ?? {}) as { action?: string; cause?: { method: string } };
    return payload.action === 'move' && payload.cause !== undefined
      ? [{ timestamp: String(timestamp), cause: payload.cause }]
      : [];
  });

interface Outcome {
  readonly fault: Fault;
  readonly seconds: number;
  readonly method: string;
  /** Entries about the node and the Pod, by their method, with the second in which the first of each was written. */
  readonly events: readonly string[];
}

/** Entries behind the first `known`, about one of the names, of kinds that the sink would let through. */
const eventsSince = (
  cloud: LocalCloud,
  known: number,
  from: number,
  about: readonly string[],
): readonly string[] => {
  const first = new Map<string, number>();
  for (const { timestamp, protoPayload } of cloud.logging.list('').slice(known)) {
    const { methodName = '', resourceName = '' } = (protoPayload ?? {}) as Record<string, string>;
    const seconds = (Date.parse(String(timestamp)) - from) / 1000;
    const isAbout = about.some((name) => resourceName.split('/').includes(name));
    const short = methodName.replace(/^(?:io\.k8s\.core\.)?v1\.(?:compute\.)?/, '');
    if (isAbout && /^(?:nodes|pods|instances)\./.test(short) && !first.has(short)) first.set(short, seconds);
  }
  return [...first].map(([method, seconds]) => `${method} ${number(Math.round(seconds * 10) / 10)} s`);
};

const failover = async (fault: Fault, clock: AutoClock): Promise<Outcome> => {
  const cloud = await startCloud({ clock, sweepMs, operationMs: 0, timings });
  try {
    const admin = adminOf(cloud);
    const heldBy = (name: string, isReady: boolean) =>
      until(cloud, `${name} has the address`, async () => {
        const seen = await viewRoute(admin, 'edge', 'nat');
        return seen?.pod === name && (seen.ready || !isReady) ? seen : undefined;
      });
    cloud.compute.reserveAddress({ name: 'nat', address: '34.1.2.3' });
    const objects = [
      namespace('edge'),
      gateway('pool', 'edge', ['34.1.2.3']),
      route('nat', 'edge', ['34.1.2.3']),
    ];
    await cloud.kubernetes.apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await cloud.kubernetes.apply(JSON.stringify(pod('nat-0', 'edge', { node: survivor })));
    await heldBy('nat-0', true);
    await cloud.kubernetes.apply(JSON.stringify(pod('nat-1', 'edge', { node: victim })));
    await heldBy('nat-1', true);
    await cloud.pubsub.idle();
    const before = movesOf(cloud).length;
    const zone = cloud.vms.find(({ name }) => name === victim)?.zone ?? '';
    const from = clock.now().getTime();
    const known = cloud.logging.list('').length;
    await fault.strike(cloud, { pod: 'nat-1', node: victim, zone });
    await heldBy('nat-0', false);
    const move = await until(cloud, 'the audit entry of the move', () =>
      Promise.resolve(movesOf(cloud)[before]),
    );
    // What else would have told us, a minute later.
    await new Promise<void>((resolve) => {
      clock.after(Math.max(0, from + 60_000 - clock.now().getTime()), resolve);
    });
    return {
      fault,
      seconds: (Date.parse(move.timestamp) - from) / 1000,
      method: move.cause.method,
      events: eventsSince(cloud, known, from, [victim, 'nat-1']),
    };
  } finally {
    await cloud.close();
  }
};

const bench: Bench = {
  title: 'Failover',
  run: async ({ say }) => {
    const outcomes: Outcome[] = [];
    const clock = new AutoClock();
    const running = clock.start();
    try {
      for (const fault of faultsAt(() => clock.now())) {
        outcomes.push(await failover(fault, clock));
        say(fault.name);
      }
    } finally {
      clock.stop();
      await running;
    }
    const silent = outcomes.find(({ fault }) => fault.by === 'node controller');
    return {
      figures: outcomes.map(({ fault, seconds, method }) => ({
        name: fault.name,
        unit: 's',
        ours: { what: `${fault.by}: ${method}`, value: seconds },
        ...(silent !== undefined &&
          silent.fault !== fault && {
            against: { what: 'told by the node controller alone', value: silent.seconds },
            ratio: 'ours/against' as const,
          }),
      })),
      charts: [
        {
          name: '',
          title: 'From the end of the node to the leader moved, without the latencies of the logs',
          unit: 's',
          groups: [
            {
              label: '',
              bars: outcomes.map(({ fault, seconds }) => ({
                what: fault.name,
                value: seconds,
                isOurs: true,
              })),
            },
          ],
        },
      ],
      notes: [
        [
          '| what ends | what the logs have within a minute, in their order |',
          '| --- | --- |',
          ...outcomes.map(({ fault, events }) => `| ${fault.name} | ${events.join(', ') || 'nothing'} |`),
        ].join('\n'),
      ],
    };
  },
};

export default bench;
