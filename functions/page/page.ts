import { conditional, type Refused, refused } from '../answer.ts';
import { lookUpHistory } from '../history.ts';
import { movesSince } from '../moves.ts';
import type { MovesReport } from '../persistent-ip/moves.ts';
import { placeOf, segmentsOf } from '../place-of.ts';
import type { ReadAnswer, ReadRequest } from '../read-handler.ts';
import type { Wiring } from '../wiring.ts';
import { addressPage } from './address-page.ts';
import { headersFor, markup, sorry } from './answers.ts';
import { type Filter, readFilter } from './filter.ts';
import { live } from './live.ts';
import { lookForOverview, lookForRoute } from './looks.ts';
import { overviewPage } from './overview.ts';
import { planPagePath, showPlanForm } from './plan-page.ts';
import { routePage } from './route-page.ts';
import { style } from './style.ts';

const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/page/style.css': ['text/css', style],
  '/page/live.js': ['text/javascript', live],
};

const routePath = /^\/routes\/([^/]+)\/([^/]+)$/;
const addressPath = /^\/addresses\/([^/]+)$/;

/**
 * What people look at: `/` is the overview, `/routes/NAMESPACE/NAME` a route explained, `/addresses/IP` who held an
 * address, `/plan` a form for a manifest (what is sent by it is answered by plan-page.ts).
 * @returns undefined for a path that is no page
 */
export const onPage = (
  wiring: Wiring,
  { url, ifNoneMatch }: ReadRequest,
): Promise<ReadAnswer> | ReadAnswer | undefined => {
  const { pathname, query } = placeOf(url);
  const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (file !== undefined) return conditional(file[1], ifNoneMatch, headersFor(file[0]));
  const [address] = segmentsOf(addressPath, pathname) ?? [];
  if (address !== undefined) return showAddress(wiring, address, query, ifNoneMatch);
  const [namespace, name] = segmentsOf(routePath, pathname) ?? [];
  if (namespace !== undefined && name !== undefined)
    return showRoute(wiring, { namespace, name }, query, ifNoneMatch);
  if (pathname === planPagePath) return showPlanForm(wiring);
  return pathname === '/' ? showOverview(wiring, query, ifNoneMatch) : undefined;
};

const showAddress = async (
  wiring: Wiring,
  address: string,
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const found = await lookUpHistory(wiring, address, query);
  return 'refused' in found
    ? sorry(found)
    : markup(addressPage(address, found.intervals, found.range), ifNoneMatch);
};

const showRoute = async (
  wiring: Wiring,
  route: { readonly namespace: string; readonly name: string },
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const found = await lookForRoute(wiring, route, query);
  return 'refused' in found
    ? sorry(found)
    : markup(routePage({ ...route, cluster: found.cluster.name }, found), ifNoneMatch);
};

const showOverview = async (
  wiring: Wiring,
  query: URLSearchParams,
  ifNoneMatch: string | undefined,
): Promise<ReadAnswer> => {
  const page = Number(query.get('page') ?? 1);
  if (!Number.isSafeInteger(page) || page < 1) return sorry(refused(400, 'page is a number from 1'));
  const filter = readFilter(query);
  const [seen, moves] = await Promise.all([lookForOverview(wiring), movesInTime(wiring, filter)]);
  return markup(overviewPage({ ...seen, filter, moves, page }), ifNoneMatch);
};

/** How long the overview waits for the audit log, milliseconds: who holds what must not wait for how the day went. */
const logPatience = 1_000;

/** Of the last day; `undefined` while the log is still being read, which goes on for the next who looks. */
const movesInTime = async (
  wiring: Wiring,
  { cluster, namespace }: Filter,
): Promise<MovesReport | Refused | undefined> => {
  const wish = { ...(cluster && { cluster }), ...(namespace && { namespace }) };
  const reading = movesSince(wiring, wish);
  return await Promise.race([reading, wiring.runtime.sleep(logPatience).then(() => undefined)]);
};
