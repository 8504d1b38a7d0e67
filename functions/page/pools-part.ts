import type { PoolAddressView, PoolView } from '../persistent-ip/inventory.ts';
import { type Html, html } from './html.ts';
import { addressUrl } from './urls.ts';

/** Used: a Pod holds it. Reserved: a route claims it and no Pod holds it now. Free: nobody's. */
export type Use = 'used' | 'reserved' | 'free';

export const useOf = ({ route, pod }: PoolAddressView): Use =>
  pod !== null ? 'used' : route !== null ? 'reserved' : 'free';

export const countUses = (addresses: readonly PoolAddressView[]): Readonly<Record<Use, number>> => {
  const counts = { used: 0, reserved: 0, free: 0 };
  for (const address of addresses) counts[useOf(address)] += 1;
  return counts;
};

/** Widths in percent, as a picture of the numbers beside it. */
const bar = ({ used, reserved, free }: Readonly<Record<Use, number>>): Html => {
  const share = (count: number): string => ((100 * count) / Math.max(1, used + reserved + free)).toFixed(1);
  return html`<svg width="160" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
<rect width="100" height="10" fill="var(--free)"/><rect width="${share(used + reserved)}" height="10" fill="var(--kept)"/><rect width="${share(used)}" height="10" fill="var(--used)"/>
</svg>`;
};

const addressRow = (address: PoolAddressView): Html => html`<tr>
  <th scope="row"><a href="${addressUrl(address.address)}">${address.address}</a></th>
  <td>${useOf(address)}</td>
  <td class="name">${address.route ?? ''}</td>
  <td class="name">${address.pod ?? ''}</td>
</tr>`;

/** Addresses that a pool's list shows. */
const mostAddresses = 256;

const poolRow = (pool: PoolView, index: number, clusters: boolean): Html => {
  const counts = countUses(pool.addresses);
  const wrong = pool.conditions.find(({ status }) => status === 'False');
  const shown = pool.addresses.slice(0, mostAddresses);
  return html`<tr>
  ${clusters && html`<td class="name">${pool.cluster.name}</td>`}
  <th scope="row" class="name">${pool.namespace}/${pool.name}</th>
  <td class="name">${pool.class}</td>
  <td>${bar(counts)} ${counts.used} used, ${counts.reserved} reserved, ${counts.free} free
    ${wrong && html`<p><b class="bad">${wrong.type}: ${wrong.reason}</b></p><p>${wrong.message}</p>`}
    ${
      shown.length > 0 &&
      html`<details id="pool-${index}"><summary>Addresses of ${pool.namespace}/${pool.name}</summary>
<table><thead><tr><th scope="col">Address</th><th scope="col">Use</th><th scope="col">Route</th><th scope="col">Pod</th></tr></thead>
<tbody>${shown.map(addressRow)}</tbody></table>
${pool.addresses.length > shown.length && html`<p>And ${pool.addresses.length - shown.length} more: ask for one by the filter above.</p>`}</details>`
    }</td>
</tr>`;
};

/** Pools that one page shows. */
export const mostPools = 50;

/** A table of pools; `total` of them there are behind the filter. */
export const poolsPart = (pools: readonly PoolView[], total: number, clusters: boolean): Html => html`
<h2 id="pools">Pools</h2>
${
  pools.length === 0
    ? html`<p>No pool is here.</p>`
    : html`<section class="scroll" aria-labelledby="pools" tabindex="0"><table>
<caption>${pools.length} of ${total} Gateways of our classes</caption>
<thead><tr>${clusters && html`<th scope="col">Cluster</th>`}<th scope="col">Pool</th><th scope="col">Class</th><th scope="col">Addresses</th></tr></thead>
<tbody>${pools.map((pool, index) => poolRow(pool, index, clusters))}</tbody>
</table></section>`
}`;
