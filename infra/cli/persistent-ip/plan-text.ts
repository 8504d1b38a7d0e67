import { changeWords, outcomeWords } from '../../../functions/persistent-ip/plan-words.ts';
import { callsText } from './calls-text.ts';
import { type Cell, type Colour, none, tableOf, written } from './output.ts';
import type { Surroundings } from './surroundings.ts';
import type { PlannedView, PlanView } from './views.ts';

type Terminal = Pick<Surroundings, 'colours'>;

const colours: Readonly<Record<PlannedView['outcome'], Colour>> = {
  served: 'green',
  waits: 'yellow',
  refused: 'red',
  left: 'dim',
};

/** A plan for people: what is wrong first, then each object, then what happens to others. */
export const planText = (around: Terminal, plan: PlanView): string => {
  const line = (...cells: readonly Cell[]): string =>
    `${cells.map((cell) => written(around, cell)).join('')}\n`;
  const parts = [
    ...plan.rejected.map((one) =>
      [
        line(
          `${one.kind} ${one.namespace}/${one.name} `,
          { text: 'would be rejected by the API server', colour: 'red' },
          one.document === 0 ? '' : ` (document ${one.document})`,
        ),
        ...one.problems.map(({ field, problem }) => line(`  ${field === '' ? '' : `${field} `}${problem}`)),
      ].join(''),
    ),
    ...plan.gateways.map((one) => ofObject(around, 'Gateway', one) + ofPool(around, one)),
    ...plan.routes.map((one) => ofObject(around, 'GKEIPRoute', one, ofRoute(around, one))),
    ...ofOthers(around, plan),
    plan.notLookedAt.length === 0
      ? ''
      : line(`Not looked at: ${plan.notLookedAt.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`),
    plan.notChecked.map((what) => line({ text: `Not checked: ${what}`, colour: 'dim' })).join(''),
    line({ text: 'Nothing was written.', colour: 'dim' }),
  ];
  return parts.filter((part) => part !== '').join('\n');
};

const ofObject = (around: Terminal, kind: string, one: PlannedView, more = ''): string => {
  const line = (...cells: readonly Cell[]): string =>
    `${cells.map((cell) => written(around, cell)).join('')}\n`;
  const unwell = one.conditions.find(({ status }) => status !== 'True');
  return [
    line(`${kind} ${one.namespace}/${one.name} ${changeWords[one.change]}, and `, {
      text: outcomeWords[one.outcome],
      colour: colours[one.outcome],
    }),
    line(`  ${one.because}`),
    line(`  ${one.next}`),
    one.outcome === 'served' || unwell === undefined
      ? ''
      : line(`  What to do (${unwell.type}: ${unwell.reason}): ${unwell.whatToDo ?? unwell.message}`),
    more,
    '\n',
    callsText(around, one.calls),
  ].join('');
};

const ofRoute = (around: Terminal, { pods }: PlanView['routes'][number]): string =>
  pods.length === 0
    ? ''
    : `\n${tableOf(
        around,
        ['CHOSEN', 'POD', 'NODE', 'WHY'],
        pods.map(({ chosen, pod, node, why }) => [
          chosen ? { text: 'yes', colour: 'green' as const } : 'no',
          pod,
          node ?? none,
          why,
        ]),
      )}`;

type Pool = PlanView['others']['gateways'][number];

const ofPool = (around: Terminal, { pool }: Pick<Pool, 'pool'>): string =>
  pool.length === 0
    ? ''
    : `\n${tableOf(
        around,
        ['ADDRESS', 'POOL', 'ROUTE NOW', 'ROUTE THEN'],
        pool.map(({ address, change, route, wouldBe }) => [
          address,
          change === 'kept' ? change : { text: change, colour: change === 'added' ? 'green' : 'red' },
          route ?? none,
          wouldBe ?? none,
        ]),
      )}`;

const ofOthers = (around: Terminal, { others }: PlanView): readonly string[] => {
  const line = (text: string): string => `${written(around, text)}\n`;
  return [
    ...others.gateways.map(
      (one) =>
        line(`What it does to Gateway ${one.namespace}/${one.name}:`) +
        attached(around, one) +
        ofPool(around, one),
    ),
    ...others.routes.map((one) =>
      [
        line(`What it does to GKEIPRoute ${one.namespace}/${one.name}:`),
        line(`  now ${one.now.outcome}: ${one.now.because}`),
        one.wouldBe.outcome === one.now.outcome && one.wouldBe.because === one.now.because
          ? ''
          : line(`  then ${one.wouldBe.outcome}: ${one.wouldBe.because}`),
        one.next === '' ? '' : line(`  ${one.next}`),
        one.calls.length === 0 ? '' : `\n${callsText(around, one.calls)}`,
      ].join(''),
    ),
    others.notLookedAt.length === 0
      ? ''
      : line(`Too many to look at, and perhaps concerned: ${others.notLookedAt.join(', ')}`),
  ];
};

const attached = (around: Terminal, { listeners }: Pick<Pool, 'listeners'>): string =>
  listeners
    .filter(({ attachedRoutes, wouldBe }) => attachedRoutes !== wouldBe)
    .map(
      ({ name, attachedRoutes, wouldBe }) =>
        `${written(around, `  routes of listener ${name}: ${attachedRoutes} now, ${wouldBe} then`)}\n`,
    )
    .join('');
