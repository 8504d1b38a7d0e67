import type { PodExplained } from '../persistent-ip/explain.ts';
import { type Html, html } from './html.ts';

/**
 * Every Pod that the selector selects, and why it is or is not chosen.
 * @param of the id of the heading that says whose Pods they are
 */
export const podsPart = (pods: readonly PodExplained[], of: string): Html =>
  pods.length === 0
    ? html`<p>No Pod has the labels that the selector asks for.</p>`
    : html`<section class="scroll" aria-labelledby="${of}" tabindex="0"><table>
<caption>Pods, in the order in which the rules prefer them</caption>
<thead><tr><th scope="col">Pod</th><th scope="col">Node</th><th scope="col">Chosen</th><th scope="col">Why</th></tr></thead>
<tbody>${pods.map(
        ({
          pod,
          node,
          chosen,
          why,
        }) => html`<tr><th scope="row" class="name">${pod}</th><td class="name">${node ?? ''}</td>
<td>${chosen ? html`<span class="state good">yes</span>` : 'no'}</td><td>${why}</td></tr>`,
      )}</tbody>
</table></section>`;
