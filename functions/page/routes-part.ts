import { blocking } from '../persistent-ip/conditions.ts';
import type { RouteView } from '../persistent-ip/inventory.ts';
import { type Html, html } from './html.ts';
import { addressUrl, routeUrl } from './urls.ts';

/** Routes of one page. */
export const mostRoutes = 100;

/** What is wrong comes first, then the order of names. */
export const wrongFirst = (routes: readonly RouteView[]): readonly RouteView[] => [
  ...routes.filter(({ ready }) => !ready),
  ...routes.filter(({ ready }) => ready),
];

export const stateOf = ({ ready, conditions }: RouteView): Html => {
  if (ready) return html`<span class="state good">Ready</span>`;
  const why =
    blocking(conditions) ?? conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
  return html`<span class="state bad">Not ready</span>
    ${why === undefined ? html`<p class="soft">Nobody has looked at it yet.</p>` : html`<p><b>${why.type}: ${why.reason}</b></p><p>${why.message}</p>`}`;
};

export const addressLinks = (addresses: readonly string[]): Html =>
  html`${addresses.map(
    (cidr, index) =>
      html`${index === 0 ? '' : ', '}<a href="${addressUrl(cidr)}">${cidr.replace(/\/32$/, '')}</a>`,
  )}`;

const row = (route: RouteView, clusters: boolean): Html => html`<tr>
  ${clusters && html`<td class="name">${route.cluster.name}</td>`}
  <th scope="row" class="name"><a href="${routeUrl(route)}">${route.namespace}/${route.name}</a></th>
  <td class="name">${addressLinks(route.addresses)}</td>
  <td class="name">${route.pod ?? html`<span class="soft">nobody</span>`}</td>
  <td>${stateOf(route)}</td>
</tr>`;

/** A table of routes; `total` of them there are behind the filter. */
export const routesPart = (routes: readonly RouteView[], total: number, clusters: boolean): Html => html`
<h2 id="routes">Routes</h2>
${
  routes.length === 0
    ? html`<p>No route is here${total === 0 ? '' : ' on this page'}.</p>`
    : html`<section class="scroll" aria-labelledby="routes" tabindex="0"><table>
<caption>${routes.length} of ${total}, what is wrong first</caption>
<thead><tr>${clusters && html`<th scope="col">Cluster</th>`}<th scope="col">Route</th><th scope="col">Addresses</th><th scope="col">Pod</th><th scope="col">State</th></tr></thead>
<tbody>${routes.map((route) => row(route, clusters))}</tbody>
</table></section>`
}`;
