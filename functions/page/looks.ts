import type { Refused } from '../answer.ts';
import { lookUpRoute } from '../explain.ts';
import type { RouteExplained, RouteName } from '../explain-route.ts';
import { lookAtClusters } from '../look-at-clusters.ts';
import { poolsOf, routesOf } from '../persistent-ip/inventory.ts';
import { sharedLook } from '../shared-look.ts';
import type { OverviewSeen, Wiring } from '../wiring.ts';

/**
 * How old what a page shows may be, milliseconds: less than the time between two looks of an open page (live.ts), so that one
 * page alone always sees the present, and many together cost one look in that time.
 *
 * Everybody who passes the check of the identity may read everything here, by the function's own rights and not by theirs: what one
 * was shown may be shown to the next. The JSON under `/v1` is never shared: who has just applied something asks there.
 */
const freshMs = 2_500;
const fresh = (): number => freshMs;

/** What the overview rests on: pools and routes of all clusters. */
export const lookForOverview = (wiring: Wiring): Promise<OverviewSeen> =>
  sharedLook(
    wiring.overviewSeen,
    '',
    wiring.runtime.now().getTime(),
    async () => {
      const { seen, unreadable } = await lookAtClusters(wiring.clusters());
      return {
        pools: seen.flatMap(poolsOf),
        routes: seen.flatMap(routesOf),
        unreadable: unreadable.map(({ why }) => why),
      };
    },
    fresh,
  );

/** What the page of a route rests on, by its name and the query as a whole. */
export const lookForRoute = (
  wiring: Wiring,
  route: RouteName,
  query: URLSearchParams,
): Promise<RouteExplained | Refused> =>
  sharedLook(
    wiring.routesSeen,
    JSON.stringify([route.namespace, route.name, String(query)]),
    wiring.runtime.now().getTime(),
    () => lookUpRoute(wiring, route, query),
    fresh,
  );
