import type { Interval } from '../persistent-ip/history.ts';
import type { Range } from '../persistent-ip/history-range.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { timeline, timeText } from './timeline.ts';
import { routeUrl } from './urls.ts';

/** Intervals that one page lists, the newest. */
const mostIntervals = 500;

const when = (time: string | null, absent: string): string =>
  time === null ? absent : timeText(Date.parse(time));

const row = ({ from, to, holder, began, certain, doubts }: Interval): Html => html`<tr>
  <th scope="row">${when(from, 'before the log begins')}</th>
  <td>${when(to, 'now')}</td>
  <td class="name">${holder === null ? html`<span class="soft">nobody</span>` : html`${holder.pod} on ${holder.node}`}</td>
  <td class="name">${holder && html`<a href="${routeUrl({ cluster: holder.cluster, ...holder.route })}">${holder.route.namespace}/${holder.route.name}</a>`}</td>
  <td class="name">${began?.cause?.method ?? ''}</td>
  <td>${began?.latencyMs === null || began === null ? '' : `${began.latencyMs} ms`}</td>
  <td>${certain ? 'yes' : html`no${doubts.map(({ message }) => html`<p class="soft">${message}</p>`)}`}</td>
</tr>`;

/** Who held an address in a range, as a picture and in words, the newest first. */
export const addressPage = (address: string, intervals: readonly Interval[], range: Range): Html => {
  const shown = intervals.slice(-mostIntervals).reverse();
  return layout(
    `${address} – Persistent IP addresses`,
    html`<h2 id="address">Address ${address}</h2>
<p>${timeline(intervals, range)}</p>
<section class="scroll" aria-labelledby="address" tabindex="0"><table>
<caption>${shown.length} of ${intervals.length} intervals, the newest first</caption>
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Pod</th><th scope="col">Route</th><th scope="col">Cause</th><th scope="col">Latency</th><th scope="col">Certain</th></tr></thead>
<tbody>${shown.map(row)}</tbody>
</table></section>
<p>Another range: <code>/addresses/${address}?from=2026-11-25T00:00:00Z&amp;to=2026-11-26T00:00:00Z</code></p>`,
  );
};
