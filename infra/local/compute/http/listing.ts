import { invalid } from '../errors.ts';
import { relative, type Scope, urlOf } from '../resource-url.ts';
import type { JsonObject } from '../types.ts';
import type { Call } from '../world/world.ts';
import type { Descriptors } from './descriptors.ts';
import { parseFilter } from './filter.ts';

/** One candidate of a list. `shown` is called only for what a filter or the page needs. */
export interface Item {
  readonly scope: Scope;
  readonly name: string;
  readonly id: string;
  readonly created: string;
  shown(): JsonObject;
}

interface Page {
  readonly items: readonly { readonly scope: Scope; readonly shown: JsonObject }[];
  readonly nextPageToken?: string;
}

/** *Only sorting by `name` or `creationTimestamp desc` is supported* (proto comment of `orderBy`). */
const orders = {
  name: { key: (item: Item) => `${item.scope} ${item.name}`, direction: 1 },
  'creationTimestamp desc': { key: (item: Item) => `${item.created} ${item.id}`, direction: -1 },
} as const;
type Order = keyof typeof orders;
const isOrder = (value: string): value is Order => Object.hasOwn(orders, value);

/** *Acceptable values are 0 to 500, default 500*; 0 is taken as not given. */
const pageSize = (given: string | undefined): number => {
  const size = Number(given ?? 500);
  if (size > 500) throw invalid('maxResults', given, 'Values must be within the range: [0, 500]');
  return size === 0 ? 500 : size;
};

const encode = (token: readonly [string, string, string]): string =>
  Buffer.from(JSON.stringify(token)).toString('base64url');

/** A token belongs to the filter and the order of the list that gave it. */
const decode = (token: string, order: string, filter: string): string => {
  const refusal = invalid('pageToken', token, 'The page token is malformed or belongs to another list.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw refusal;
  }
  if (!Array.isArray(parts) || parts[0] !== order || parts[1] !== filter || typeof parts[2] !== 'string') {
    throw refusal;
  }
  return parts[2];
};

/**
 * The page that a list's parameters ask for. A page starts behind the last item of the one before, so
 * that what is deleted or made in between neither repeats nor hides others.
 */
export const paginate = (all: Iterable<Item>, call: Call, api: Descriptors, message: string): Page => {
  const { filter = '', pageToken = '', orderBy = '' } = call.query;
  const order = orderBy === '' ? 'name' : orderBy;
  if (!isOrder(order)) throw invalid('orderBy', order, 'Only name or creationTimestamp desc is supported.');
  const size = pageSize(call.query.maxResults);
  const { key, direction } = orders[order];
  const matches = filter.trim() === '' ? undefined : parseFilter(filter, fieldsOf(api, message));
  // A name is known without the rest: what it alone excludes is neither sorted nor shown.
  const named = /^\s*name\s+(?:eq|ne)\s/.test(filter) ? matches : undefined;
  const after = pageToken === '' ? undefined : decode(pageToken, order, filter);
  const sorted = [...all]
    .filter(({ name }) => named === undefined || named({ name }))
    .map((item) => ({ item, key: key(item) }))
    .filter(
      (entry) => after === undefined || (entry.key > after ? 1 : entry.key < after ? -1 : 0) === direction,
    )
    .sort((a, b) => (a.key < b.key ? -direction : direction));
  const items: { readonly scope: Scope; readonly shown: JsonObject }[] = [];
  let last = '';
  for (const entry of sorted) {
    const shown = entry.item.shown();
    if (matches !== undefined && !matches(shown)) continue;
    if (items.length === size) return { items, nextPageToken: encode([order, filter, last]) };
    items.push({ scope: entry.item.scope, shown });
    last = entry.key;
  }
  return { items };
};

const fieldsOf = (api: Descriptors, message: string) => (name: string) =>
  Object.hasOwn(api.message(message)?.fields ?? {}, name);

const token = ({ nextPageToken }: Page): { nextPageToken?: string } =>
  nextPageToken === undefined ? {} : { nextPageToken };

/** The body of `list`; a list without results has no `items`. */
export const listBody = (page: Page, kind: string, scope: Scope | string, collection: string): JsonObject => {
  const id = `${scope}/${collection}`;
  const items = page.items.length === 0 ? {} : { items: page.items.map(({ shown }) => shown) };
  return { kind: `${kind}List`, id, ...items, ...token(page), selfLink: urlOf(id) };
};

/** The body of `aggregatedList`: every scope, and for one without results on this page a warning. */
export const aggregatedBody = (
  page: Page,
  kind: string,
  scopes: readonly Scope[],
  project: string,
  collection: string,
): JsonObject => {
  const items: Record<string, JsonObject> = {};
  for (const scope of scopes) {
    const name = relative(scope);
    const found = page.items.filter((item) => item.scope === scope).map(({ shown }) => shown);
    items[name] = found.length > 0 ? { [collection]: found } : { warning: noResults(name) };
  }
  const id = `projects/${project}/aggregated/${collection}`;
  return { kind: `${kind}AggregatedList`, id, items, ...token(page), selfLink: urlOf(id) };
};

const noResults = (scope: string): JsonObject => ({
  code: 'NO_RESULTS_ON_PAGE',
  message: `There are no results for scope '${scope}' on this page.`,
  data: [{ key: 'scope', value: scope }],
});
