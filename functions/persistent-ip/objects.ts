/**
 * The Kubernetes objects as the rules see them: plain data, the fields they read, Kubernetes' own names.
 * Adapters fill in what an API server would default, so that no rule asks twice whether a list is there.
 */

export interface Metadata {
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly finalizers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** `metav1.Condition`. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  /** RFC 3339; changes only when `status` does. */
  readonly lastTransitionTime: string;
}

/** `metav1.LabelSelector`, as it arrives: its operators are not checked yet. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface GatewayClass {
  readonly metadata: Metadata;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

export interface Listener {
  readonly name: string;
  readonly from: 'All' | 'Same' | 'Selector';
  /** With `from: Selector`. */
  readonly selector?: LabelSelector;
  /** `allowedRoutes.kinds`; empty admits what the Gateway's class supports. */
  readonly kinds: readonly { readonly group: string; readonly kind: string }[];
}

export interface GatewayAddress {
  readonly type: string;
  /** Absent: the user asks us to reserve one. */
  readonly value?: string;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export interface GatewayStatus {
  readonly addresses: readonly { readonly type: string; readonly value: string }[];
  readonly conditions: readonly Condition[];
  readonly listeners: readonly ListenerStatus[];
}

export interface Gateway {
  readonly metadata: Metadata;
  readonly className: string;
  readonly addresses: readonly GatewayAddress[];
  readonly listeners: readonly Listener[];
  readonly status: GatewayStatus;
}

/** Gateway API `ParentReference`; the namespace defaults to the route's own. */
export interface ParentRef {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
}

export interface RouteStatus {
  /** Exactly the Pod that holds the addresses; empty when there is none. */
  readonly pods: readonly string[];
  readonly conditions: readonly Condition[];
}

/** A field manager that owns something of a route's status that is ours to write. */
export interface StatusWriter {
  readonly manager: string;
  /** When it last changed what it owns of it; RFC 3339, whole seconds. */
  readonly at: string;
}

/** `GKEIPRoute`, `networking.gke.io/v1`. */
export interface Route {
  readonly metadata: Metadata;
  readonly parentRefs: readonly ParentRef[];
  readonly addresses: readonly { readonly type: string; readonly value: string }[];
  readonly network: string;
  readonly podSelector: LabelSelector;
  readonly reactionMode: 'ReadyCondition' | 'Exists';
  /** Fields of GKE's newest CRD that a class may or may not offer; absent when the user left them out. */
  readonly extra: {
    readonly allowGlobalAccess?: boolean;
    readonly haPolicy?: boolean;
    readonly nodeSelector?: LabelSelector;
    readonly loadBalancing?: { readonly healthCheckName: string };
  };
  readonly status: RouteStatus;
  /** From `metadata.managedFields`: see second-controller.ts. */
  readonly statusWriters: readonly StatusWriter[];
}

export interface Namespace {
  readonly metadata: Metadata;
}

/** `Network`, `networking.gke.io/v1`, cluster-scoped. Source: GKE's networking API, `apis/network/v1`. */
export interface Network {
  readonly metadata: Metadata;
  /** `L2`, `L3` or `Device`. */
  readonly type: string;
  /** The GKENetworkParamSet that `spec.parametersRef` names; absent when it names nothing of that kind. */
  readonly paramSet?: string;
  readonly conditions: readonly Condition[];
}

/** `GKENetworkParamSet`, `networking.gke.io/v1`, cluster-scoped: where in Google Cloud a Network is. */
export interface NetworkParamSet {
  readonly metadata: Metadata;
  /** Short names, of the project that the cluster's network is of; empty where a network attachment is named. */
  readonly vpc: string;
  readonly vpcSubnet: string;
}

export interface Pod {
  readonly metadata: Metadata;
  /** `spec.nodeName`; absent while the Pod is not scheduled. */
  readonly nodeName?: string;
  readonly hostNetwork: boolean;
  /** Networks beside the default one that it has an interface on: annotation `networking.gke.io/interfaces`. */
  readonly networks: readonly string[];
  readonly phase: string;
  readonly podIP?: string;
  /** Its `Ready` condition is `True`. */
  readonly ready: boolean;
}

export interface Node {
  readonly name: string;
  /** From `spec.providerID`, `gce://PROJECT/ZONE/INSTANCE`; absent when that is missing or of another form. */
  readonly instance?: { readonly project: string; readonly zone: string; readonly name: string };
  /** The Node's `Ready` condition. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** Label `cloud.google.com/gke-node-pool-subnet`; absent: the cluster's. */
  readonly subnetwork?: string;
  /** Networks that its VM has a NIC in: annotation `networking.gke.io/north-interfaces`. */
  readonly networks: readonly string[];
}

/**
 * What Compute says of a VM. `gone`: absent, `STOPPING`, `STOPPED`, `TERMINATED`, `SUSPENDING`, `SUSPENDED`.
 * `unreadable` counts as running: not knowing is no reason to move an address.
 */
export type VmState = 'running' | 'gone' | 'unreadable';

export interface Vm {
  readonly state: VmState;
  /** Short names of the subnetworks of its NICs, the first NIC's first; empty unless it could be read. */
  readonly subnetworks: readonly string[];
}
