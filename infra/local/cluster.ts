import type { KubernetesAuditEvent } from './audit/kubernetes-entry.ts';
import type { Clock } from './clock.ts';
import type { Identities } from './identities.ts';
import type { Fault, KubeCall, SecureDoor } from './kubernetes/index.ts';
import type { Random } from './random.ts';

export interface ClusterOptions {
  readonly clock: Clock;
  /** Who may speak to it: a token of theirs is a token of the cluster's, and their groups count. */
  readonly identities: Identities;
  /** Of the Kubernetes API; 0 or absent takes a free port. */
  readonly port?: number;
  /** For the names and uids that the API server makes up, where it is ours to choose. */
  readonly random?: Random;
}

/**
 * The Kubernetes cluster of a local cloud: what the cloud and the scenarios need of it, whoever runs it. A new one has
 * the system's namespaces and roles, the resources of the Gateway API, and no node.
 */
export interface CloudCluster {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** It brings scheduler and controllers: then the nodes of the cloud are nodes and nothing else. */
  readonly ownControllers: boolean;
  /** Every call through `url` and the doors, in the order of their answers. */
  readonly calls: readonly KubeCall[];
  onCall(listener: (call: KubeCall) => void): () => void;
  /** Tells of every event of the audit log, as kube-apiserver's webhook sends it. */
  onAudit(listener: (event: KubernetesAuditEvent) => void): () => void;
  /**
   * Creates or merges the objects of a manifest, as an administrator; what a CRD in it defines is served when it
   * resolves.
   * @throws Error when one is refused, in the API server's words; those before it stay
   */
  apply(yaml: string): Promise<void>;
  /** Plants a failure for the next calls that fit. */
  inject(fault: Fault): void;
  /** Opens the same API over HTTPS as well; closed with the rest. */
  openHttps(port?: number): Promise<SecureDoor>;
  /** Ends every watch and connection. */
  close(): Promise<void>;
}

export type StartCluster = (options: ClusterOptions) => Promise<CloudCluster>;
