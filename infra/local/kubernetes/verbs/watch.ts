import type { ServerResponse } from 'node:http';
import type { Cluster, Target } from '../cluster.ts';
import type { Presenter } from '../http/present.ts';
import type { JsonObject, KubeObject } from '../objects/object.ts';
import type { Matches } from '../objects/selector.ts';
import { StatusError } from '../objects/status.ts';
import { apiVersionOf, inVersion, resourceKey } from '../resources/resource.ts';
import type { StoreEvent } from '../store/store.ts';
import { typeOfKind } from '../types/table.ts';
import { emptyOf } from '../types/written.ts';
import { integerIn, refuseListOptions } from './list-options.ts';
import { matcher, versionIn } from './read.ts';

/** A reader that is this far behind is cut off; it comes back and is told 410 or what it missed. */
const backlog = 16 * 1024 * 1024;
const bookmarkEvery = 60_000;

interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/**
 * What one event means to a reader that sees only what `matches`: an object that stops matching is DELETED, in
 * the state that last matched, under the version of the change (apiserver `storage/cacher`).
 */
export const seen = (
  { type, object, previous }: StoreEvent,
  matches: Matches,
): { type: string; object: KubeObject } | undefined => {
  const before = previous !== undefined && matches(previous);
  const after = type !== 'DELETED' && matches(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  if (type === 'DELETED') return { type, object };
  const { resourceVersion } = object.metadata;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
};

/**
 * GET with `watch=1`: first what is there (without a version, or with 0) or what happened since the version,
 * then everything as it happens, as one JSON text a line, until either side ends it or `timeoutSeconds` pass.
 * A version that is no longer remembered is answered by an ERROR event with code 410.
 */
export const watchObjects = (
  { store, clock }: Cluster,
  target: Target,
  query: URLSearchParams,
  show: Presenter,
  response: ServerResponse,
): void => {
  const { resource, version } = target;
  const key = resourceKey(resource);
  refuseListOptions(query, true);
  const matches = matcher(target, query);
  const from = versionIn(query, (why) => new StatusError(500, '', why));
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const seconds = integerIn(query, 'timeoutSeconds');
  const stops: (() => void)[] = [];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
    if (!response.writableEnded) response.end();
  };
  const send = (event: WatchEvent): void => {
    if (response.writableEnded || response.destroyed) return;
    response.write(`${JSON.stringify(event)}\n`);
    if (response.writableLength > backlog) {
      response.destroy();
      stop();
    }
  };
  let first = true;
  const sendObject = (type: string, object: KubeObject): void => {
    send({ type, object: show.one(inVersion(resource, object, version), first) });
    first = false;
  };
  const tell = (event: StoreEvent): void => {
    const shown = seen(event, matches);
    if (shown !== undefined) sendObject(shown.type, shown.object);
  };
  const apiVersion = apiVersionOf(resource.group, version);
  const type = resource.custom ? undefined : typeOfKind(apiVersion, resource.kind);
  const bookmark = (annotations?: JsonObject): void =>
    sendObject('BOOKMARK', {
      ...(type === undefined ? {} : emptyOf(type)),
      kind: resource.kind,
      apiVersion,
      metadata: {
        resourceVersion: String(store.version),
        ...(annotations === undefined ? {} : { annotations }),
      },
    } as KubeObject);

  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  response.once('close', stop);
  const initial = query.get('sendInitialEvents') === 'true';
  try {
    if (from === undefined || from === 0 || initial) {
      if (query.get('sendInitialEvents') !== 'false') {
        for (const object of store.list(key, target.namespace))
          if (matches(object)) sendObject('ADDED', object);
      }
      if (initial) bookmark({ 'k8s.io/initial-events-end': 'true' });
    } else for (const event of store.since(key, from)) if (inScope(event, target)) tell(event);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    send({ type: 'ERROR', object: error.body });
    stop();
    return;
  }
  stops.push(store.subscribe(key, (event) => inScope(event, target) && tell(event)));
  const again = (): void => {
    bookmark();
    stops.push(clock.after(bookmarkEvery, again));
  };
  if (bookmarks) stops.push(clock.after(bookmarkEvery, again));
  if (seconds > 0) {
    const end = (): void => {
      if (bookmarks) bookmark();
      stop();
    };
    stops.push(clock.after(seconds * 1000, end));
  }
};

const inScope = ({ object }: StoreEvent, { namespace }: Target): boolean =>
  namespace === '' || object.metadata.namespace === namespace;
