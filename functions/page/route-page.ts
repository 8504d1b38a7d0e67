import type { Explanation } from '../persistent-ip/explain.ts';
import { callsPart } from './calls-part.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { podsPart } from './pods-part.ts';

/** One route, explained: every Pod with why it is or is not chosen, every condition with what to do, what comes next. */
export const routePage = (
  {
    cluster,
    namespace,
    name,
  }: { readonly cluster: string; readonly namespace: string; readonly name: string },
  { verdict, why, holder, pods, conditions, calls }: Explanation,
): Html => {
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
<h2>Pods that the selector selects</h2>
${podsPart(pods, 'pods')}
<h2>What would be done now</h2>
${callsPart(calls, 'calls')}`,
  );
};
