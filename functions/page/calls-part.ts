import type { Calls } from '../persistent-ip/compute-call.ts';
import { type Html, html } from './html.ts';

/**
 * The calls to Compute Engine, in their order; those of one stage are made side by side.
 * @param of the id of the heading that says whose calls they are
 */
export const callsPart = (calls: Calls, of: string): Html =>
  calls.length === 0
    ? html`<p>No call to Compute Engine.</p>`
    : html`<section class="scroll" aria-labelledby="${of}" tabindex="0"><table>
<caption>Calls to Compute Engine</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">Call</th><th scope="col">On</th><th scope="col">What</th></tr></thead>
<tbody>${calls.map((stage, at) =>
        stage.map(
          ({ call, on, what }) => html`<tr><td>${at + 1}</td><th scope="row" class="name">${call}</th>
<td class="name">${on}</td><td class="name">${what}</td></tr>`,
        ),
      )}</tbody>
</table></section>`;
