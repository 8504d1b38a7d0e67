import type { Cause, ClusterKey } from '../../events/reconcile-request.ts';
import type { RouteSeen } from './accept-route.ts';
import type { SeenNode } from './choose-pod.ts';
import type { Contest } from './claims.ts';
import type { BackendService, Firewall, ForwardingRule, Neg } from './cloud.ts';
import { type ObjectIdentity, stemOf } from './names.ts';
import type { Gateway, Pod, Route } from './objects.ts';
import type { Owner } from './ownership.ts';

/** What the configuration says of a cluster. */
export interface ClusterFacts {
  readonly key: ClusterKey;
  readonly region: string;
  /** Zones in which its nodes may run. */
  readonly zones: readonly string[];
  /** The project that networks, subnetworks and firewall rules are of: with shared VPC the host project. */
  readonly networkProject: string;
  /** Short names. */
  readonly network: string;
  readonly subnetwork: string;
  /** Subnetworks of node pools other than the cluster's own. */
  readonly moreSubnetworks: readonly string[];
  /** How often a route's addresses may go from one Pod to another a minute: see flap-protection.ts. */
  readonly movesPerMinute: number;
  /** Network tag of the nodes, for the firewall rule's `targetTags`; absent: none. */
  readonly nodeTag?: string;
}

/** The Compute resources that carry the route's name, whoever made them. */
export interface CloudSeen {
  readonly backendService: BackendService | undefined;
  readonly rules: readonly ForwardingRule[];
  readonly firewall: Firewall | undefined;
  readonly negs: readonly Neg[];
}

/** All that a decision about a route rests on: fences first, facts second. */
export interface RouteObservation extends RouteSeen {
  readonly now: Date;
  readonly cause: Cause;
  /** The name of this deployment, in every ownership record. */
  readonly deployment: string;
  readonly cluster: ClusterFacts;
  readonly clusterUid: string;
  /** Pods of the route's namespace that its selector selects. */
  readonly pods: readonly Pod[];
  readonly nodes: ReadonlyMap<string, SeenNode>;
  readonly cloud: CloudSeen;
  /** `undefined` while the route holds all its addresses and is accepted as it is now, and when it cannot be. */
  readonly contest: Contest | undefined;
  /** Google Cloud refuses to be read, which only a person can mend: then nothing of `cloud` and `contest` is known. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** What this delivery has done so far; nothing else outlives an observation. */
export interface Delivery {
  /** The backend service's description that its last PATCH or insert wrote. */
  readonly written?: string;
  /** The backend service's fingerprint when the delivery began, if the status then said that its last change is over. */
  readonly settledAt?: string;
  /** How often this delivery has written the status. */
  readonly statusWrites?: number;
  /** A failure that only a person can mend. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** Google Cloud has refused the record that a release begins with: it goes on without. */
  readonly recordRefused?: true;
}

export const ownerOf = ({
  deployment,
  clusterUid,
  cluster,
  route,
}: Pick<RouteObservation, 'deployment' | 'clusterUid' | 'cluster' | 'route'>): Owner => ({
  deployment,
  clusterUid,
  route: identityOf(cluster.key, route),
});

export const identityOf = (cluster: ClusterKey, { metadata }: Route | Gateway): ObjectIdentity => ({
  cluster,
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
});

/** The stem of the names of the route's resources. */
export const stemOfRoute = (cluster: ClusterKey, route: Route): string => stemOf(identityOf(cluster, route));
