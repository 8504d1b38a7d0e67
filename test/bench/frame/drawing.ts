import type { Chart } from './figure.ts';
import { number } from './table.ts';

/** Pixels. */
const layout = {
  bars: 440,
  letter: 6.6,
  right: 170,
  top: 40,
  bar: 18,
  gap: 4,
  between: 14,
  bottom: 14,
} as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.ours { fill: #1a7f37 } .other { fill: #8c959f }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #3fb950 } .other { fill: #6e7681 } }`;

/**
 * Horizontal bars on one linear axis that begins at zero, each with its value: a bar twice as long is twice as much. Ours
 * are green. Readable on light and on dark ground.
 */
export const draw = ({ title, unit, groups }: Chart): string => {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)), Number.MIN_VALUE);
  const scale = layout.bars / most;
  const left =
    16 +
    Math.ceil(layout.letter * Math.max(...groups.flatMap(({ bars }) => bars.map(({ what }) => what.length))));
  const width = left + layout.bars + layout.right;
  const parts: string[] = [];
  let y: number = layout.top;
  for (const { label, bars } of groups) {
    if (label !== '') {
      parts.push(`<text x="8" y="${y + 12}" font-weight="600">${escaped(label)}</text>`);
      y += layout.bar;
    }
    for (const { what, value, isOurs } of bars) {
      const length = Math.max(1, Math.round(value * scale));
      parts.push(
        `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escaped(what)}</text>`,
        `<rect class="${isOurs ? 'ours' : 'other'}" x="${left}" y="${y}" width="${length}" height="${layout.bar}"/>`,
        `<text x="${left + length + 6}" y="${y + 13}">${number(value)} ${escaped(unit)}</text>`,
      );
      y += layout.bar + layout.gap;
    }
    y += layout.between;
  }
  const height = y + layout.bottom - layout.between;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<text class="title" x="8" y="22">${escaped(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
};
