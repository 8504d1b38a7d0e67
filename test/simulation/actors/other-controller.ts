import type { Condition, Route } from '../../../infra/local/nodes/objects.ts';
import { timestamp } from '../../../infra/local/nodes/objects.ts';
import { keys } from '../cloud/kubernetes.ts';
import { read } from '../cloud/kubernetes-port.ts';
import { Hand, type SimWorld } from './world.ts';

const user = 'other-controller';

/** What is the controllers' to say, all but the agents' condition. */
const types = ['Accepted', 'GCPReady', 'Ready'];

/** What it says of each. */
export const theirs = 'Theirs';

/**
 * A second controller that thinks a route its own: whatever is written of its status, it writes its own verdict over it,
 * soon, and leaves alone the conditions that it does not know.
 */
export class OtherController {
  readonly #world: SimWorld;
  /** `namespace/name` of the routes that it serves, too. */
  readonly #routes = new Set<string>();

  constructor(world: SimWorld) {
    this.#world = world;
    world.cluster.store.subscribe(keys.routes, ({ object, type }) => {
      const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
      if (type !== 'DELETED' && this.#routes.has(`${namespace}/${name}`)) this.#later(namespace, name);
    });
  }

  serve(namespace: string, name: string, forMs: number): void {
    const key = `${namespace}/${name}`;
    this.#routes.add(key);
    this.#later(namespace, name);
    this.#world.engine.time.after(forMs, () => this.#routes.delete(key));
  }

  #later(namespace: string, name: string): void {
    const { time, fates } = this.#world.engine;
    const raw = this.#world.cluster.get(keys.routes, namespace, name);
    const label = `other controller ${namespace}/${name} ${raw?.metadata.resourceVersion}`;
    time.after(fates.between(label, 10, 800), () => this.#rewrite(namespace, name));
  }

  #rewrite(namespace: string, name: string): void {
    if (!this.#routes.has(`${namespace}/${name}`)) return;
    const raw = this.#world.cluster.get(keys.routes, namespace, name);
    if (raw === undefined || says(raw as unknown as Route)) return;
    const at = timestamp(this.#world.engine.time.now());
    const generation = read.route(raw).metadata.generation;
    const known = ((raw as unknown as Route).status?.conditions ?? []).filter(
      ({ type }) => !types.includes(type),
    );
    const own = types.map((type) => ({
      type,
      status: 'False',
      reason: theirs,
      message: 'another controller serves this route',
      observedGeneration: generation,
      lastTransitionTime: at,
    }));
    const { resourceVersion } = raw.metadata;
    const body = { metadata: { resourceVersion }, status: { pods: [], conditions: [...known, ...own] } };
    const written = new Hand(this.#world, user).patchStatus(
      keys.routes,
      namespace,
      name,
      JSON.parse(JSON.stringify(body)),
    );
    if (written) this.#world.engine.story.count('rewrites by another controller');
  }
}

/** It reads as the other controller wants it. */
const says = ({ status }: Route): boolean =>
  (status?.pods ?? []).length === 0 &&
  types.every((type) =>
    (status?.conditions ?? []).some(
      (condition: Condition) => condition.type === type && condition.reason === theirs,
    ),
  );
