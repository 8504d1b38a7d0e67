import type { Cluster } from './cluster.ts';
import { isDeleting } from './metadata.ts';
import type { KubeObject } from './object.ts';
import { resourceKey } from './resource.ts';

/** Who deletes the content of a namespace, in the audit log. */
export const terminatorName = 'system:serviceaccount:kube-system:namespace-controller';

/** Empties one resource of one namespace. */
export type RemoveAll = (group: string, version: string, resource: string, namespace: string) => void;

/**
 * The namespace controller, which a cluster cannot be without: the content of a Terminating namespace is deleted,
 * resource by resource as `deletecollection`, and the namespace goes when nothing is left in it.
 */
export class Terminator {
  readonly #cluster: Cluster;
  readonly #removeAll: RemoveAll;
  readonly #asked = new Set<string>();
  #turn: NodeJS.Immediate | undefined;
  readonly #stops: (() => void)[] = [];
  readonly #followed = new Set<string>();

  /** @param removeAll sends a `deletecollection`, so that it is recorded and audited as any other call */
  constructor(cluster: Cluster, removeAll: RemoveAll) {
    this.#cluster = cluster;
    this.#removeAll = removeAll;
    this.#stops.push(
      cluster.store.subscribe('/namespaces', ({ object, type }) => {
        if (type !== 'DELETED' && isDeleting(object)) this.#later();
      }),
    );
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#turn !== undefined) clearImmediate(this.#turn);
  }

  /** After the present call was answered: whoever deletes a namespace sees it Terminating first. */
  #later(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      for (const namespace of [...this.#cluster.store.list('/namespaces', '')]) {
        if (isDeleting(namespace)) this.#terminate(namespace);
      }
    });
  }

  #terminate(namespace: KubeObject): void {
    const { store, catalog } = this.#cluster;
    const { name } = namespace.metadata;
    let left = 0;
    for (const resource of [...catalog.all()]) {
      if (!resource.namespaced) continue;
      const key = resourceKey(resource);
      this.#follow(key);
      if (store.count(key, name) === 0) continue;
      if (!this.#asked.has(`${name} ${key}`)) {
        this.#asked.add(`${name} ${key}`);
        this.#removeAll(resource.group, resource.versions[0] ?? resource.storage, resource.plural, name);
      }
      left += store.count(key, name);
    }
    if (left > 0) return;
    for (const asked of [...this.#asked]) if (asked.startsWith(`${name} `)) this.#asked.delete(asked);
    store.remove('/namespaces', { ...namespace, spec: {} });
  }

  /** What waits in a namespace (a Pod for its kubelet, a finalizer) may be the last thing in it. */
  #follow(key: string): void {
    if (this.#followed.has(key)) return;
    this.#followed.add(key);
    this.#stops.push(
      this.#cluster.store.subscribe(key, ({ type }) => {
        if (type === 'DELETED') this.#later();
      }),
    );
  }
}
