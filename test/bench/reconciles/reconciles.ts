import { configVariable, readConfig } from '../../../functions/config.ts';
import { connect } from '../../../functions/connect.ts';
import { staticCredentials } from '../../../functions/google-cloud/credentials.ts';
import { onReconcileRequest } from '../../../functions/reconcile.ts';
import { systemRuntime } from '../../../functions/system-runtime.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import { adminOf } from '../../../infra/local/admin.ts';
import type { Bench, Figure } from '../frame/figure.ts';
import { alternate, median } from '../frame/statistics.ts';
import { number } from '../frame/table.ts';
import { latencies } from '../move/latencies.ts';
import { pushOf, routesInTurn, startWorld, type World } from '../world.ts';
import { profiled, sharesOf } from './profile.ts';
import { type Recording, record, replay } from './replay.ts';

const concurrencies = [1, 20, 80] as const;

const wiringOf = (world: World): Wiring =>
  connect({
    config: readConfig({ [configVariable]: JSON.stringify(world.config) }),
    tokens: staticCredentials(world.token),
    runtime: { ...systemRuntime, log: () => {} },
    onPlatform: false,
  });

const look = async (wiring: Wiring, world: World, route: { name: string; uid: string }): Promise<void> => {
  const { cluster } = world.cloud;
  const cause = { insertId: 'bench', method: 'bench', principal: 'bench', at: new Date().toISOString() };
  const outcome = await onReconcileRequest(
    wiring,
    pushOf({ cluster, kind: 'route', namespace: 'edge', ...route, cause }, route.name),
  );
  if (outcome.kind !== 'settled') throw new Error(`a look ended ${JSON.stringify(outcome)}`);
};

interface Run {
  readonly routes: number;
  readonly concurrency: number;
  readonly isSlow: boolean;
}

/** Looks a second of one instance that has `concurrency` of them under way, at routes that take turns. */
const rateOf = async (
  world: World,
  recording: Recording,
  { routes, concurrency, isSlow }: Run,
  ms: number,
): Promise<number> => {
  const wiring = wiringOf(world);
  const stub = replay(recording, isSlow);
  try {
    await look(wiring, world, recording.route(0));
    const began = performance.now();
    let next = 0;
    let done = 0;
    const one = async (): Promise<void> => {
      while (performance.now() - began < ms) {
        const index = next % routes;
        next += 1;
        await look(wiring, world, recording.route(index));
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    return done / ((performance.now() - began) / 1000);
  } finally {
    stub.restore();
  }
};

const runs: readonly Run[] = [
  ...concurrencies.flatMap((concurrency) =>
    [false, true].map((isSlow) => ({ routes: 100, concurrency, isSlow })),
  ),
  ...[1_000, 10_000].map((routes) => ({ routes, concurrency: 20, isSlow: false })),
];

const keyOf = ({ routes, concurrency, isSlow }: Run): string =>
  `${routes} routes, ${concurrency} at a time${isSlow ? ', with latencies' : ''}`;

const unit = 'reconciles a second';

const bench: Bench = {
  title: 'Reconciles a second',
  run: async ({ quick, say }) => {
    const world = await startWorld(routesInTurn(1));
    try {
      const path = '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes/nat-0';
      const { uid } = (await adminOf(world.cloud).kubernetes('GET', path)).metadata as { uid: string };
      const wiring = wiringOf(world);
      const recording = await record(world, uid, () => look(wiring, world, { name: 'nat-0', uid }));
      const [ms, rounds] = quick ? [500, 1] : [1_000, 5];
      say(`${rounds + 1} rounds of ${runs.length} runs, one second each`);
      // In turns: an instance that has worked for a while is slower than a new one, whatever it works on.
      const rates = await alternate(
        Object.fromEntries(runs.map((run) => [keyOf(run), () => rateOf(world, recording, run, ms)])),
        rounds,
      );
      const rate = (run: Run): number => median(rates[keyOf(run)] ?? []);
      const fast = new Map(
        concurrencies.map((one) => [one, rate({ routes: 100, concurrency: one, isSlow: false })]),
      );
      const slow = new Map(
        concurrencies.map((one) => [one, rate({ routes: 100, concurrency: one, isSlow: true })]),
      );
      const thousand = rate({ routes: 1_000, concurrency: 20, isSlow: false });
      const tenThousand = rate({ routes: 10_000, concurrency: 20, isSlow: false });
      const profile = await profiled(() =>
        rateOf(world, recording, { routes: 100, concurrency: 20, isSlow: false }, ms),
      );
      const shares = sharesOf(profile);
      // Two rounds of reads, in each of which the slowest is Compute.
      const most = (concurrency: number) => (concurrency * 1000) / (2 * latencies.compute);
      const withLatencies = concurrencies.map(
        (concurrency): Figure => ({
          name: `with latencies, ${concurrency} at a time`,
          unit,
          ours: { what: 'one instance', value: slow.get(concurrency) ?? Number.NaN },
          against: { what: 'two rounds of Compute and nothing else', value: most(concurrency) },
          ratio: 'ours/against',
        }),
      );
      const flat = (routes: number, value: number): Figure => ({
        name: `answers at once, ${number(routes)} routes`,
        unit,
        ours: { what: '20 at a time', value },
        against: { what: 'the same with 100 routes', value: fast.get(20) ?? Number.NaN },
        ratio: 'ours/against',
        bars: [{ of: 'ratio', atLeast: 0.8 }],
      });
      const bar = (concurrency: number, value = Number.NaN) => ({
        what: `${concurrency} at a time`,
        value,
        isOurs: true,
      });
      return {
        figures: [
          ...concurrencies.map((concurrency) => ({
            name: `answers at once, ${concurrency} at a time`,
            unit,
            ours: { what: 'one instance, 100 routes', value: fast.get(concurrency) ?? Number.NaN },
          })),
          flat(1_000, thousand),
          flat(10_000, tenThousand),
          ...withLatencies,
        ],
        charts: [
          {
            name: '',
            title: 'Looks at routes that are well, one instance of one core',
            unit,
            groups: [
              { label: 'answers at once', bars: concurrencies.map((one) => bar(one, fast.get(one))) },
              {
                label: `Compute ${latencies.compute} ms, Kubernetes ${latencies.kubernetes} ms`,
                bars: concurrencies.map((one) => bar(one, slow.get(one))),
              },
            ],
          },
        ],
        notes: [
          `What limits it is the core. Of its time with answers at once: ${shares
            .slice(0, 7)
            .map(([owner, share]) => `${owner} ${Math.round(share * 100)} %`)
            .join(', ')}.`,
        ],
        data: { shares, rates },
      };
    } finally {
      await world.close();
    }
  },
};

export default bench;
