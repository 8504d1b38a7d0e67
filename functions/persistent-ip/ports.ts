import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { AuditEntry } from './audit.ts';
import type { Address, BackendService, CloudStep, Firewall, ForwardingRule, Neg, NegRef } from './cloud.ts';
import type { MovesFilter } from './moves.ts';
import type {
  Condition,
  Gateway,
  GatewayClass,
  GatewayStatus,
  LabelSelector,
  Namespace,
  Network,
  NetworkParamSet,
  Node,
  Pod,
  Route,
  RouteStatus,
  Vm,
} from './objects.ts';
import type { RouteEvent } from './route-event.ts';

/**
 * One cluster's API server, as far as it is read. Every call rejects with a `Failure` and nothing else.
 *
 * Reads resolve to `undefined` only for a 404 `Status` with `reason: NotFound` that names the object. A 404
 * without it (the CRD is not installed), 401, 403, 410, 5xx and time-outs mean *unknown* and reject with
 * `retry`. No read is served from the API server's cache (no `resourceVersion=0`). Lists hold all pages.
 */
export interface KubernetesReads {
  /** The uid of Namespace `kube-system`: it tells one cluster from another of the same name. May be cached. */
  clusterUid(): Promise<string>;
  route(namespace: string, name: string): Promise<Route | undefined>;
  /** All GKEIPRoutes, or those of one namespace. */
  routes(namespace?: string): Promise<readonly Route[]>;
  gateway(namespace: string, name: string): Promise<Gateway | undefined>;
  gateways(): Promise<readonly Gateway[]>;
  gatewayClasses(): Promise<readonly GatewayClass[]>;
  namespace(name: string): Promise<Namespace | undefined>;
  namespaces(): Promise<readonly Namespace[]>;
  /**
   * Networks and their parameter sets, which a cluster has or has not: without the CRD the list rejects with `retry` and
   * status 404, because nothing is known.
   */
  networks(): Promise<readonly Network[]>;
  networkParamSets(): Promise<readonly NetworkParamSet[]>;
  /** The Pods of a namespace that the selector selects; the selector has been checked. */
  pods(namespace: string, selector: LabelSelector): Promise<readonly Pod[]>;
  pod(namespace: string, name: string): Promise<Pod | undefined>;
  podsOnNode(node: string): Promise<readonly Pod[]>;
  node(name: string): Promise<Node | undefined>;
}

/** What a sweep lists beside: one list each, however many routes there are. */
export interface KubernetesLists {
  /**
   * The Pods that a selector of their own namespace selects; the selectors, by namespace, have been checked. Without
   * annotations and finalizers.
   */
  podsSelected(by: ReadonlyMap<string, readonly LabelSelector[]>): Promise<readonly Pod[]>;
  nodes(): Promise<readonly Node[]>;
}

/**
 * The same, and what is written there. Writes carry the `resourceVersion` of the object given; a 409 rejects with
 * `stale`, a vanished object with `not-found`.
 */
export interface KubernetesPort extends KubernetesReads, KubernetesLists {
  /** Replaces `status.pods` and `status.conditions`; resolves to the route as written. */
  writeRouteStatus(route: Route, status: RouteStatus): Promise<Route>;
  /** Resolves to the Gateway as written. */
  writeGatewayStatus(gateway: Gateway, status: GatewayStatus): Promise<Gateway>;
  writeClassConditions(gatewayClass: GatewayClass, conditions: readonly Condition[]): Promise<void>;
  /** Replaces `metadata.finalizers`. */
  setGatewayFinalizers(gateway: Gateway, finalizers: readonly string[]): Promise<void>;
  /** Replaces `metadata.finalizers`; resolves to the route as written, or `undefined` if that removed it. */
  setRouteFinalizers(route: Route, finalizers: readonly string[]): Promise<Route | undefined>;
}

/**
 * Google Compute Engine, in the cluster's project and region; networks, subnetworks and firewall rules in the project that
 * the cluster's network is of; as far as they are read. Every call rejects with a `Failure` and nothing
 * else; `undefined` means 404. Lists hold all pages. Reads are spent again by the adapter on transient errors.
 */
export interface ComputeReads {
  backendService(name: string): Promise<BackendService | undefined>;
  /** Forwarding rules of the region whose name is one of `prefixes` followed by a dash and one more word. */
  forwardingRulesNamed(prefixes: readonly string[]): Promise<readonly ForwardingRule[]>;
  /** Forwarding rules of the region, whoever made them, that use one of these IPv4 addresses. */
  forwardingRulesOf(ips: readonly string[]): Promise<readonly ForwardingRule[]>;
  firewall(name: string): Promise<Firewall | undefined>;
  /**
   * NEGs of a zone whose name is `prefix` followed by a dash and one more word, with their endpoints. Those of `expected`
   * names cost one round; any other that exists costs one more.
   */
  negsNamed(zone: string, prefix: string, expected: readonly string[]): Promise<readonly Neg[]>;
  /** Never rejects for a VM that cannot be read: that is `unreadable`. */
  vm(zone: string, name: string): Promise<Vm>;
  /** All reserved addresses of the region; with shared VPC also the internal ones of the host project. */
  addresses(): Promise<readonly Address[]>;
  /** Those among them that have one of these IPv4 addresses. */
  addressesOf(ips: readonly string[]): Promise<readonly Address[]>;
}

/** The same, and what is changed there: a mutation is spent again only with the same `requestId` after a time-out or a 5xx. */
export interface ComputePort extends ComputeReads {
  /**
   * Makes one change and waits for its operation, until `deadline` at most (`unfinished` then).
   * A delete of what is absent is done, and so is a detach from a NEG that is. One `requestId` a step, never derived from the intent.
   */
  apply(step: CloudStep, deadline: Date): Promise<void>;
}

/** What a list shows, and when it was made, RFC 3339; empty where Google Cloud does not say. */
export type Listed<T> = T & { readonly created: string };

/** A NEG as a list shows it: with how many endpoints, not which. */
export type ListedNeg = Listed<Omit<Neg, 'endpoints'> & { readonly size: number }>;

/**
 * What a sweep reads of Compute Engine: by lists alone, however many routes there are; of the same projects and region as
 * {@link ComputeReads}, and rejecting as it does. What is *named ours* has the form of our names (`pip-...`), whichever
 * deployment of this software made it; whose it is, its record says. Lists hold all pages.
 */
export interface ComputeLists {
  /** Backend services of the region that are named ours. */
  backendServices(): Promise<readonly Listed<BackendService>[]>;
  /** Forwarding rules of the region, whoever made them. */
  forwardingRules(): Promise<readonly Listed<ForwardingRule>[]>;
  /** Firewall rules of the network project that are named ours. */
  firewalls(): Promise<readonly Listed<Firewall>[]>;
  /** NEGs of a zone that are named ours. */
  negs(zone: string): Promise<readonly ListedNeg[]>;
  /** The VMs attached to one NEG (short names); empty for one that is gone. */
  endpoints(neg: NegRef): Promise<readonly string[]>;
  /** Every VM of a zone by name, in the words of `vm()`; one that is absent is gone. */
  vms(zone: string): Promise<ReadonlyMap<string, Vm>>;
}

/** The audit log `persistent-ip-audit`. Resolves when Cloud Logging has the entries. */
export interface AuditPort {
  write(entries: readonly AuditEntry[]): Promise<void>;
}

/** Kubernetes Events on routes, for whoever looks with `kubectl`: nothing depends on them. */
export interface EventPort {
  /**
   * Makes the Event, or counts it once more where the same has happened before; the same occurrence told again is done.
   * Rejects with a `Failure` and nothing else.
   */
  announce(event: RouteEvent): Promise<void>;
}

/** Which entries of the audit log, newest first. */
export interface AuditQuery {
  /**
   * Entries whose addresses hold this text; or, with `routes`, any entry of one of these routes; or, with `changes`, every
   * change of holder of a cluster and namespace, or of all.
   */
  readonly about:
    | { readonly address: string }
    | { readonly routes: readonly string[] }
    | { readonly changes: MovesFilter };
  /** At this time or before; milliseconds since 1970. */
  readonly until: number;
  /** At this time or after. */
  readonly since: number;
}

/** The audit log, read back. Rejects with a `Failure` and nothing else. */
export interface AuditReads {
  /** One page of a query, and the token of the next one; copies may be among them. */
  page(
    query: AuditQuery,
    pageToken?: string,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | undefined }>;
}

/** The topic of reconcile requests, ordered by object. Resolves when Pub/Sub has every message. */
export interface RequestPort {
  publish(requests: readonly ReconcileRequest[]): Promise<void>;
}
