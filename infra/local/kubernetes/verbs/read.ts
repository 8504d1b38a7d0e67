import type { Cluster, Reply, Target } from '../cluster.ts';
import { invalidValue } from '../objects/cause.ts';
import type { JsonObject, KubeObject } from '../objects/object.ts';
import { fieldSelector, labelSelector, type Matches } from '../objects/selector.ts';
import { badRequest, expired, notANumber, StatusError } from '../objects/status.ts';
import { apiVersionOf, inVersion, resourceKey } from '../resources/resource.ts';
import { keyOf } from '../store/store.ts';
import { SyntaxFault, scan } from '../types/syntax.ts';
import { integerIn, refuseListOptions } from './list-options.ts';

/** A view has names of its own for what its objects are selected by. */
const selectedAs = ({ view, group, kind }: Target['resource']): string =>
  view === undefined ? kind : `${group}/${kind}`;

/** Both selectors of a request, and its name, as one test. */
export const matcher = ({ resource, name }: Target, query: URLSearchParams): Matches => {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(selectedAs(resource), query.get('fieldSelector') ?? '', resource.custom);
  return (object) => (name === '' || object.metadata.name === name) && byLabel(object) && byField(object);
};

/** A version in a query. @param refuse makes the error for one that is no number */
export const versionIn = (query: URLSearchParams, refuse: (why: string) => Error): number | undefined => {
  const given = query.get('resourceVersion') ?? '';
  if (given === '') return undefined;
  if (!/^\d+$/.test(given)) {
    const { field, message } = invalidValue(
      'resourceVersion',
      given,
      `strconv.ParseUint: ${notANumber(given)}`,
    );
    throw refuse(`${field}: ${message}`);
  }
  return Number(given);
};

interface Continuation {
  /** The version of the first page: later pages show the same moment. */
  readonly version: number;
  /** The key of the last object that was sent. */
  readonly after: string;
}

const encode = (token: Continuation): string => Buffer.from(JSON.stringify(token)).toString('base64url');

const decodeToken = (token: string): Continuation => {
  const refuse = (why: string): Error =>
    badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const bytes = Buffer.from(token, 'base64url');
  try {
    scan(bytes);
  } catch (error) {
    throw error instanceof SyntaxFault ? refuse(error.message) : error;
  }
  const { version, after } = JSON.parse(bytes.toString()) as Partial<Continuation>;
  if (typeof version === 'number' && typeof after === 'string') return { version, after };
  throw refuse('server does not recognize this encoded version ');
};

/** The moment that a list shows: a remembered one, or now. */
const moment = ({ store }: Cluster, { resource }: Target, query: URLSearchParams): number | undefined => {
  const version = versionIn(query, (why) => badRequest(`invalid resource version: ${why}`));
  if (version === undefined || version === 0) return undefined;
  if (query.get('resourceVersionMatch') === 'Exact') return version;
  // Not older than: what is stored now is, unless that version is yet to come.
  if (version > store.version) store.since(resourceKey(resource), version);
  return undefined;
};

const candidates = (
  { store }: Cluster,
  { resource, namespace }: Target,
  at: number | undefined,
  after: string,
): Iterable<KubeObject> => {
  const key = resourceKey(resource);
  if (at === undefined || at === store.version) return store.list(key, namespace, after);
  return store.listAt(key, namespace, at, after);
};

/**
 * GET of a collection: selectors, pages that show one moment, and the version to watch from.
 * @throws StatusError 400, 422, 410 when a page's moment is forgotten, 504 for a version that is yet to come
 */
export const listObjects = (cluster: Cluster, target: Target, query: URLSearchParams): Reply => {
  const { resource, version } = target;
  refuseListOptions(query);
  const matches = matcher(target, query);
  const limit = integerIn(query, 'limit');
  const token = query.get('continue') ?? '';
  const start = token === '' ? undefined : decodeToken(token);
  const at = start?.version ?? moment(cluster, target, query);
  const shown = at ?? cluster.store.version;
  const items: KubeObject[] = [];
  const metadata: JsonObject = { resourceVersion: String(shown) };
  try {
    for (const object of candidates(cluster, target, at, start?.after ?? '')) {
      if (!matches(object)) continue;
      const last = items.at(-1);
      if (limit > 0 && items.length === limit && last !== undefined) {
        metadata.continue = encode({ version: shown, after: keyOf(last) });
        break;
      }
      items.push(inVersion(resource, object, version));
    }
  } catch (error) {
    if (error instanceof StatusError && error.code === 410 && start !== undefined) throw tokenTooOld();
    throw error;
  }
  if (resource.custom) metadata.continue ??= '';
  if (metadata.continue && !query.has('labelSelector') && !query.has('fieldSelector')) {
    let rest = 0;
    for (const _ of candidates(cluster, target, at, start?.after ?? '')) rest += 1;
    metadata.remainingItemCount = rest - items.length;
  }
  return {
    code: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource.group, version),
      metadata,
      items,
    },
  };
};

const tokenTooOld = (): StatusError =>
  expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  );
