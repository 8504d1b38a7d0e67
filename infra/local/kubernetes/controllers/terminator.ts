import type { Cluster } from '../cluster.ts';
import { finalizersOf, isDeleting } from '../objects/metadata.ts';
import { type KubeObject, list, text } from '../objects/object.ts';
import { customResourceDefinitions, definitionFinalizer, resourceOf } from '../resources/custom-resource.ts';
import { type Resource, resourceKey } from '../resources/resource.ts';
import { commit } from '../verbs/update.ts';

/** Who deletes the content of a namespace, in the audit log. */
export const terminatorName = 'system:serviceaccount:kube-system:namespace-controller';

/** Empties one resource of one namespace (of the cluster, when that is empty) by a `deletecollection`. */
export type RemoveAll = (resource: Resource, namespace: string) => void;

const definitions = resourceKey(customResourceDefinitions);

/**
 * The namespace controller and the finalizer of CustomResourceDefinitions, which a cluster cannot be without: what
 * is in a Terminating namespace, or of a definition that is being deleted, is deleted; when the last of it is
 * gone, so is the namespace or the definition.
 */
export class Terminator {
  readonly #cluster: Cluster;
  readonly #removeAll: RemoveAll;
  /** What was asked for once and now waits for kubelets and finalizers. */
  readonly #asked = new Set<string>();
  readonly #followed = new Set<string>();
  readonly #stops: (() => void)[] = [];
  #turn: NodeJS.Immediate | undefined;

  /** @param removeAll makes a call of it, so that it is recorded and audited as any other */
  constructor(cluster: Cluster, removeAll: RemoveAll) {
    this.#cluster = cluster;
    this.#removeAll = removeAll;
    for (const key of ['/namespaces', definitions]) {
      this.#stops.push(
        cluster.store.subscribe(key, ({ object, type }) => {
          if (type !== 'DELETED' && isDeleting(object)) this.#later();
        }),
      );
    }
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#turn !== undefined) clearImmediate(this.#turn);
  }

  /** After the present call was answered: whoever deletes a namespace sees it Terminating first. */
  #later(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      const { store } = this.#cluster;
      for (const namespace of [...store.list('/namespaces', '')]) this.#endNamespace(namespace);
      for (const definition of [...store.list(definitions, '')]) this.#endDefinition(definition);
    });
  }

  /** Deletes what a namespace holds of a resource. @returns how much of it is left */
  #empty(resource: Resource, namespace: string, on: KubeObject): number {
    const { store } = this.#cluster;
    const key = resourceKey(resource);
    this.#follow(key);
    if (store.count(key, namespace) === 0) return 0;
    const once = `${on.metadata.uid} ${namespace} ${key}`;
    if (!this.#asked.has(once)) {
      this.#asked.add(once);
      this.#removeAll(resource, namespace);
    }
    return store.count(key, namespace);
  }

  #endNamespace(namespace: KubeObject): void {
    if (!isDeleting(namespace)) return;
    const { store, catalog } = this.#cluster;
    let left = finalizersOf(namespace).length;
    for (const resource of [...catalog.all()]) {
      if (resource.namespaced) left += this.#empty(resource, namespace.metadata.name, namespace);
    }
    if (left > 0) return;
    this.#forget(namespace);
    store.remove('/namespaces', { ...namespace, spec: {} });
  }

  #endDefinition(definition: KubeObject): void {
    if (!isDeleting(definition)) return;
    const { store } = this.#cluster;
    const resource = resourceOf(definition);
    const namespaces = new Set(
      [...store.list(resourceKey(resource), '')].map(({ metadata }) => text(metadata.namespace) ?? ''),
    );
    this.#follow(resourceKey(resource));
    let left = 0;
    for (const namespace of namespaces) left += this.#empty(resource, namespace, definition);
    if (left > 0) return;
    this.#forget(definition);
    const finalizers = list(definition.metadata.finalizers).filter((name) => name !== definitionFinalizer);
    const next = { ...definition, metadata: { ...definition.metadata, finalizers } };
    commit(this.#cluster, customResourceDefinitions, definition, next, false);
  }

  #forget(on: KubeObject): void {
    for (const asked of [...this.#asked])
      if (asked.startsWith(`${on.metadata.uid} `)) this.#asked.delete(asked);
  }

  /** What waits (a Pod for its kubelet, an object for a finalizer) may be the last there is. */
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
