import { Bench as Tinybench } from 'tinybench';
import { judgeClusterEvent } from '../../../events/judge-cluster-event.ts';
import { parseClusterEvent } from '../../../events/log-entry.ts';
import { readPushEnvelope } from '../../../events/push-envelope.ts';
import { onClusterEvent } from '../../../functions/on-cluster-event.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import { type Load, monthOf } from '../../../infra/costs/model.ts';
import type { Bench } from '../frame/figure.ts';
import { median } from '../frame/statistics.ts';
import { number } from '../frame/table.ts';
import { pushOf } from '../world.ts';
import { checkDropped, irrelevant, judgement } from './entries.ts';
import { dropsByWords } from './scan.ts';

const judge = (text: string): boolean => {
  const event = parseClusterEvent(text);
  return event.ok && judgeClusterEvent(event.value, judgement).kind === 'drop';
};

/** A tenth of a second of each, in turns, and again: entries a second, the median of the rounds. */
const rates = async <Name extends string>(
  tasks: Readonly<Record<Name, () => unknown>>,
  rounds: number,
): Promise<Record<Name, number>> => {
  const names = Object.keys(tasks) as Name[];
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) {
      const bench = new Tinybench({ time: 100, warmupTime: round === 0 ? 100 : 10 });
      bench.add(name, () => {
        tasks[name]();
      });
      const [task] = await bench.run();
      const { result } = task ?? {};
      if (result === undefined || !('latency' in result)) throw new Error(`${name} did not run`);
      seen.get(name)?.push((1000 / result.latency.mean) * irrelevant.length);
    }
  return Object.fromEntries(names.map((name) => [name, median(seen.get(name) ?? [])])) as Record<
    Name,
    number
  >;
};

/** The function as it is deployed, behind the check of who pushes; whoever asks for a cluster's adapters makes calls. */
const callsWhileDropping = async (pushes: readonly object[]): Promise<number> => {
  let calls = 0;
  const wiring = {
    judgement,
    cluster: () => {
      calls += 1;
      return undefined;
    },
  } as unknown as Wiring;
  for (const push of pushes) await onClusterEvent(wiring, push);
  return calls;
};

/** Every Pod is replaced once a day; a tenth of the routes move with theirs. */
const loadOf = (pods: number): Load => ({
  name: `${pods}`,
  nodes: Math.max(3, Math.ceil(pods / 20)),
  podsADay: pods,
  routes: Math.ceil(pods / 100),
  movesADay: Math.ceil(pods / 100),
});

const money = (): string => {
  const dollars = (value: number): string => `$${value.toFixed(2)}`;
  const rows = [10, 1_000, 5_000].map((pods) => {
    const load = loadOf(pods);
    const [fine, blunt] = [monthOf(load), monthOf(load, { fine: false })];
    const sum = ({ dollars: { pubsub, functions, logs } }: typeof fine) => pubsub + functions + logs;
    return `| ${number(pods)} Pods on ${number(load.nodes)} nodes | ${number(fine.entries)} | ${dollars(sum(fine))} | ${dollars(sum(blunt))} | ${dollars(fine.afterFree)} |`;
  });
  return [
    '| cluster, each Pod replaced once a day | entries a month | all costs | without judging | after the free amounts |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
};

const bench: Bench = {
  title: 'Filtering',
  run: async ({ quick }) => {
    checkDropped();
    const pushes = irrelevant.map((text) => pushOf(JSON.parse(text)));
    const bytes = irrelevant.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / irrelevant.length;
    const each =
      (one: (text: string) => unknown, texts = irrelevant) =>
      () => {
        for (const text of texts) one(text);
      };
    // Only a status patch can be dropped by its words.
    const patches = irrelevant.filter(dropsByWords);
    const ofPatches = (perSecond: number) => (perSecond / irrelevant.length) * patches.length;
    const rate = await rates(
      {
        ours: each(judge),
        parse: each((text) => JSON.parse(text)),
        scanPatches: each((text) => dropsByWords(text) ?? judge(text), patches),
        parsePatches: each((text) => JSON.parse(text), patches),
        envelope: () => {
          for (const push of pushes) readPushEnvelope(push);
        },
      },
      quick ? 3 : 15,
    );
    const calls = await callsWhileDropping(pushes);
    const bars = [
      { what: 'parsed and judged', value: rate.ours, isOurs: true },
      { what: 'JSON.parse alone', value: rate.parse, isOurs: false },
      { what: 'envelope and base64 alone', value: rate.envelope, isOurs: false },
    ];
    const against = { what: '`JSON.parse` alone', value: rate.parse };
    const unit = 'entries a second';
    return {
      figures: [
        {
          name: 'irrelevant entries, parsed and judged',
          unit,
          ours: { what: 'deployed', value: rate.ours },
          against,
          ratio: 'ours/against',
          bars: [{ of: 'ratio', atLeast: 0.7 }],
        },
        {
          name: 'status patches, with a scan for words first',
          unit,
          ours: { what: 'an experiment', value: ofPatches(rate.scanPatches) },
          against: { ...against, value: ofPatches(rate.parsePatches) },
          ratio: 'ours/against',
        },
        { name: 'envelope and base64, apart', unit, ours: { what: 'deployed', value: rate.envelope } },
        {
          name: 'API calls for all of them',
          unit: 'calls',
          ours: { what: 'deployed', value: calls },
          bars: [{ of: 'ours', atMost: 0 }],
        },
      ],
      charts: [
        { name: '', title: 'Irrelevant audit entries, one core', unit, groups: [{ label: '', bars }] },
      ],
      notes: [`The entries have ${number(bytes)} bytes in the mean.`, money()],
    };
  },
};

export default bench;
