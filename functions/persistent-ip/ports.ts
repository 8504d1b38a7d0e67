import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { AuditEntry } from './audit.ts';
import type { Address, BackendService, CloudStep, Firewall, ForwardingRule, Neg } from './cloud.ts';
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

/**
 * One cluster's API server. Every call rejects with a `Failure` and nothing else.
 *
 * Reads resolve to `undefined` only for a 404 `Status` with `reason: NotFound` that names the object. A 404
 * without it (the CRD is not installed), 401, 403, 410, 5xx and time-outs mean *unknown* and reject with
 * `retry`. No read is served from the API server's cache (no `resourceVersion=0`). Lists hold all pages.
 * Writes carry the `resourceVersion` of the object given; a 409 rejects with `stale`, a vanished object with
 * `not-found`.
 */
export interface KubernetesPort {
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
 * the cluster's network is of. Every call rejects with a `Failure` and nothing
 * else; `undefined` means 404. Lists hold all pages. Reads are spent again by the adapter on transient errors,
 * mutations never are, except with the same `requestId` after a time-out or a 5xx.
 */
export interface ComputePort {
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
  /**
   * Makes one change and waits for its operation, until `deadline` at most (`unfinished` then).
   * A delete of what is absent is done, and so is a detach from a NEG that is. One `requestId` a step, never derived from the intent.
   */
  apply(step: CloudStep, deadline: Date): Promise<void>;
}

/** The audit log `persistent-ip-audit`. Resolves when Cloud Logging has the entries. */
export interface AuditPort {
  write(entries: readonly AuditEntry[]): Promise<void>;
}

/** The topic of reconcile requests, ordered by object. Resolves when Pub/Sub has every message. */
export interface RequestPort {
  publish(requests: readonly ReconcileRequest[]): Promise<void>;
}
