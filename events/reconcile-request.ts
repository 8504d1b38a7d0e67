/** A GKE cluster by the names that its audit entries carry (`resource.labels`). */
export interface ClusterKey {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

/** What made a delivery happen; copied into the holder record and into every audit entry. */
export interface Cause {
  /** The `insertId` of the audit entry, or the id of a sweep's run. */
  readonly insertId: string;
  /** `io.k8s.core.v1.pods.status.patch`, `v1.compute.instances.delete`, `sweep`. */
  readonly method: string;
  /** Who acted: a Kubernetes user name or an e-mail address. */
  readonly principal: string;
  /** When it happened, RFC 3339. */
  readonly at: string;
}

/**
 * Our own message between the functions: *look at this object*. It says nothing about the object's state.
 * Source: design/events.md.
 */
export interface ReconcileRequest {
  readonly cluster: ClusterKey;
  readonly kind: 'class' | 'gateway' | 'route';
  /** Empty for a class, which has no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** Without it one more round of reads finds the object first. */
  readonly uid?: string;
  readonly cause: Cause;
}
