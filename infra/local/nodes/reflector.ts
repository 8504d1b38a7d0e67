import type { Clock } from '../clock.ts';
import { type Api, ApiError, isRefusal } from './api.ts';
import { type KubeObject, keyOf } from './objects.ts';
import type { Resource } from './resources.ts';
import { pause } from './worker.ts';

export type Listener<T> = (object: T, gone: boolean) => void;

/** What a reader of a collection sees: the objects as last heard of, and every change. */
export interface View<T extends KubeObject> {
  /** Resolves when the first list has been read. */
  readonly synced: Promise<void>;
  all(): T[];
  get(key: string): T | undefined;
  /** `listener` hears of every object there is, then of every change. */
  subscribe(listener: Listener<T>): void;
  /** Takes over what a write of our own was answered, so that no decision is made on the state before it. */
  accept(object: T): void;
}

export interface ReflectorOptions {
  readonly api: Api;
  readonly resource: Resource;
  /** A query such as `fieldSelector=spec.nodeName%3Dn1`. */
  readonly query?: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const firstPause = 50;
const longestPause = 5_000;
const remembered = 1_000;

/**
 * Lists a collection and watches it from there (client-go `tools/cache/reflector.go`): a stream that ends is
 * taken up again where it ended, 410 Gone and every other refusal list anew, a lost connection is waited out.
 * It ends with `signal`.
 */
export const reflect = <T extends KubeObject>(options: ReflectorOptions): View<T> => {
  const { api, resource, query = '', clock, signal } = options;
  const objects = new Map<string, T>();
  const listeners: Listener<T>[] = [];
  // Uids that are gone: the answer of a write may come after the event of the deletion that followed it.
  const buried = new Set<string>();
  const synced = Promise.withResolvers<void>();

  const tell = (object: T, gone: boolean): void => {
    for (const listener of listeners) listener(object, gone);
  };
  const put = (object: T): void => {
    const known = objects.get(keyOf(object));
    if (buried.has(object.metadata.uid)) return;
    if (known?.metadata.uid === object.metadata.uid) {
      // Resource versions of one resource are ordered (KEP-5504).
      if (BigInt(known.metadata.resourceVersion) >= BigInt(object.metadata.resourceVersion)) return;
    } else if (known !== undefined) bury(known);
    objects.set(keyOf(object), object);
    tell(object, false);
  };
  const bury = (object: T): void => {
    buried.add(object.metadata.uid);
    for (const oldest of buried) if (buried.size > remembered) buried.delete(oldest);
    if (objects.get(keyOf(object))?.metadata.uid === object.metadata.uid) objects.delete(keyOf(object));
    tell(object, true);
  };
  const relist = async (): Promise<string> => {
    const { items, resourceVersion } = await api.list<T>(resource, query);
    const present = new Set(items.map(({ metadata }) => metadata.uid));
    for (const known of [...objects.values()]) if (!present.has(known.metadata.uid)) bury(known);
    for (const item of items) put(item);
    return resourceVersion;
  };
  const run = async (): Promise<void> => {
    let from: string | undefined;
    let wait = firstPause;
    while (!signal.aborted) {
      try {
        from ??= await relist();
        synced.resolve();
        for await (const event of api.watch<T>(resource, query, from)) {
          wait = firstPause;
          if (event.type === 'ERROR')
            throw new ApiError(event.object.code ?? 500, '', event.object.message ?? '');
          from = event.object.metadata.resourceVersion;
          if (event.type === 'DELETED') bury(event.object);
          else if (event.type !== 'BOOKMARK') put(event.object);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError) from = undefined;
        if (isRefusal(error, 410)) continue;
      }
      await pause(clock, wait, signal);
      wait = Math.min(wait * 2, longestPause);
    }
  };
  // Whoever waits for the first list must be able to end: every request after this is refused anyway.
  signal.addEventListener('abort', () => synced.resolve(), { once: true });
  void run();
  return {
    synced: synced.promise,
    all: () => [...objects.values()],
    get: (key) => objects.get(key),
    subscribe(listener) {
      listeners.push(listener);
      for (const object of objects.values()) listener(object, false);
    },
    accept: put,
  };
};
