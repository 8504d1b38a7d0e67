import type { Explanation } from '../persistent-ip/explain.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';

/** One route, explained: every Pod with why it is or is not chosen, every condition with what to do, what comes next. */
export const routePage = (
  {
    cluster,
    namespace,
    name,
  }: { readonly cluster: string; readonly namespace: string; readonly name: string },
  { verdict, why, holder, pods, conditions, stages }: Explanation,
): Html => {
  const steps = stages.flat();
  return layout(
    `${namespace}/${name} – Persistent IP addresses`,
    html`<h2 id="route">Route ${namespace}/${name} in cluster ${cluster}</h2>
<p>${holder === null ? 'Nobody holds its addresses.' : html`Pod <b>${holder.pod}</b> on ${holder.node} holds its addresses.`}
${verdict === 'leave' && html`It is left alone: ${why ?? ''}`}</p>
<section class="scroll" aria-labelledby="route" tabindex="0"><table>
<caption>Conditions, as they would be written now</caption>
<thead><tr><th scope="col">Condition</th><th scope="col">Status</th><th scope="col">Reason</th><th scope="col">What to do</th></tr></thead>
<tbody>${conditions.map(
      ({ type, status, reason, message, whatToDo }) => html`<tr><th scope="row">${type}</th>
<td><span class="state ${status === 'True' ? 'good' : 'bad'}">${status}</span></td><td>${reason}</td>
<td>${message && html`<p>${message}</p>`}${status !== 'True' && whatToDo && html`<p><b>${whatToDo}</b></p>`}</td></tr>`,
    )}</tbody>
</table></section>
<h2 id="pods">Pods that the selector selects</h2>
${
  pods.length === 0
    ? html`<p>No Pod has the labels that the selector asks for.</p>`
    : html`<section class="scroll" aria-labelledby="pods" tabindex="0"><table>
<thead><tr><th scope="col">Pod</th><th scope="col">Node</th><th scope="col">Chosen</th><th scope="col">Why</th></tr></thead>
<tbody>${pods.map(
        ({
          pod,
          node,
          chosen,
          why: because,
        }) => html`<tr><th scope="row" class="name">${pod}</th><td class="name">${node ?? ''}</td>
<td>${chosen ? html`<span class="state good">yes</span>` : 'no'}</td><td>${because}</td></tr>`,
      )}</tbody>
</table></section>`
}
<h2>Next</h2>
${
  steps.length === 0
    ? html`<p>Nothing is to be done at Google Cloud.</p>`
    : html`<ol class="steps">${steps.map((step) => html`<li>${step.do}</li>`)}</ol>`
}`,
  );
};
