import type { Interval } from '../persistent-ip/history.ts';
import type { Range } from '../persistent-ip/history-range.ts';
import { type Html, html } from './html.ts';

const width = 1_000;
const height = 60;
const axis = 16;

/** A bar of the range: who held the address when; what nobody held is empty, what is not certain is hatched. */
export const timeline = (intervals: readonly Interval[], { from, to }: Range): Html => {
  const x = (time: number): number =>
    Math.round((width * (Math.min(Math.max(time, from), to) - from)) / Math.max(1, to - from));
  const bars = intervals.map((interval) => {
    const left = x(interval.from === null ? from : Date.parse(interval.from));
    const right = x(interval.to === null ? to : Date.parse(interval.to));
    if (interval.holder === null || right <= left) return '';
    const pattern = interval.certain ? 'var(--used)' : 'url(#unsure)';
    return html`<rect x="${left}" y="0" width="${right - left}" height="${height - axis}" fill="${pattern}" stroke="var(--ground)"><title>${interval.holder.pod}</title></rect>`;
  });
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Who held the address, from ${timeText(from)} to ${timeText(to)}; the table says it in words">
<defs><pattern id="unsure" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="var(--free)"/><path d="M0 8L8 0" stroke="var(--used)" stroke-width="2"/></pattern></defs>
<rect width="${width}" height="${height - axis}" fill="var(--raised)"/>${bars}
<text x="0" y="${height - 2}">${timeText(from)}</text><text x="${width}" y="${height - 2}" text-anchor="end">${timeText(to)}</text>
</svg>`;
};

/** To the second, UTC. */
export const timeText = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
