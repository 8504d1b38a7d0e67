import { uuidOf } from '../../random.ts';
import type { Cluster } from '../cluster.ts';
import { isDeleting } from '../objects/metadata.ts';
import { timestamp } from '../objects/object.ts';

const key = '/serviceaccounts';

/** Every namespace has a ServiceAccount `default`, which Pods are when they do not say who they are. */
export class ServiceAccountController {
  readonly #cluster: Cluster;
  readonly #stops: (() => void)[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#stops = [
      cluster.store.subscribe('/namespaces', ({ object }) => this.#ensure(object.metadata.name)),
      cluster.store.subscribe(key, ({ object }) => this.#ensure(String(object.metadata.namespace))),
    ];
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #ensure(namespace: string): void {
    const { store, clock, random } = this.#cluster;
    const found = store.get('/namespaces', '', namespace);
    if (found === undefined || isDeleting(found) || store.get(key, namespace, 'default') !== undefined)
      return;
    const creationTimestamp = timestamp(clock.now());
    const metadata = {
      name: 'default',
      namespace,
      uid: uuidOf(random),
      creationTimestamp,
      resourceVersion: '',
    };
    store.put(key, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  }
}
