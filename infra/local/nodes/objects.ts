/** The parts of Kubernetes objects that the machinery reads or writes; whatever else they hold is carried along. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Meta;
}

export type Truth = 'True' | 'False' | 'Unknown';

export interface Condition {
  readonly type: string;
  readonly status: Truth;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastProbeTime?: string | null;
  readonly lastHeartbeatTime?: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface PodAntiAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly schedulerName?: string;
  readonly schedulingGates?: readonly unknown[];
  readonly restartPolicy?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly containers?: readonly { readonly name: string; readonly image: string }[];
  readonly affinity?: {
    readonly podAntiAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAntiAffinityTerm[];
    };
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly lastState: object;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly started: boolean;
  readonly state: Readonly<Record<string, object>>;
}

export interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly Condition[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly containerStatuses?: readonly ContainerStatus[];
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface Node extends KubeObject {
  readonly spec?: {
    readonly providerID?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string };
}

export interface Route extends KubeObject {
  readonly spec: {
    readonly addresses: readonly { readonly value: string }[];
    readonly network?: string;
  };
  readonly status?: { readonly pods?: readonly string[]; readonly conditions?: readonly Condition[] };
}

/** `NAMESPACE/NAME`, or `NAME` of what has no namespace: the key of an object among its kind. */
export const keyOf = ({ metadata }: KubeObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

export const conditionOf = (
  status: { readonly conditions?: readonly Condition[] } | undefined,
  type: string,
): Condition | undefined => status?.conditions?.find((condition) => condition.type === type);

export const isTrue = (
  status: { readonly conditions?: readonly Condition[] } | undefined,
  type: string,
): boolean => conditionOf(status, type)?.status === 'True';

/** A Pod that has ended for good: its containers run no more and never will. */
export const isOver = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export const isLeaving = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** The one owner that manages `object` (`controller: true`). */
export const controllerOf = ({ metadata }: KubeObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find((owner) => owner.controller === true);

/** metav1.Time: RFC 3339 in UTC with whole seconds. */
export const timestamp = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
