import type { Cluster } from '../cluster.ts';
import { type KubeObject, same, text } from '../objects/object.ts';
import type { StoreEvent } from '../store/store.ts';
import { budgetsKey, disruptionsOf } from '../verbs/disruption.ts';

/** Keeps the status of every budget as it is: for those who look, since an eviction counts for itself. */
export class DisruptionController {
  readonly #cluster: Cluster;
  readonly #stops: (() => void)[];
  readonly #due = new Set<string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#stops = ['/pods', budgetsKey].map((key) =>
      cluster.store.subscribe(key, (event) => this.#notice(event)),
    );
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Later, so that whoever watches hears of the change before what follows from it; once for many changes. */
  #notice({ object }: StoreEvent): void {
    const namespace = text(object.metadata.namespace) ?? '';
    if (this.#due.has(namespace)) return;
    this.#due.add(namespace);
    queueMicrotask(() => {
      this.#due.delete(namespace);
      if (this.#stops.length === 0) return;
      for (const budget of [...this.#cluster.store.list(budgetsKey, namespace)]) this.#settle(budget);
    });
  }

  #settle(budget: KubeObject): void {
    const observedGeneration = Number(budget.metadata.generation ?? 0);
    const status = { ...disruptionsOf(this.#cluster, budget), observedGeneration };
    if (!same(status, budget.status)) this.#cluster.store.put(budgetsKey, { ...budget, status });
  }
}
