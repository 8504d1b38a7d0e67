import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import type { JsonObject, KubeObject } from '../../../infra/local/kubernetes/objects/object.ts';
import type { SimCompute } from '../cloud/compute.ts';
import { keys, pathOf, type SimCluster } from '../cloud/kubernetes.ts';
import type { Subscription } from '../cloud/messages.ts';
import type { Engine } from '../engine/engine.ts';

/** All that is simulated, as actors see it. */
export interface SimWorld {
  readonly engine: Engine;
  readonly cluster: SimCluster;
  readonly compute: SimCompute;
  /** Of `on-compute-event`: for what Compute Engine does by itself. */
  readonly computeEvents: Subscription;
  readonly audited: AuditEntry[];
}

const mergePatch = 'application/merge-patch+json';

/** Somebody who writes to the cluster: told apart in the audit log by the user name. */
export class Hand {
  readonly #cluster: SimCluster;
  readonly user: string;

  constructor({ cluster }: Pick<SimWorld, 'cluster'>, user: string) {
    this.#cluster = cluster;
    this.user = user;
  }

  create(key: string, object: JsonObject): boolean {
    const { namespace = '' } = object.metadata as { namespace?: string };
    return this.#cluster.send(this.user, 'POST', pathOf(key, namespace, ''), object).code < 300;
  }

  patch(key: string, namespace: string, name: string, body: JsonObject): boolean {
    return this.#cluster.send(this.user, 'PATCH', pathOf(key, namespace, name), body, mergePatch).code < 300;
  }

  patchStatus(key: string, namespace: string, name: string, body: JsonObject, type = mergePatch): boolean {
    return (
      this.#cluster.send(this.user, 'PATCH', `${pathOf(key, namespace, name)}/status`, body, type).code < 300
    );
  }

  putStatus(key: string, object: KubeObject): boolean {
    const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
    return this.#cluster.send(this.user, 'PUT', `${pathOf(key, namespace, name)}/status`, object).code < 300;
  }

  put(key: string, object: KubeObject): boolean {
    const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
    return this.#cluster.send(this.user, 'PUT', pathOf(key, namespace, name), object).code < 300;
  }

  remove(key: string, namespace: string, name: string, options: JsonObject = {}): boolean {
    return this.#cluster.send(this.user, 'DELETE', pathOf(key, namespace, name), options).code < 300;
  }

  bind(namespace: string, pod: string, node: string): boolean {
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: pod },
      target: { kind: 'Node', name: node },
    };
    return (
      this.#cluster.send(this.user, 'POST', `${pathOf(keys.pods, namespace, pod)}/binding`, body).code < 300
    );
  }
}

export const controller = (name: string): string => `system:serviceaccount:kube-system:${name}`;
