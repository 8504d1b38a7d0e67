import { createHash } from 'node:crypto';
import { Failure } from './persistent-ip/failure.ts';
import { type ClusterSeen, pageOf, poolsOf, routesOf } from './persistent-ip/inventory.ts';
import type { ReadAnswer, ReadRequest } from './read-handler.ts';
import type { ClusterDependencies } from './reconciler/dependencies.ts';
import type { Wiring } from './wiring.ts';

const lists = { '/v1/pools': poolsOf, '/v1/routes': routesOf } as const;
const mostItems = 1_000;
const usualItems = 500;

/**
 * Pools and routes of every cluster as JSON, from the clusters' own statuses: `GET /v1/pools`, `GET /v1/routes`, with
 * `cluster=NAME`, `namespace=NAMESPACE`, `pageSize` (1 to 1000, default 500) and `pageToken`. It reads and never writes.
 * A cluster that cannot be read does not hide the others: it is named under `unreadable`; when none can be, 503.
 */
export const onInventory = async (
  wiring: Wiring,
  { method, url, ifNoneMatch }: ReadRequest,
): Promise<ReadAnswer> => {
  const { pathname, query } = placeOf(url);
  const project = lists[pathname as keyof typeof lists];
  if (!Object.hasOwn(lists, pathname)) return problem(404, `there is ${Object.keys(lists).join(' and ')}`);
  if (method !== 'GET' && method !== 'HEAD')
    return problem(405, 'only GET is allowed', { allow: 'GET, HEAD' });
  const asked = readQuery(query);
  if (typeof asked === 'string') return problem(400, asked);
  const clusters = wiring
    .clusters()
    .filter(({ cluster: { key } }) => (asked.cluster ?? key.name) === key.name);
  if (asked.cluster !== undefined && clusters.length === 0)
    return problem(404, `no cluster "${asked.cluster}" is configured`);
  const looked = await Promise.all(clusters.map(look));
  const seen = looked.flatMap((one) => ('seen' in one ? [one.seen] : []));
  const unreadable = looked.flatMap((one) => ('why' in one ? [{ cluster: one.cluster, why: one.why }] : []));
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

/** Path and query, as they stand: `new URL` throws on a path such as `//`. */
const placeOf = (url: string): { readonly pathname: string; readonly query: URLSearchParams } => {
  const [pathname = '', ...rest] = url.split('?');
  return { pathname, query: new URLSearchParams(rest.join('?')) };
};

const json = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-cache' };

const problem = (
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ReadAnswer => ({
  status: code,
  headers: { ...json, ...headers },
  body: JSON.stringify({ error: { code, message } }),
});

/** 304 for a reader who has this very answer. */
const conditional = (body: string, ifNoneMatch: string | undefined): ReadAnswer => {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag)
    ? { status: 304, headers: { etag }, body: '' }
    : { status: 200, headers: { ...json, etag }, body };
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
  const strange = [...query.keys()].find((key) => !known.includes(key));
  if (strange !== undefined) return `there is no parameter "${strange}": there are ${known.join(', ')}`;
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

const look = async ({ cluster, controllerName, kubernetes }: ClusterDependencies) => {
  try {
    const [classes, gateways, routes] = await Promise.all([
      kubernetes.gatewayClasses(),
      kubernetes.gateways(),
      kubernetes.routes(),
    ]);
    const seen: ClusterSeen = { cluster: cluster.key, controllerName, classes, gateways, routes };
    return { seen };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { cluster: cluster.key, why: `${cluster.key.name}: ${error.code}: ${error.message}` };
  }
};
