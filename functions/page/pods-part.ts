import type { PodExplained } from '../persistent-ip/explain.ts';
import { type Html, html } from './html.ts';

/** Pods that one table shows: the first in the order of the rules. */
const mostPods = 200;

/**
 * The Pods that the selector selects, and why each is or is not chosen.
 * @param id of the table's caption, its own on the page
 * @param whose where the page has several: ` for GKEIPRoute edge/nat`
 */
export const podsPart = (pods: readonly PodExplained[], id: string, whose = ''): Html =>
  pods.length === 0
    ? html`<p>No Pod has the labels that the selector asks for.</p>`
    : html`<section class="scroll" aria-labelledby="${id}" tabindex="0"><table>
<caption id="${id}">Pods${whose}, in the order in which the rules prefer them${pods.length > mostPods && `: the first ${mostPods} of ${pods.length}`}</caption>
<thead><tr><th scope="col">Pod</th><th scope="col">Node</th><th scope="col">Chosen</th><th scope="col">Why</th></tr></thead>
<tbody>${pods.slice(0, mostPods).map(
        ({
          pod,
          node,
          chosen,
          why,
        }) => html`<tr><th scope="row" class="name">${pod}</th><td class="name">${node ?? ''}</td>
<td>${chosen ? html`<span class="state good">yes</span>` : 'no'}</td><td>${why}</td></tr>`,
      )}</tbody>
</table></section>`;
