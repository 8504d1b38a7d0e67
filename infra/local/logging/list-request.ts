import { createHash } from 'node:crypto';
import { badField, GoogleError, unsupported } from '../google-error.ts';
import { readProtoJson } from '../proto-json.ts';
import { descriptors } from './fields.ts';
import type { LogStore, Placed, StoredEntry } from './log-store.ts';
import { FilterError } from './tokens.ts';

const requestType = descriptors.lookupType('google.logging.v2.ListLogEntriesRequest');

/** Source: comment of `ListLogEntriesRequest.page_size`. */
const usualPage = 50;
const largestPage = 1000;

export interface Page {
  readonly entries?: readonly StoredEntry[];
  readonly nextPageToken?: string;
}

/**
 * Answers an `entries:list`. A page token is the last entry's place, so that what arrives between two pages moves
 * nothing; it is good for the same query only.
 * @throws GoogleError 400 for a query that cannot be read, 501 for a parent that is no project
 */
export const listEntries = (store: LogStore, body: unknown): Page => {
  const {
    resourceNames = [],
    filter = '',
    orderBy = '',
    pageSize = 0,
    pageToken = '',
  } = readProtoJson(requestType, body) as {
    resourceNames?: string[];
    filter?: string;
    orderBy?: string;
    pageSize?: number;
    pageToken?: string;
  };
  const logs = logsOf(resourceNames);
  const descending = isDescending(orderBy);
  if (pageSize < 0) throw badField('pageSize', 'page_size must not be negative.');
  const query = createHash('sha256')
    .update(JSON.stringify([logs, filter, descending]))
    .digest('base64url');

  const oldestFirst = ask(store, filter).filter(({ entry }) =>
    logs.some((log) => entry.logName.startsWith(log)),
  );
  const found = descending ? oldestFirst.toReversed() : oldestFirst;
  const start = pageToken === '' ? 0 : startAfter(found, pageToken, query, descending);
  const end = start + Math.min(pageSize || usualPage, largestPage);
  const page = found.slice(start, end);
  const last = page.at(-1);
  return {
    ...(page.length > 0 && { entries: page.map(({ entry }) => entry) }),
    ...(end < found.length && last && { nextPageToken: tokenOf(last, query) }),
  };
};

const ask = (store: LogStore, filter: string): readonly Placed[] => {
  try {
    return store.query(filter);
  } catch (error) {
    if (error instanceof FilterError) throw badField('filter', `Unparseable filter: ${error.message}`);
    throw error;
  }
};

const logsOf = (resourceNames: readonly string[]): readonly string[] => {
  if (resourceNames.length === 0) throw badField('resourceNames', 'At least one resource name is required.');
  return resourceNames.map((name) => {
    if (/^(organizations|folders|billingAccounts)\/|\/views\//.test(name))
      throw unsupported(`entries:list of ${name}`);
    if (!/^projects\/[^/]+$/.test(name)) throw badField('resourceNames', `Invalid resource name: ${name}`);
    return `${name}/logs/`;
  });
};

const isDescending = (orderBy: string): boolean => {
  const [, direction] = /^(?:timestamp(?: (asc|desc))?)?$/.exec(orderBy) ?? [undefined, 'neither'];
  if (direction === 'neither')
    throw badField('orderBy', `order_by is "timestamp asc" or "timestamp desc": ${orderBy}`);
  return direction === 'desc';
};

const tokenOf = ({ nanos, arrival }: Placed, query: string): string =>
  Buffer.from(JSON.stringify([String(nanos), arrival, query])).toString('base64url');

const startAfter = (found: readonly Placed[], token: string, query: string, descending: boolean): number => {
  const place = readToken(token);
  if (place?.query !== query)
    throw new GoogleError('INVALID_ARGUMENT', 'page_token doesn’t match arguments from the request');
  const isAfter = ({ nanos, arrival }: Placed): boolean =>
    nanos === place.nanos ? arrival > place.arrival : nanos > place.nanos;
  const isBefore = (one: Placed): boolean => !isAfter(one) && one.arrival !== place.arrival;
  const start = found.findIndex(descending ? isBefore : isAfter);
  return start < 0 ? found.length : start;
};

const readToken = (token: string): { nanos: bigint; arrival: number; query: string } | undefined => {
  try {
    const [nanos, arrival, query] = JSON.parse(Buffer.from(token, 'base64url').toString());
    return { nanos: BigInt(nanos), arrival, query };
  } catch {
    return undefined;
  }
};
