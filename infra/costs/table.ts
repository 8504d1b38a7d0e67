import { type Load, loads, monthOf } from './model.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const dollars = (value: number): string => `$${value < 100 ? value.toFixed(2) : whole(value)}`;
const total = ({ pubsub, functions, logs }: ReturnType<typeof monthOf>['dollars']): number =>
  pubsub + functions + logs;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const rowOf = (load: Load): string => {
  const month = monthOf(load);
  const blunt = monthOf(load, { fine: false });
  return row([
    load.name,
    `${whole(load.nodes)} nodes, ${whole(load.podsADay)} Pods a day, ${whole(load.routes)} routes, ${whole(load.movesADay)} moves a day`,
    `${(month.entries / 1e6).toFixed(2)} M, ${month.sinkGiB.toFixed(1)} GiB`,
    dollars(month.dollars.pubsub),
    dollars(month.dollars.functions),
    dollars(month.dollars.logs),
    dollars(month.afterFree),
    dollars(total(blunt.dollars) - total(month.dollars)),
  ]);
};

const head = [
  'cluster',
  'what happens',
  'entries and bytes that the sink lets through, a month',
  'Pub/Sub',
  'functions',
  'logs',
  'sum after the free amounts',
  'what judging each entry saves',
];

/** The table of infra/README.md, in Markdown. */
export const costTable = (): string =>
  [row(head), row(head.map(() => '---')), ...loads.map(rowOf)].join('\n');

export const markers = { begin: '<!-- costs: npm run costs -->', end: '<!-- /costs -->' } as const;

/** The text with the table between its markers brought up to date. @throws Error when a marker is missing */
export const withCosts = (text: string): string => {
  const [before, rest] = text.split(markers.begin);
  const after = rest?.split(markers.end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the text has no ${markers.begin} … ${markers.end}`);
  return `${before}${markers.begin}\n\n${costTable()}\n\n${markers.end}${after}`;
};
