import { conditional, problem } from '../answer.ts';
import { lookAtClusters } from '../look-at-clusters.ts';
import { poolsOf, routesOf } from '../persistent-ip/inventory.ts';
import { placeOf } from '../place-of.ts';
import type { ReadAnswer, ReadRequest } from '../read-handler.ts';
import type { Wiring } from '../wiring.ts';
import { readFilter } from './filter.ts';
import type { Html } from './html.ts';
import { live } from './live.ts';
import { overviewPage } from './overview.ts';
import { style } from './style.ts';

/**
 * Nothing from elsewhere runs or loads in the page, no form goes elsewhere, and nobody frames it: what a cluster says
 * stays text even where the escaping failed.
 */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headersFor = (type: string) => ({
  'content-type': `${type}; charset=utf-8`,
  'cache-control': 'private, no-cache',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});

const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/page/style.css': ['text/css', style],
  '/page/live.js': ['text/javascript', live],
};

/** What people look at: `/` is the overview. @returns undefined for a path that is no page */
export const onPage = async (
  wiring: Wiring,
  { url, ifNoneMatch }: ReadRequest,
): Promise<ReadAnswer | undefined> => {
  const { pathname, query } = placeOf(url);
  const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (file !== undefined) return conditional(file[1], ifNoneMatch, headersFor(file[0]));
  if (pathname !== '/') return undefined;
  const page = Number(query.get('page') ?? 1);
  if (!Number.isSafeInteger(page) || page < 1) return problem(400, 'page is a number from 1');
  const { seen, unreadable } = await lookAtClusters(wiring.clusters());
  return markup(
    overviewPage({
      pools: seen.flatMap(poolsOf),
      routes: seen.flatMap(routesOf),
      unreadable: unreadable.map(({ why }) => why),
      filter: readFilter(query),
      page,
    }),
    ifNoneMatch,
  );
};

const markup = async (page: Html, ifNoneMatch: string | undefined): Promise<ReadAnswer> =>
  conditional(String(await page), ifNoneMatch, headersFor('text/html'));
