import { KeyedStore } from '../../store/keyed-store.ts';
import { shelfKey } from '../../store/shelf.ts';
import { type KubeObject, text } from '../objects/object.ts';
import { expired, StatusError } from '../objects/status.ts';
import { History, type StoreEvent } from './history.ts';

export type { StoreEvent } from './history.ts';

/** etcd's key of an object below its resource: what lists are ordered by. */
export const keyOf = (object: KubeObject): string => shelfKey(spaceOf(object), object.metadata.name);

const spaceOf = (object: KubeObject): string => text(object.metadata.namespace) ?? '';

/**
 * All objects and their history, under one counter of resource versions as etcd has it. It knows no rule of
 * any kind: it keeps, orders and tells.
 */
export class Store {
  #version = 1;
  readonly #objects = new KeyedStore<Record<string, KubeObject>>();
  readonly #histories = new Map<string, History>();
  readonly #window: number;

  /** @param window how many events of each resource are remembered for watches and continued lists */
  constructor(window: number) {
    this.#window = window;
  }

  /** The version of the latest write. */
  get version(): number {
    return this.#version;
  }

  #history(resource: string): History {
    let history = this.#histories.get(resource);
    if (history === undefined) {
      history = new History(this.#window);
      this.#histories.set(resource, history);
    }
    return history;
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.of(resource).get(namespace, name);
  }

  /** Stores `object` under a new resource version, and tells those who watch. */
  put(resource: string, object: KubeObject): KubeObject {
    const { name } = object.metadata;
    const previous = this.get(resource, spaceOf(object), name);
    const stored = this.#stamp(object);
    this.#objects.of(resource).put(spaceOf(object), name, stored);
    const type = previous === undefined ? 'ADDED' : 'MODIFIED';
    this.#history(resource).add({ type, version: this.#version, object: stored, previous });
    return stored;
  }

  /** Removes the object; the event carries its last state under the version of the deletion. */
  remove(resource: string, object: KubeObject): KubeObject {
    const { name } = object.metadata;
    const previous = this.get(resource, spaceOf(object), name);
    const last = this.#stamp(object);
    this.#objects.of(resource).delete(spaceOf(object), name);
    this.#history(resource).add({ type: 'DELETED', version: this.#version, object: last, previous });
    return last;
  }

  #stamp(object: KubeObject): KubeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  /** How many objects a namespace (all, when empty) holds of a resource. */
  count(resource: string, namespace: string): number {
    return this.#objects.of(resource).count(namespace === '' ? undefined : namespace);
  }

  /** Objects in the order of their keys, those after the key `after` only. */
  list(resource: string, namespace: string, after = ''): Iterable<KubeObject> {
    return this.#objects.of(resource).ordered(namespace === '' ? undefined : namespace, after);
  }

  /**
   * The objects as they were at `version`, in order, those after the key `after` only: what is stored now, with
   * everything that happened since undone.
   * @throws StatusError 410 when that is no longer remembered
   */
  *listAt(resource: string, namespace: string, version: number, after = ''): Generator<KubeObject> {
    const then = new Map<string, KubeObject | undefined>();
    for (const { object, previous } of this.since(resource, version)) {
      const key = keyOf(object);
      if (!then.has(key)) then.set(key, previous);
    }
    const gone = [...then].flatMap(([key, object]) => {
      const namespaced = namespace === '' || object?.metadata.namespace === namespace;
      const now = object && this.get(resource, spaceOf(object), object.metadata.name);
      return object !== undefined && now === undefined && namespaced && key > after ? [{ key, object }] : [];
    });
    gone.sort((a, b) => (a.key < b.key ? -1 : 1));
    let at = 0;
    for (const object of this.list(resource, namespace, after)) {
      const key = keyOf(object);
      for (let lost = gone[at]; lost !== undefined && lost.key < key; lost = gone[at]) {
        yield lost.object;
        at += 1;
      }
      const before = then.has(key) ? then.get(key) : object;
      if (before !== undefined) yield before;
    }
    for (const { object } of gone.slice(at)) yield object;
  }

  /**
   * Every event of the resource after `version`.
   * @throws StatusError 410 when some of them are no longer remembered, 504 when that version is yet to come
   */
  since(resource: string, version: number): readonly StoreEvent[] {
    if (version > this.#version) {
      throw new StatusError(
        504,
        'Timeout',
        `Too large resource version: ${version}, current: ${this.#version}`,
        { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
      );
    }
    const history = this.#history(resource);
    if (version < history.forgotten)
      throw expired(`too old resource version: ${version} (${history.forgotten})`);
    return history.since(version);
  }

  /** Calls `listener` for every later event of the resource, in order; the result ends it. */
  subscribe(resource: string, listener: (event: StoreEvent) => void): () => void {
    return this.#history(resource).subscribe(listener);
  }
}
