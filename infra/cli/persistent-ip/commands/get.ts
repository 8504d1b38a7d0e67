import * as v from 'valibot';
import { CommandFailure } from '../failure.ts';
import { type Cell, none, print, tableOf } from '../output.ts';
import { readAll } from '../reader.ts';
import type { Session } from '../session.ts';
import { PoolRow, RouteRow, whyNot } from '../views.ts';

export const kinds = ['routes', 'pools', 'addresses'] as const;
export type Kind = (typeof kinds)[number];

export interface GetOptions {
  /** Addresses: those that no route claims. */
  readonly free?: boolean;
  /** What this Pod holds: NAMESPACE/NAME. */
  readonly pod?: string;
}

/** An address of a pool, with the pool. */
type AddressRow = PoolRow['addresses'][number] & Pick<PoolRow, 'cluster'> & { readonly pool: string };

const orNone = (text: string | null): Cell => (text === null || text === '' ? none : text);

/** `get KIND [NAME]`: what there is, from the clusters' own statuses. */
export const get = async (
  session: Session,
  kind: Kind,
  name: string | undefined,
  options: GetOptions,
): Promise<void> => {
  if ('since' in options)
    throw new CommandFailure('usage', `--since is for moves: ${kind} are shown as they are now`);
  if (options.free && kind !== 'addresses')
    throw new CommandFailure('usage', `--free is for addresses, not for ${kind}`);
  if (options.pod !== undefined && kind === 'pools')
    throw new CommandFailure('usage', '--pod is for routes and addresses, not for pools');
  if (options.pod !== undefined && !/^[^/]+\/[^/]+$/.test(options.pod))
    throw new CommandFailure('usage', `--pod ${options.pod} names no Pod`, 'write NAMESPACE/NAME');
  const { around, options: common } = session;
  const path = kind === 'routes' ? '/v1/routes' : '/v1/pools';
  const { items, unreadable } = await readAll(session.ask(), path, {
    cluster: common.cluster,
    namespace: common.namespace,
  });
  for (const why of unreadable) around.err(`warning: ${why}\n`);
  const rows = rowsOf(kind, items, options).filter((row) => name === undefined || row.named === name);
  if (name !== undefined && rows.length === 0)
    throw new CommandFailure('not-found', `there is no ${singular[kind]} "${name}"`, absent[kind]);
  const several = new Set(rows.map(({ cluster }) => cluster)).size > 1;
  print(
    around,
    common.output,
    rows.map(({ value }) => value),
    () =>
      rows.length === 0
        ? `No ${kind} found.\n`
        : tableOf(
            around,
            [...(several ? ['CLUSTER'] : []), ...headings[kind]],
            rows.map(({ cluster, cells }) => [...(several ? [cluster] : []), ...cells]),
          ),
  );
};

const singular = { routes: 'route', pools: 'pool', addresses: 'address' } satisfies Record<Kind, string>;
const absent = {
  routes: 'persistent-ip get routes lists those of this deployment’s Gateways',
  pools: 'persistent-ip get pools lists them',
  addresses: 'only addresses of a pool are known, and a pool knows them once its Gateway is accepted',
} satisfies Record<Kind, string>;
const headings = {
  routes: ['NAMESPACE', 'NAME', 'ADDRESSES', 'POD', 'READY', 'REASON'],
  pools: ['NAMESPACE', 'NAME', 'CLASS', 'ADDRESSES', 'USED', 'FREE', 'REASON'],
  addresses: ['ADDRESS', 'POOL', 'ROUTE', 'POD'],
} satisfies Record<Kind, readonly string[]>;

interface Row {
  readonly cluster: string;
  /** What a NAME on the command line is compared with. */
  readonly named: string;
  readonly cells: readonly Cell[];
  readonly value: unknown;
}

const rowsOf = (kind: Kind, items: readonly unknown[], { free, pod }: GetOptions): readonly Row[] => {
  const isPods = (holder: string | null): boolean => pod === undefined || holder === pod;
  switch (kind) {
    case 'routes':
      return v
        .parse(v.array(RouteRow), items)
        .filter((route) => isPods(route.pod))
        .map(routeRow);
    case 'pools':
      return v.parse(v.array(PoolRow), items).map(poolRow);
    case 'addresses':
      return v
        .parse(v.array(PoolRow), items)
        .flatMap(addressesOf)
        .filter((address) => isPods(address.pod) && !(free && address.route !== null))
        .map(addressRow);
  }
};

/** Addresses that a table shows of one route; the rest is counted. */
const mostShown = 2;

const some = (cidrs: readonly string[]): string => {
  const shown = cidrs.slice(0, mostShown).map((cidr) => cidr.replace(/\/32$/, ''));
  const more = cidrs.length - shown.length;
  return more === 0 ? shown.join(',') : `${shown.join(',')} +${more} more`;
};

const routeRow = (route: RouteRow): Row => ({
  cluster: route.cluster.name,
  named: route.name,
  value: route,
  cells: [
    route.namespace,
    route.name,
    orNone(some(route.addresses)),
    orNone(route.pod?.split('/').at(-1) ?? null),
    route.ready ? { text: 'True', colour: 'green' } : { text: 'False', colour: 'red' },
    orNone(route.ready ? null : whyNot(route.conditions)),
  ],
});

const poolRow = (pool: PoolRow): Row => {
  const used = pool.addresses.filter(({ route }) => route !== null).length;
  return {
    cluster: pool.cluster.name,
    named: pool.name,
    value: pool,
    cells: [
      pool.namespace,
      pool.name,
      pool.class,
      String(pool.addresses.length),
      String(used),
      String(pool.addresses.length - used),
      orNone(whyNot(pool.conditions)),
    ],
  };
};

const addressesOf = ({ cluster, namespace, name, addresses }: PoolRow): readonly AddressRow[] =>
  addresses.map((address) => ({ cluster, pool: `${namespace}/${name}`, ...address }));

const addressRow = (address: AddressRow): Row => ({
  cluster: address.cluster.name,
  named: address.address,
  value: address,
  cells: [address.address, address.pool, orNone(address.route), orNone(address.pod)],
});
