import { type Condition, conditionOf, type Truth, timestamp } from './objects.ts';

/** One node of the cluster and the VM that it is. */
export interface NodeSpec {
  readonly name: string;
  readonly zone: string;
  /** The VM's name. */
  readonly instance: string;
  readonly project: string;
  /** Where its Pods' addresses come from, such as `10.8.1.0/24`. */
  readonly podCidr: string;
  readonly ip: string;
  /** The subnetwork of its node pool, by name. */
  readonly subnetwork: string;
}

const reports = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const satisfies readonly (readonly [string, Truth, string, string])[];

/** The conditions that a healthy kubelet reports; `lastTransitionTime` changes only with `status`. */
export const healthyConditions = (known: readonly Condition[] | undefined, at: Date): Condition[] => {
  const now = timestamp(at);
  return reports.map(([type, status, reason, message]) => {
    const before = conditionOf({ conditions: known ?? [] }, type);
    const since = before?.status === status ? (before.lastTransitionTime ?? now) : now;
    return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: since };
  });
};

/** Whether all that a healthy kubelet reports already stands there, heartbeats aside. */
export const looksHealthy = (known: readonly Condition[] | undefined): boolean =>
  reports.every(([type, status, reason]) => {
    const condition = conditionOf({ conditions: known ?? [] }, type);
    return condition?.status === status && condition.reason === reason;
  });

/** The Node that a kubelet on GKE registers: found by its provider id, placed by its labels. */
export const nodeObject = (node: NodeSpec, at: Date): object => ({
  metadata: {
    name: node.name,
    labels: {
      'kubernetes.io/hostname': node.name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/region': node.zone.replace(/-[a-z]$/, ''),
      'topology.kubernetes.io/zone': node.zone,
      'cloud.google.com/gke-nodepool': 'default-pool',
      'cloud.google.com/gke-node-pool-subnet': node.subnetwork,
    },
  },
  spec: {
    providerID: `gce://${node.project}/${node.zone}/${node.instance}`,
    podCIDR: node.podCidr,
    podCIDRs: [node.podCidr],
  },
  status: {
    addresses: [
      { type: 'InternalIP', address: node.ip },
      { type: 'Hostname', address: node.name },
    ],
    capacity: { cpu: '4', memory: '16Gi', pods: '110' },
    allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
    nodeInfo: { kubeletVersion: 'v1.34.2-gke.local', operatingSystem: 'linux', architecture: 'amd64' },
    conditions: healthyConditions(undefined, at),
  },
});
