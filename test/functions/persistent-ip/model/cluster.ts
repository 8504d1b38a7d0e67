import type { LabelSelector } from '../../../../functions/persistent-ip/objects.ts';

/**
 * A cluster and its cloud as a person would write them down. The model reads this, the generator makes it, and the
 * adapter turns it into the project's own objects; so the model owes the rules under test nothing but words.
 */
export interface Cluster {
  /** Whether the node agents answer a route that they may serve. */
  agents: 'answer' | 'fail' | 'silent';
  classes: AClass[];
  namespaces: ANamespace[];
  networks: ANetwork[];
  paramSets: { name: string; vpc: string; subnet: string }[];
  nodes: ANode[];
  pods: APod[];
  reserved: AnAddress[];
  gateways: AGateway[];
  routes: ARoute[];
  /** Forwarding rules that no route of this cluster made. */
  otherRules: { ip: string; by: 'stranger' | 'another-cluster' }[];
  /** Routes, by key, whose resources' names somebody else took. */
  squatted: string[];
}

export interface AClass {
  name: string;
  controller: string;
  /** Annotation `persistent-ip.dev/scheme`. */
  scheme?: string;
}

export interface ANamespace {
  name: string;
  labels: Record<string, string>;
}

export interface ANetwork {
  name: string;
  ready?: 'True' | 'False' | 'Unknown';
  type: string;
  paramSet: string;
}

export interface ANode {
  name: string;
  zone: string;
  ready: 'True' | 'False' | 'Unknown';
  vm: 'running' | 'gone' | 'unreadable';
}

export interface APod {
  namespace: string;
  name: string;
  uid: string;
  /** Seconds. */
  created: number;
  labels: Record<string, string>;
  terminating: boolean;
  phase: string;
  hostNetwork: boolean;
  node?: string;
  ready: boolean;
  ip?: string;
  /** Networks beside the default one that its annotation names. */
  networks: string[];
}

export interface AnAddress {
  name: string;
  ip: string;
  scheme: 'EXTERNAL' | 'INTERNAL';
}

export interface AGateway {
  namespace: string;
  name: string;
  className: string;
  generation: number;
  deleting: boolean;
  addresses: { type: string; value?: string }[];
  listeners: AListener[];
  /** Annotation `persistent-ip.dev/source-ranges`. */
  sourceRanges?: string;
}

export interface AListener {
  name: string;
  from: 'All' | 'Same' | 'Selector';
  selector?: LabelSelector;
  kinds: { group: string; kind: string }[];
}

export interface AParent {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  section?: string;
}

export interface ARoute {
  namespace: string;
  name: string;
  /** Seconds. */
  created: number;
  generation: number;
  deleting: boolean;
  /** Marks of GKE's controller, and a finalizer of a third party that keeps a deleted route in view. */
  marks: ('gke-finalizer' | 'gke-annotation' | 'third-finalizer')[];
  /** What another controller said of it before we came: `Accepted`, of an older generation. */
  theirs?: 'True' | 'False';
  parents: AParent[];
  addresses: { type: string; value: string }[];
  network: string;
  selector: LabelSelector;
  mode: 'ReadyCondition' | 'Exists';
  extra: {
    allowGlobalAccess?: boolean;
    haPolicy?: boolean;
    nodeSelector?: LabelSelector;
    loadBalancing?: { healthCheckName: string };
  };
}

export const controllerName = 'persistent-ip.dev/serverless';
/** Where every Network of a generated cluster is, as its parameter set says. */
export const secondVpc = { vpc: 'vpc-2', subnet: 'subnet-2' };
/** The route that serves `another-cluster`. */
export const elsewhere = 'far/away';
export const gatewayGroup = 'gateway.networking.k8s.io';
export const keyOf = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${namespace}/${name}`;

/** What earlier deliveries have left: statuses, finalizers, forwarding rules and holder records. */
export interface Past {
  /** By Gateway key: what its status says. */
  offers: Map<string, Offer>;
  /** By Gateway key: the addresses that we have reserved for it. Which ones Google gives, nobody can foretell. */
  reservations: Map<string, { ip: string; scheme: string }[]>;
  /** By route key. */
  routes: Map<string, RoutePast>;
  /** Forwarding rules in the order of their making; `by` is the key of a route, or who else. */
  rules: { ip: string; by: string }[];
}

export interface Offer {
  accepted: boolean;
  /** IPv4, no prefix. */
  held: string[];
}

export interface Said {
  status: string;
  reason: string;
  generation: number;
}

export interface Holding {
  pod: string;
  uid: string;
  node: string;
  ip: string;
}

export interface RoutePast {
  finalizer: boolean;
  /** Whether any resource of ours is there, be it a NEG alone. */
  made: boolean;
  /** What cannot be patched, of what is there: scheme, network and subnetwork; empty when nothing is. */
  place: string;
  /** Source ranges of the firewall rule, sorted; `undefined`: there is none. */
  ranges: string | undefined;
  pods: string[];
  /** By type. */
  conditions: Map<string, Said>;
  /** The holder record; `null`: it says nobody; `undefined`: there is no backend service. */
  record: Holding | null | undefined;
  /** uid of the Pod that had the addresses last, whether or not one has them now; empty when none ever had. */
  last: string;
  /** How often they have gone from one Pod to another in the last minute. */
  moved: number;
  /** Addresses that the record speaks of. */
  had: string[];
  /** The VM that the backend service's leader is; empty when there is none. */
  leader: string;
  /** The VMs that are attached, sorted; read off a world, for which of them come when is no question of the model's. */
  attached: string[];
}
