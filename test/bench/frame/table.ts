import { type Bar, brokenBars, type Figure, type Result, ratioOf } from './figure.ts';

/** Three figures that count, and no more digits than that; whole numbers from a hundred on. */
export const number = (value: number): string => {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
};

const sideText = (value: number, unit: string): string => `${number(value)} ${unit}`;

const barText = (bar: Bar, unit: string): string => {
  const [word, value] = 'atLeast' in bar ? ['at least', bar.atLeast] : ['at most', bar.atMost];
  return bar.of === 'ratio' ? `${word} ${number(value)} times` : `${word} ${sideText(value, unit)}`;
};

const verdict = (figure: Figure): string => {
  const { bars = [] } = figure;
  if (bars.length === 0) return '';
  const broken = brokenBars(figure);
  const all = bars.map((bar) => barText(bar, figure.unit)).join(', ');
  return broken.length === 0 ? `${all}: holds` : `${all}: **does not hold**`;
};

const ratioText = (figure: Figure): string => {
  const ratio = ratioOf(figure);
  return ratio === undefined ? '' : `${number(ratio)} times`;
};

const cells = (figure: Figure): readonly string[] => {
  const { name, unit, ours, against } = figure;
  const other = against === undefined ? '' : `${sideText(against.value, unit)} (${against.what})`;
  return [name, `${sideText(ours.value, unit)} (${ours.what})`, other, ratioText(figure), verdict(figure)];
};

const head = ['figure', 'ours', 'against', 'ratio', 'bar'];

/** The figures as a table of Markdown, and the notes. */
export const resultText = ({ figures, notes = [] }: Result): string => {
  const row = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
  const table = [row(head), row(head.map(() => '---')), ...figures.map((figure) => row(cells(figure)))];
  return [table.join('\n'), ...notes].join('\n\n');
};
