import { contains, parseCidr, parseIp } from '../persistent-ip/cidr.ts';
import type { PoolView, RouteView } from '../persistent-ip/inventory.ts';

/** What the reader wants to see; an empty text is no wish. */
export interface Filter {
  readonly cluster: string;
  readonly namespace: string;
  /** A part of a Pod's name. */
  readonly pod: string;
  readonly address: string;
}

export const filterNames = [
  'cluster',
  'namespace',
  'pod',
  'address',
] as const satisfies readonly (keyof Filter)[];

export const readFilter = (query: URLSearchParams): Filter => {
  const wish = (name: keyof Filter): string => (query.get(name) ?? '').trim();
  return {
    cluster: wish('cluster'),
    namespace: wish('namespace'),
    pod: wish('pod'),
    address: wish('address'),
  };
};

/** Whether a CIDR of a route has the address, or its text begins with what was typed so far. */
const hasAddress = (cidr: string, wanted: string): boolean => {
  const ip = parseIp(wanted);
  const block = parseCidr(cidr);
  return ip !== undefined && typeof block !== 'string' ? contains(block, ip) : cidr.startsWith(wanted);
};

export const showsRoute = (filter: Filter, route: RouteView): boolean =>
  (filter.cluster === '' || route.cluster.name === filter.cluster) &&
  (filter.namespace === '' || route.namespace === filter.namespace) &&
  (filter.pod === '' || (route.pod?.includes(filter.pod) ?? false)) &&
  (filter.address === '' || route.addresses.some((cidr) => hasAddress(cidr, filter.address)));

export const showsPool = (filter: Filter, pool: PoolView): boolean =>
  (filter.cluster === '' || pool.cluster.name === filter.cluster) &&
  (filter.namespace === '' || pool.namespace === filter.namespace) &&
  (filter.pod === '' || pool.addresses.some(({ pod }) => pod?.includes(filter.pod) ?? false)) &&
  (filter.address === '' ||
    pool.addresses.some(({ address }) =>
      hasAddress(address.includes('/') ? address : `${address}/32`, filter.address),
    ));
