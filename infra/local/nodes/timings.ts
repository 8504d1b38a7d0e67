/** How long things take, in milliseconds. Where Kubernetes has a default, ours is the same unless a tour would drag. */
export interface Timings {
  /** From the binding being seen to the containers running, with an IP. */
  readonly podStartMs: number;
  /** From running to Ready. */
  readonly podReadyMs: number;
  /** From the deletion being seen to the containers having ended; never longer than the Pod's grace period. */
  readonly terminateMs: number;
  /** Between two renewals of a node's lease (a quarter of the kubelet's `nodeLeaseDurationSeconds`). */
  readonly leaseMs: number;
  /** `--node-monitor-grace-period`: an older lease makes a Node's Ready Unknown. */
  readonly graceMs: number;
  /** Between two reports of an unchanged node status (`nodeStatusReportFrequency`). */
  readonly statusMs: number;
  /** How long a Node must have been gone before its Pods are collected. */
  readonly podGcMs: number;
}

export const defaultTimings: Timings = {
  podStartMs: 300,
  podReadyMs: 300,
  terminateMs: 200,
  leaseMs: 10_000,
  graceMs: 40_000,
  statusMs: 300_000,
  podGcMs: 1_000,
};
