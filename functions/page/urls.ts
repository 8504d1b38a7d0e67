import type { RouteView } from '../persistent-ip/inventory.ts';

/** A path of segments that may hold anything, half of a surrogate pair too, which has no encoding. */
const path = (...segments: readonly string[]): string =>
  `/${segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')}`;

/** A path with the parameters that have a value. */
export const withQuery = (base: string, query: Readonly<Record<string, string>>): string => {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given)}`;
};

export const routeUrl = ({
  cluster,
  namespace,
  name,
}: Pick<RouteView, 'cluster' | 'namespace' | 'name'>): string =>
  withQuery(path('routes', namespace, name), { cluster: cluster.name });

/** @param address an IPv4 address, or a CIDR, whose first address is shown */
export const addressUrl = (address: string): string => path('addresses', address.split('/')[0] ?? address);
