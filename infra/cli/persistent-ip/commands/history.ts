import * as v from 'valibot';
import { CommandFailure } from '../failure.ts';
import { type Cell, none, print, tableOf } from '../output.ts';
import { read } from '../reader.ts';
import type { Session } from '../session.ts';

export interface HistoryOptions {
  /** RFC 3339. */
  readonly at?: string;
  /** Milliseconds before now. */
  readonly since?: number;
  readonly from?: string;
  readonly to?: string;
}

const History = v.looseObject({
  intervals: v.array(
    v.looseObject({
      from: v.nullable(v.string()),
      to: v.nullable(v.string()),
      holder: v.nullable(
        v.looseObject({
          pod: v.string(),
          uid: v.string(),
          node: v.string(),
          zone: v.string(),
          cluster: v.looseObject({ name: v.string() }),
          route: v.looseObject({ namespace: v.string(), name: v.string() }),
        }),
      ),
      began: v.nullable(
        v.looseObject({
          action: v.string(),
          latencyMs: v.nullable(v.number()),
          cause: v.nullable(v.looseObject({ method: v.string(), principal: v.string() })),
        }),
      ),
      certain: v.boolean(),
      doubts: v.array(v.looseObject({ message: v.string() })),
    }),
  ),
});

type Interval = v.InferOutput<typeof History>['intervals'][number];

/** `history IP`: who held an address, by the audit log. */
export const history = async (session: Session, ip: string, options: HistoryOptions): Promise<void> => {
  const { around, options: common } = session;
  // A minute, for clocks that differ. What is no time at all is the inventory's to refuse.
  if (options.at !== undefined && Date.parse(options.at) > around.now().getTime() + 60_000)
    throw new CommandFailure('usage', `--at ${options.at} is in the future`, 'the log tells of what was');
  const answer = await read(session.ask(), {
    method: 'GET',
    url: `/v1/addresses/${encodeURIComponent(ip)}/history?${queryOf(options, around.now())}`,
  });
  const { intervals } = v.parse(History, answer);
  print(around, common.output, answer, () =>
    tableOf(
      around,
      ['FROM', 'TO', 'POD', 'NODE', 'ROUTE', 'CLUSTER', 'CAUSE', 'LATENCY', 'CERTAIN'],
      intervals.map(rowOf),
    ),
  );
  for (const message of new Set(intervals.flatMap(({ doubts }) => doubts.map((doubt) => doubt.message))))
    around.err(`note: ${message}\n`);
};

const queryOf = ({ at, since, from, to }: HistoryOptions, now: Date): URLSearchParams => {
  const ways = [at, since, from ?? to].filter((way) => way !== undefined);
  if (ways.length > 1) throw new CommandFailure('usage', 'give one of --at, --since, and --from with --to');
  const begin = since === undefined ? from : new Date(now.getTime() - since).toISOString();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ at, from: begin, to }))
    if (value !== undefined) query.set(name, value);
  return query;
};

const rowOf = ({ from, to, holder, began, certain }: Interval): readonly Cell[] => [
  from ?? none,
  to ?? none,
  holder?.pod ?? { text: 'nobody', colour: 'dim' },
  holder === null ? none : `${holder.node} (${holder.zone})`,
  holder === null ? none : `${holder.route.namespace}/${holder.route.name}`,
  holder?.cluster.name ?? none,
  began?.cause?.method ?? began?.action ?? none,
  began?.latencyMs == null ? none : `${began.latencyMs} ms`,
  certain ? { text: 'yes', colour: 'green' } : { text: 'no', colour: 'yellow' },
];
