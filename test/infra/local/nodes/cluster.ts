import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { Identities } from '../../../../infra/local/identities.ts';
import { type LocalKubernetes, startKubernetes } from '../../../../infra/local/kubernetes/index.ts';
import { type Api, connect } from '../../../../infra/local/nodes/api.ts';
import { type LocalNodes, startNodes, type Timings } from '../../../../infra/local/nodes/index.ts';
import type { KubeObject } from '../../../../infra/local/nodes/objects.ts';
import { reflect, type View } from '../../../../infra/local/nodes/reflector.ts';
import type * as resources from '../../../../infra/local/nodes/resources.ts';

/** A cluster of two nodes for one test. Nothing in it waits longer than it has to. */
export interface TestCluster {
  readonly kubernetes: LocalKubernetes;
  readonly nodes: LocalNodes;
  /** The API as an administrator sees it. */
  readonly api: Api;
  /**
   * Resolves when an object `NAMESPACE/NAME` (or `undefined` for one that is gone) satisfies `holds`; looks at the
   * present state and then at every event.
   */
  until<T extends KubeObject>(
    resource: resources.Resource,
    key: string,
    holds: (object: T | undefined) => boolean,
  ): Promise<T | undefined>;
  /** Resolves when the whole collection satisfies `holds`. */
  untilAll<T extends KubeObject>(
    resource: resources.Resource,
    holds: (objects: readonly T[]) => boolean,
  ): Promise<T[]>;
}

const manifests = ['kubernetes/crds/gkeiproutes.yaml', 'local/manifests/networks.yaml'].map((name) =>
  fileURLToPath(new URL(`../../../../infra/${name}`, import.meta.url)),
);

export const timings: Timings = {
  podStartMs: 5,
  podReadyMs: 5,
  terminateMs: 5,
  leaseMs: 50,
  graceMs: 60_000,
  statusMs: 300_000,
  podGcMs: 10,
};

export const startCluster = async (own: Partial<Timings> = {}): Promise<TestCluster> => {
  const identities = new Identities();
  const kubernetes = await startKubernetes({ clock: systemClock, identities, manifests });
  const ending = new AbortController();
  const nodes = await startNodes({
    url: kubernetes.url,
    tokenOf: (user, groups) => identities.tokenOf(user, groups),
    nodes: [1, 2].map((number) => ({
      name: `n${number}`,
      zone: `us-central1-${number === 1 ? 'a' : 'b'}`,
      instance: `vm${number}`,
      project: 'p',
      podCidr: `10.8.${number}.0/24`,
      ip: `10.128.0.${number}`,
      subnetwork: 'pool',
    })),
    multiNetwork: true,
    timings: { ...timings, ...own },
    onError: (who, error, key) => {
      if (process.env.DEBUG_NODES !== undefined) process.stderr.write(`${who} ${key}: ${String(error)}\n`);
    },
  });
  onTestFinished(async () => {
    ending.abort();
    await nodes.close();
    await kubernetes.close();
  });
  const api = connect({
    url: kubernetes.url,
    token: identities.tokenOf('admin', ['system:masters']),
    signal: ending.signal,
    userAgent: 'kubectl',
  });
  const views = new Map<string, View<KubeObject>>();
  const viewOf = (resource: resources.Resource): View<KubeObject> => {
    const known =
      views.get(resource.plural) ?? reflect({ api, resource, clock: systemClock, signal: ending.signal });
    views.set(resource.plural, known);
    return known;
  };
  const untilAll = async <T extends KubeObject>(
    resource: resources.Resource,
    holds: (objects: readonly T[]) => boolean,
  ): Promise<T[]> => {
    const view = viewOf(resource);
    await view.synced;
    return new Promise((resolve) => {
      let settled = false;
      const look = (): void => {
        const objects = view.all() as T[];
        if (settled || !holds(objects)) return;
        settled = true;
        resolve(objects);
      };
      view.subscribe(look);
      look();
    });
  };
  return {
    kubernetes,
    nodes,
    api,
    untilAll,
    async until(resource, key, holds) {
      const find = <T extends KubeObject>(objects: readonly T[]): T | undefined =>
        objects.find(
          ({ metadata }) =>
            key ===
            (metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`),
        );
      return find(await untilAll(resource, (objects) => holds(find(objects) as never))) as never;
    },
  };
};

export const podSpec = { containers: [{ name: 'app', image: 'nat:1' }] };

export const deployment = (name: string, replicas: number, more: object = {}): object => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec },
    ...more,
  },
});
