import { readFileSync } from 'node:fs';
import type { KubernetesAuditEvent } from '../../../infra/local/audit/kubernetes-entry.ts';
import { Identities } from '../../../infra/local/identities.ts';
import { Recorder } from '../../../infra/local/kubernetes/audit/recorder.ts';
import { Faults } from '../../../infra/local/kubernetes/http/faults.ts';
import { handle, type Serving } from '../../../infra/local/kubernetes/http/server.ts';
import { applyManifest } from '../../../infra/local/kubernetes/manifest.ts';
import type { Json, JsonObject, KubeObject } from '../../../infra/local/kubernetes/objects/object.ts';
import { Catalog } from '../../../infra/local/kubernetes/resources/catalog.ts';
import { resourceKey } from '../../../infra/local/kubernetes/resources/resource.ts';
import { Store } from '../../../infra/local/kubernetes/store/store.ts';
import { seeded } from '../../../infra/local/random.ts';
import type { SimTime } from '../engine/time.ts';

/** Keys of the resources in the store. */
export const keys = {
  routes: 'networking.gke.io/gkeiproutes',
  gateways: 'gateway.networking.k8s.io/gateways',
  classes: 'gateway.networking.k8s.io/gatewayclasses',
  networks: 'networking.gke.io/networks',
  paramSets: 'networking.gke.io/gkenetworkparamsets',
  namespaces: '/namespaces',
  pods: '/pods',
  nodes: '/nodes',
} as const;

const roots: Readonly<Record<string, string>> = { '': '/api/v1' };

/** The path of an object, or with an empty name of its collection. */
export const pathOf = (key: string, namespace: string, name: string): string => {
  const [group = '', plural = ''] = key.split('/');
  const space = namespace === '' ? '' : `/namespaces/${namespace}`;
  return `${roots[group] ?? `/apis/${group}/v1`}${space}/${plural}${name === '' ? '' : `/${name}`}`;
};

export interface Sent {
  readonly code: number;
  readonly body: JsonObject;
}

const manifests = [
  'infra/local/manifests/networks.yaml',
  'infra/kubernetes/crds/gkeiproutes.yaml',
  'infra/kubernetes/gatewayclasses.yaml',
];

/** A new cluster as it is before anybody uses it; made once, for a definition takes longer to read than a story. */
const installed: () => readonly (readonly [key: string, object: KubeObject])[] = (() => {
  let found: readonly (readonly [string, KubeObject])[] | undefined;
  return () => {
    found ??= install();
    return found;
  };
})();

const install = (): readonly (readonly [string, KubeObject])[] => {
  const cluster = new SimCluster(
    { now: () => new Date('2026-11-24T13:00:00Z'), after: () => () => {} },
    0,
    [],
  );
  for (const name of ['kube-system', 'infra', 'edge', 'shop']) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } };
    cluster.send('admin', 'POST', pathOf(keys.namespaces, '', ''), namespace);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    cluster.send('admin', 'POST', pathOf('/serviceaccounts', name, ''), account);
  }
  for (const file of manifests) {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    applyManifest(cluster.catalog, text, (method, path, body, type) =>
      cluster.send('admin', method, path, body, type),
    );
  }
  return [...cluster.catalog.all()].flatMap((resource) => {
    const key = resourceKey(resource);
    return [...cluster.store.list(key, '')].map((object) => [key, object] as const);
  });
};

/** Events of one resource that are remembered: nobody watches over HTTP. */
const window = 10;

/** The local cloud's Kubernetes API without its HTTP: the same rules for what is written. */
export class SimCluster {
  readonly store = new Store(window);
  readonly catalog = new Catalog(this.store);
  readonly #serving: Serving;

  constructor(clock: Pick<SimTime, 'now' | 'after'>, seed: number, objects = installed()) {
    this.#serving = {
      cluster: { store: this.store, catalog: this.catalog, clock, random: seeded(seed) },
      identities: new Identities(),
      recorder: new Recorder(),
      faults: new Faults(),
      latencyMs: 0,
      authorize: () => true,
    };
    for (const [key, object] of objects) this.store.put(key, object);
  }

  onAudit(listener: (event: KubernetesAuditEvent) => void): void {
    this.#serving.recorder.onAudit(listener);
  }

  /** One write, in somebody's name. */
  send(user: string, method: string, path: string, body?: Json, contentType = 'application/json'): Sent {
    const { answer } = handle(this.#serving, {
      method,
      url: new URL(path, 'http://kubernetes.local'),
      body,
      contentType,
      user: { name: user, groups: ['system:masters', 'system:authenticated'] },
      userAgent: user,
    });
    if (answer === undefined || !('body' in answer)) throw new Error(`${method} ${path}: no answer`);
    return { code: answer.code, body: answer.body };
  }

  get(key: string, namespace: string, name: string): KubeObject | undefined {
    return this.store.get(key, namespace, name);
  }

  list(key: string, namespace = ''): readonly KubeObject[] {
    return [...this.store.list(key, namespace)];
  }
}
