import type { Calls } from '../persistent-ip/compute-call.ts';
import { type Html, html } from './html.ts';

/**
 * The calls to Compute Engine, in their order; those of one stage are made side by side.
 * @param id of the table's caption, its own on the page
 * @param whose where the page has several: ` for GKEIPRoute edge/nat`
 */
export const callsPart = (calls: Calls, id: string, whose = ''): Html =>
  calls.length === 0
    ? html`<p>No call to Compute Engine.</p>`
    : html`<section class="scroll" aria-labelledby="${id}" tabindex="0"><table>
<caption id="${id}">Calls to Compute Engine${whose}</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">Call</th><th scope="col">On</th><th scope="col">What</th></tr></thead>
<tbody>${calls.map((stage, at) =>
        stage.map(
          ({ call, on, what }) => html`<tr><td>${at + 1}</td><th scope="row" class="name">${call}</th>
<td class="name">${on}</td><td class="name">${what}</td></tr>`,
        ),
      )}</tbody>
</table></section>`;
