import type {
  OtherGateway,
  OtherRoute,
  PlannedGateway,
  PlannedRoute,
  PoolChange,
} from '../persistent-ip/plan.ts';
import { changeWords, outcomeWords, wrongWith } from '../persistent-ip/plan-words.ts';
import type { Plan } from '../plan.ts';
import { callsPart } from './calls-part.ts';
import { type Html, html } from './html.ts';
import { podsPart } from './pods-part.ts';

/** A plan: what is wrong first, then each object, then what happens to others, then what a plan cannot know. */
export const planPart = (plan: Plan): Html => html`${verdict(plan)}
${rejected(plan)}
${plan.gateways.map((one, at) => gateway(one, `gateway-${at}`))}
${plan.routes.map((one, at) => route(one, `route-${at}`))}
${plan.others.gateways.map((one, at) => otherGateway(one, `other-gateway-${at}`))}
${plan.others.routes.map((one, at) => otherRoute(one, `other-route-${at}`))}
${beyond(plan)}`;

const verdict = (plan: Plan): Html => {
  const wrong = wrongWith(plan);
  return wrong.length === 0
    ? html`<p class="notice fine" role="status"><b class="good">All of it would be served</b>, and every other route keeps what it has.</p>`
    : html`<div class="notice" role="status">${wrong.map((what) => html`<p><b class="bad">${what}</b></p>`)}</div>`;
};

const rejected = ({ rejected: all }: Plan): Html | undefined =>
  all.length === 0
    ? undefined
    : html`<h3>Would be rejected by the API server</h3>
<ul>${all.map(
        ({
          kind,
          namespace,
          name,
          document,
          problems,
        }) => html`<li>${kind} ${namespace}/${name} (document ${document})
<ul>${problems.map(({ field, problem }) => html`<li>${field && html`<code>${field}</code> `}${problem}</li>`)}</ul></li>`,
      )}</ul>`;

const gateway = (one: PlannedGateway, id: string): Html => {
  const whose = `Gateway ${one.namespace}/${one.name}`;
  return html`${planned(one, whose)}
${poolPart(one.pool, `${id}-pool`, whose)}
${callsPart(one.calls, `${id}-calls`, ` for ${whose}`)}`;
};

const route = (one: PlannedRoute, id: string): Html => {
  const whose = `GKEIPRoute ${one.namespace}/${one.name}`;
  return html`${planned(one, whose)}
${podsPart(one.pods, `${id}-pods`, ` for ${whose}`)}
${callsPart(one.calls, `${id}-calls`, ` for ${whose}`)}`;
};

const planned = (
  { change, outcome, because, next, conditions }: PlannedGateway | PlannedRoute,
  whose: string,
): Html => {
  const unwell =
    outcome === 'served' ? undefined : conditions.find((condition) => condition.status !== 'True');
  return html`<h3>${whose}</h3>
<p>It ${changeWords[change]}, and <b class="${outcome === 'served' ? 'good' : 'bad'}">${outcomeWords[outcome]}</b>: ${because}</p>
<p>${next}</p>
${unwell && html`<p><b>What to do</b> (${unwell.type}: ${unwell.reason}): ${unwell.whatToDo ?? unwell.message}</p>`}`;
};

const poolPart = (pool: readonly PoolChange[], id: string, whose: string): Html | undefined =>
  pool.length === 0
    ? undefined
    : html`<section class="scroll" aria-labelledby="${id}" tabindex="0"><table>
<caption id="${id}">Addresses of ${whose}</caption>
<thead><tr><th scope="col">Address</th><th scope="col">Pool</th><th scope="col">Route now</th><th scope="col">Route then</th></tr></thead>
<tbody>${pool.map(
        ({ address, change, route: now, wouldBe }) => html`<tr><th scope="row">${address}</th>
<td class="${change === 'removed' ? 'bad' : ''}">${change}</td><td class="name">${now ?? ''}</td><td class="name">${wouldBe ?? ''}</td></tr>`,
      )}</tbody>
</table></section>`;

const otherGateway = ({ namespace, name, pool, listeners }: OtherGateway, id: string): Html => {
  const whose = `Gateway ${namespace}/${name}`;
  return html`<h3>What it does to ${whose}</h3>
${listeners
  .filter(({ attachedRoutes, wouldBe }) => attachedRoutes !== wouldBe)
  .map(
    (listener) =>
      html`<p>Routes of listener ${listener.name}: ${listener.attachedRoutes} now, ${listener.wouldBe} then.</p>`,
  )}
${poolPart(pool, `${id}-pool`, whose)}`;
};

const otherRoute = ({ namespace, name, now, wouldBe, next, calls }: OtherRoute, id: string): Html => {
  const whose = `GKEIPRoute ${namespace}/${name}`;
  const differs = wouldBe.outcome !== now.outcome || wouldBe.because !== now.because;
  return html`<h3>What it does to ${whose}</h3>
<p>Now ${now.outcome}: ${now.because}</p>
${differs && html`<p>Then <b class="${wouldBe.outcome === 'served' ? 'good' : 'bad'}">${wouldBe.outcome}</b>: ${wouldBe.because}</p>`}
${next && html`<p>${next}</p>`}
${calls.length > 0 && callsPart(calls, `${id}-calls`, ` for ${whose}`)}`;
};

const beyond = ({ others, notLookedAt, notChecked }: Plan): Html => html`
<h3>What this plan does not know</h3>
<ul>${others.notLookedAt.length > 0 && html`<li>Too many to look at, and perhaps concerned: ${others.notLookedAt.join(', ')}</li>`}
${notLookedAt.length > 0 && html`<li>Not looked at: ${notLookedAt.map(({ kind, name }) => `${kind} ${name}`).join(', ')}</li>`}
${notChecked.map((what) => html`<li>Not checked: ${what}</li>`)}</ul>`;
