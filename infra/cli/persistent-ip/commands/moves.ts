import * as v from 'valibot';
import { CommandFailure } from '../failure.ts';
import { type Cell, none, print, tableOf } from '../output.ts';
import { read } from '../reader.ts';
import type { Session } from '../session.ts';
import type { GetOptions } from './get.ts';

export interface MovesOptions {
  /** Milliseconds before now. */
  readonly since?: number;
}

const counts = {
  moves: v.number(),
  allocations: v.number(),
  releases: v.number(),
  foundBySweep: v.number(),
  medianMs: v.nullable(v.number()),
  worstMs: v.nullable(v.number()),
};

const Report = v.looseObject({
  from: v.string(),
  complete: v.boolean(),
  ...counts,
  worst: v.nullable(
    v.looseObject({
      at: v.string(),
      latencyMs: v.number(),
      route: v.looseObject({ namespace: v.string(), name: v.string() }),
    }),
  ),
  hours: v.array(v.looseObject({ hour: v.string(), ...counts })),
});

type Counts = Pick<v.InferOutput<typeof Report>, keyof typeof counts>;

/** `get moves`: how often holders changed, by hour, and how long that took; by the audit log. */
export const moves = async (
  session: Session,
  { name, free, pod, since }: MovesOptions & GetOptions & { readonly name: string | undefined },
): Promise<void> => {
  if (name !== undefined || free === true || pod !== undefined)
    throw new CommandFailure(
      'usage',
      'moves are counted by -n NAMESPACE and --cluster NAME, and by nothing else',
    );
  const { around, options: common } = session;
  const { cluster, namespace } = common;
  const query = new URLSearchParams({
    ...(since === undefined ? {} : { since: `${since / 60_000}m` }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  const answer = await read(session.ask(), { method: 'GET', url: `/v1/moves?${query}` });
  const report = v.parse(Report, answer);
  const { hours, complete, from, worst } = report;
  print(around, common.output, answer, () =>
    tableOf(
      around,
      ['HOUR', 'MOVES', 'ALLOCATIONS', 'RELEASES', 'MEDIAN', 'WORST', 'BY SWEEP'],
      [...hours.map((of) => rowOf(of.hour, of)), rowOf('all', report)],
    ),
  );
  if (worst !== null)
    around.err(
      `note: the longest, ${worst.latencyMs} ms, was ${worst.route.namespace}/${worst.route.name} at ${worst.at}\n`,
    );
  if (!complete) around.err(`note: there were too many to count them all: these are those since ${from}\n`);
};

const ms = (time: number | null): Cell => (time === null ? none : `${time} ms`);
const some = (count: number): Cell => (count === 0 ? none : String(count));

const rowOf = (name: string, of: Counts): readonly Cell[] => [
  name,
  some(of.moves),
  some(of.allocations),
  some(of.releases),
  ms(of.medianMs),
  ms(of.worstMs),
  some(of.foundBySweep),
];
