import type { Refused } from '../answer.ts';
import type { PoolView, RouteView } from '../persistent-ip/inventory.ts';
import type { MovesReport } from '../persistent-ip/moves.ts';
import type { OverviewSeen } from '../wiring.ts';
import { type Filter, filterNames, showsPool, showsRoute } from './filter.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { movesPart } from './moves-part.ts';
import { countUses, mostPools, poolsPart } from './pools-part.ts';
import { mostRoutes, routesPart, wrongFirst } from './routes-part.ts';
import { withQuery } from './urls.ts';

/** Everything the overview shows. */
export interface Overview extends OverviewSeen {
  readonly filter: Filter;
  /** How the last day went; `undefined`: the log is being read. */
  readonly moves: MovesReport | Refused | undefined;
  /** Which page, from 1. */
  readonly page: number;
}

/** Pools, routes and what is wrong with them, for people. */
export const overviewPage = (seen: Overview): Html => {
  const { filter, page } = seen;
  const routes = wrongFirst(seen.routes.filter((route) => showsRoute(filter, route)));
  const pools = seen.pools.filter((pool) => showsPool(filter, pool));
  const several = new Set([...seen.pools, ...seen.routes].map(({ cluster }) => cluster.name)).size > 1;
  const first = (page - 1) * mostRoutes;
  return layout(
    'Persistent IP addresses',
    html`${seen.unreadable.map((why) => html`<p class="notice" role="alert">A cluster cannot be read: ${why}</p>`)}
${facts(pools, routes)}
${filterForm(seen)}
${routesPart(routes.slice(first, first + mostRoutes), routes.length, several)}
${pager(filter, page, Math.ceil(routes.length / mostRoutes))}
${poolsPart(pools.slice(0, mostPools), pools.length, several)}
${movesPart(seen.moves)}`,
  );
};

const facts = (pools: readonly PoolView[], routes: readonly RouteView[]): Html => {
  const ready = routes.filter((route) => route.ready).length;
  const { used, reserved, free } = countUses(pools.flatMap(({ addresses }) => addresses));
  const fact = (name: string, value: number, isBad = false): Html =>
    html`<div><dt>${name}</dt><dd class="${isBad ? 'bad' : ''}">${value}</dd></div>`;
  return html`<dl class="facts">
${fact('Routes not ready', routes.length - ready, ready < routes.length)}${fact('Routes ready', ready)}
${fact('Addresses used', used)}${fact('Addresses reserved', reserved)}${fact('Addresses free', free)}
</dl>`;
};

const labels = {
  cluster: 'Cluster',
  namespace: 'Namespace',
  pod: 'Pod',
  address: 'Address',
} satisfies Record<keyof Filter, string>;

/** Names that a field of the filter offers; any other can be typed. */
const mostChoices = 500;

const filterForm = ({ filter, pools, routes }: Overview): Html => {
  const known = (pick: (item: PoolView | RouteView) => string): readonly string[] =>
    [...new Set([...routes, ...pools].map(pick))].sort().slice(0, mostChoices);
  const choices = {
    cluster: known(({ cluster }) => cluster.name),
    namespace: known((item) => item.namespace),
  };
  const field = (name: keyof Filter): Html => {
    const list = name === 'cluster' || name === 'namespace' ? choices[name] : undefined;
    return html`<label>${labels[name]}<input name="${name}" id="filter-${name}" value="${filter[name]}" autocomplete="off"${
      list === undefined ? '' : html` list="known-${name}"`
    }></label>${list && html`<datalist id="known-${name}">${list.map((value) => html`<option value="${value}"></option>`)}</datalist>`}`;
  };
  return html`<form method="get" action="/" role="search" aria-label="Filter">
${filterNames.map(field)}<button type="submit">Filter</button> <a href="/">Show all</a>
</form>`;
};

const pager = (filter: Filter, page: number, pages: number): Html | undefined => {
  if (pages < 2) return undefined;
  const link = (to: number, text: string, rel: string): Html | undefined =>
    to < 1 || to > pages
      ? undefined
      : html`<a rel="${rel}" href="${withQuery('/', { ...filter, page: String(to) })}">${text}</a> `;
  return html`<nav aria-label="Pages of routes"><p>${link(page - 1, 'Previous', 'prev')}Page ${page} of ${pages} ${link(page + 1, 'Next', 'next')}</p></nav>`;
};
