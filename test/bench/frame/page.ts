import { type Conditions, conditionsText } from './conditions.ts';
import type { Result } from './figure.ts';
import { resultText } from './table.ts';

/** The part of the page that belongs to one bench: everything else is written by people. */
const marks = (name: string) => ({ begin: `<!-- bench: ${name} -->`, end: `<!-- /bench: ${name} -->` });

/** The file of a chart, beside the page. */
export const chartFile = (name: string, chart: string): string =>
  `performance/${chart === '' ? name : `${name}-${chart}`}.svg`;

/** What `npm run bench -- --write` puts between the marks. */
const section = (name: string, result: Result, conditions: Conditions): string => {
  const pictures = result.charts.map((chart) => `![${chart.title}](${chartFile(name, chart.name)})`);
  const made = `_${conditionsText(conditions)}; every number in [JSON](performance/${name}.json)._`;
  return [resultText(result), ...pictures, made].join('\n\n');
};

/** The page with one bench's part brought up to date. @throws Error when its marks are missing */
export const withResult = (page: string, name: string, result: Result, conditions: Conditions): string => {
  const { begin, end } = marks(name);
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${section(name, result, conditions)}\n\n${page.slice(to)}`;
};
