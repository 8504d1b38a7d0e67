import type { Refused } from '../answer.ts';
import type { MovesOfHour, MovesReport } from '../persistent-ip/moves.ts';
import { type Html, html } from './html.ts';
import { routeUrl } from './urls.ts';

const height = 80;
const axis = 16;
/** Of one hour. */
const width = 40;

/** Only what took longer than a second is told in seconds. */
const durationText = (ms: number | null): string =>
  ms === null ? '–' : ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;

const clock = (hour: string): string => `${hour.slice(11, 16)} UTC`;

const changesOf = ({ moves, allocations }: MovesOfHour): number => moves + allocations;

/** A bar for each hour; the table beside it says the same in words. */
const chart = (hours: readonly MovesOfHour[]): Html => {
  const most = Math.max(1, ...hours.map(changesOf));
  const all = hours.length * width;
  const room = height - axis;
  const bars = hours.map((of, index) => {
    const size = Math.round((room * changesOf(of)) / most);
    return size === 0
      ? ''
      : html`<rect x="${index * width + 4}" y="${room - size}" width="${width - 8}" height="${size}" fill="var(--used)"><title>${clock(of.hour)}: ${changesOf(of)}</title></rect>`;
  });
  return html`<svg width="${all}" height="${height}" viewBox="0 0 ${all} ${height}" role="img" aria-label="Moves by hour, ${most} at most; the table says it in words">
<rect width="${all}" height="${room}" fill="var(--raised)"/>${bars}
<text x="0" y="${height - 2}">${clock(hours[0]?.hour ?? '')}</text><text x="${all}" y="${height - 2}" text-anchor="end">${clock(hours.at(-1)?.hour ?? '')}</text>
</svg>`;
};

const row = (of: MovesOfHour): Html => html`<tr>
  <th scope="row">${clock(of.hour)}</th><td>${of.moves}</td><td>${of.allocations}</td><td>${of.releases}</td>
  <td>${durationText(of.medianMs)}</td><td>${durationText(of.worstMs)}</td><td>${of.foundBySweep}</td>
</tr>`;

const summary = ({ moves, allocations, releases, medianMs, worstMs, worst, foundBySweep }: MovesReport) =>
  html`<p>${moves} from one Pod to another, ${allocations} from nobody to a Pod, ${releases} to nobody.
${
  worst &&
  html`From the event to the decision: ${durationText(medianMs)} in the median, ${durationText(worstMs)} at worst
(<a href="${routeUrl({ cluster: worst.cluster, ...worst.route })}">${worst.route.namespace}/${worst.route.name}</a>, ${clock(worst.at)}).`
}
${foundBySweep > 0 && html`A sweep found ${foundBySweep} of them, whose latency nobody knows.`}</p>`;

/** How the last day went; `undefined`: the log is being read. */
export const movesPart = (found: MovesReport | Refused | undefined): Html => html`
<h2 id="moves">Moves of the last 24 hours</h2>
${found === undefined ? html`<p>The audit log is being read: look again in a few seconds.</p>` : 'refused' in found ? html`<p class="notice">They cannot be counted: ${found.refused.message}</p>` : counts(found)}`;

const counts = (report: MovesReport): Html => html`${summary(report)}
${!report.complete && html`<p class="notice">There were too many to count them all: these are those since ${report.from.slice(0, 19).replace('T', ' ')} UTC.</p>`}
${
  report.moves + report.allocations + report.releases > 0 &&
  html`<p>${chart(report.hours)}</p>
<details id="moves-by-hour"><summary>Moves by hour, as a table</summary>
<section class="scroll" aria-labelledby="moves" tabindex="0"><table>
<thead><tr><th scope="col">Hour</th><th scope="col">Moves</th><th scope="col">Allocations</th><th scope="col">Releases</th><th scope="col">Median</th><th scope="col">Worst</th><th scope="col">Found by a sweep</th></tr></thead>
<tbody>${report.hours.map(row)}</tbody>
</table></section></details>`
}`;
