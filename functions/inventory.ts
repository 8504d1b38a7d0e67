import { conditional, problem } from './answer.ts';
import { onExplain } from './explain.ts';
import { onHistory } from './history.ts';
import { lookAtClusters } from './look-at-clusters.ts';
import { onMoves } from './moves.ts';
import { openApi } from './openapi.ts';
import { onPage } from './page/page.ts';
import { onPlanForm, planPagePath } from './page/plan-page.ts';
import { pageOf, poolsOf, routesOf } from './persistent-ip/inventory.ts';
import { placeOf, segmentsOf, strangeParameter } from './place-of.ts';
import { onPlan, planPath } from './plan.ts';
import type { ReadAnswer, ReadRequest } from './read-handler.ts';
import type { Wiring } from './wiring.ts';

const lists = { '/v1/pools': poolsOf, '/v1/routes': routesOf } as const;
const addressPath = /^\/v1\/addresses\/([^/]+)\/history$/;
const explainPath = /^\/v1\/routes\/([^/]+)\/([^/]+)\/explain$/;
const mostItems = 1_000;
const usualItems = 500;

/**
 * Pools and routes of every cluster as JSON, from the clusters' own statuses: `GET /v1/pools`, `GET /v1/routes`, with
 * `cluster=NAME`, `namespace=NAMESPACE`, `pageSize` (1 to 1000, default 500) and `pageToken`; `GET
 * /v1/routes/NAMESPACE/NAME/explain` (explain.ts); `POST /v1/plan` (plan.ts), which writes nothing either; `GET /v1/addresses/IP/history` (history.ts);
 * `GET /v1/moves` (moves.ts); `GET /v1/openapi.json` describes them; and there is a page for people at `/`, whose form sends a manifest by
 * `POST /plan` (page/plan-page.ts). It reads and never writes.
 * A cluster that cannot be read does not hide the others: it is named under `unreadable`; when none can be, 503.
 */
export const onInventory = async (wiring: Wiring, request: ReadRequest): Promise<ReadAnswer> => {
  const { method, url, ifNoneMatch } = request;
  const { pathname, query } = placeOf(url);
  const project = lists[pathname as keyof typeof lists];
  if (pathname === planPath) return onPlan(wiring, request, query);
  if (pathname === planPagePath && method === 'POST') return onPlanForm(wiring, request.content);
  if (method !== 'GET' && method !== 'HEAD') {
    const allow = pathname === planPagePath ? 'GET, HEAD, POST' : 'GET, HEAD';
    return problem(405, `only ${allow} are allowed`, { allow });
  }
  if (pathname === '/v1/openapi.json') return conditional(JSON.stringify(openApi), ifNoneMatch);
  if (pathname === '/v1/moves') return onMoves(wiring, query, ifNoneMatch);
  const [address] = segmentsOf(addressPath, pathname) ?? [];
  if (address !== undefined) return onHistory(wiring, address, query, ifNoneMatch);
  const [namespace, name] = segmentsOf(explainPath, pathname) ?? [];
  if (namespace !== undefined && name !== undefined)
    return onExplain(wiring, { namespace, name }, query, ifNoneMatch);
  if (!Object.hasOwn(lists, pathname))
    return (
      (await onPage(wiring, request)) ??
      problem(
        404,
        `there is ${Object.keys(lists).join(' and ')}, /v1/routes/NAMESPACE/NAME/explain, /v1/addresses/IP/history, /v1/moves, POST ${planPath}, /v1/openapi.json, and a page at /`,
      )
    );
  const asked = readQuery(query);
  if (typeof asked === 'string') return problem(400, asked);
  const clusters = wiring
    .clusters()
    .filter(({ cluster: { key } }) => (asked.cluster ?? key.name) === key.name);
  if (asked.cluster !== undefined && clusters.length === 0)
    return problem(404, `no cluster "${asked.cluster}" is configured`);
  const { seen, unreadable } = await lookAtClusters(clusters);
  if (seen.length === 0)
    return problem(503, unreadable.map(({ why }) => why).join('; '), { 'retry-after': '5' });
  const all = seen
    .flatMap((one) => project(one) as readonly ReturnType<typeof project>[number][])
    .filter(({ namespace }) => (asked.namespace ?? namespace) === namespace);
  const { items, next } = pageOf(all, asked.after, asked.size);
  const answer = {
    items,
    ...(next === undefined ? {} : { nextPageToken: Buffer.from(next).toString('base64url') }),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
  return conditional(JSON.stringify(answer), ifNoneMatch);
};

interface Asked {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly after: string;
  readonly size: number;
}

/** @returns a text, what is wrong with the query */
const readQuery = (query: URLSearchParams): Asked | string => {
  const known = ['cluster', 'namespace', 'pageSize', 'pageToken'];
  const strange = strangeParameter(query, known);
  if (strange !== undefined) return strange;
  const size = Number(query.get('pageSize') ?? usualItems);
  if (!Number.isInteger(size) || size < 1 || size > mostItems)
    return `pageSize is a number from 1 to ${mostItems}`;
  return {
    cluster: query.get('cluster') ?? undefined,
    namespace: query.get('namespace') ?? undefined,
    after: Buffer.from(query.get('pageToken') ?? '', 'base64url').toString(),
    size,
  };
};
