/** A path with the parameters that have a value. */
export const withQuery = (base: string, query: Readonly<Record<string, string>>): string => {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given)}`;
};

/** The overview of one address. @param address an IPv4 address, or a CIDR, whose first address is shown */
export const addressUrl = (address: string): string =>
  withQuery('/', { address: address.split('/')[0] ?? address });
