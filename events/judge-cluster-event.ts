import { isObject, type JsonObject, stringMap } from './json.ts';
import type { ClusterEvent, Kind } from './log-entry.ts';
import { isDnsSubdomain } from './names.ts';
import type { ClusterKey, ReconcileRequest } from './reconcile-request.ts';
import type { Refusal } from './refusal.ts';

/** Why an entry cannot matter; a closed set, so that drops can be counted by reason. */
export type DropReason =
  | 'our own write'
  | 'the request failed'
  | 'a dry run'
  | 'no address depends on this resource'
  | 'no address depends on this write'
  | 'a Pod without a node matters when it is bound'
  | 'the status changes nothing that addresses depend on'
  | 'a new Namespace has no routes yet'
  | 'the objects of a Namespace report their own deletion';

/** Which objects an entry may concern. It selects work and never carries a parameter of it. */
export type ClusterVerdict =
  | { readonly kind: 'drop'; readonly why: DropReason }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** A class, Gateway or route was written: look at it. */
  | {
      readonly kind: 'object';
      readonly of: ReconcileRequest['kind'];
      readonly namespace: string;
      readonly name: string;
    }
  /** Gateways or routes of a Namespace were written without being named (deletecollection, generateName). */
  | { readonly kind: 'objects-of-namespace'; readonly of: 'gateway' | 'route'; readonly namespace: string }
  /** A Namespace's labels may have changed. */
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'network'; readonly name: string }
  /** A GKENetworkParamSet, or Networks that are not named (deletecollection): any Network may be concerned. */
  | { readonly kind: 'networks' }
  | PodVerdict
  /** Pods of a Namespace were deleted without being named. */
  | { readonly kind: 'pods-of-namespace'; readonly namespace: string }
  | { readonly kind: 'node'; readonly name: string; readonly gone: boolean };

export interface PodVerdict {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  /** The Pod is removed, not only asked to terminate: a GET finds nothing, or another Pod of its name. */
  readonly podGone: boolean;
  /** Only where the entry holds the whole Pod; without them its labels cost one GET. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ClusterEventConfig {
  /** Every other cluster is refused. */
  readonly clusters: readonly ClusterKey[];
  /** Our service account's e-mail address, as Kubernetes knows it. */
  readonly ownPrincipal: string;
}

const drop = (why: DropReason): ClusterVerdict => ({ kind: 'drop', why });

const isConfigured = (cluster: ClusterKey, clusters: readonly ClusterKey[]): boolean =>
  clusters.some(
    (one) =>
      one.name === cluster.name && one.location === cluster.location && one.project === cluster.project,
  );

const objectAt = (body: JsonObject | undefined, key: string): JsonObject | undefined => {
  const value = body?.[key];
  return isObject(value) ? value : undefined;
};

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A list with a `Ready` entry that has a `status`: without one, only message or heartbeat changed. */
const hasReadyTransition = (conditions: unknown): boolean =>
  Array.isArray(conditions) &&
  conditions.some(
    (entry: unknown) => isObject(entry) && entry.type === 'Ready' && typeof entry.status === 'string',
  );

/** The Pod in a body, if it is the Pod itself and not a patch, a Status or options. */
const podIn = (body: JsonObject | undefined): JsonObject | undefined =>
  objectAt(body, 'spec') !== undefined && objectAt(body, 'metadata') !== undefined ? body : undefined;

/**
 * The whole Pod of an entry. The response shows it as it was stored. An update's request is whole too; a creation's
 * is not, because admission may have changed it.
 */
const wholePod = (event: ClusterEvent): JsonObject | undefined =>
  podIn(event.response) ?? (event.method.verb === 'update' ? podIn(event.request) : undefined);

const podVerdict = (event: ClusterEvent, podGone: boolean): ClusterVerdict => {
  const metadata = objectAt(wholePod(event), 'metadata');
  const uid =
    nonEmpty(metadata?.uid) ??
    nonEmpty(objectAt(event.request, 'metadata')?.uid) ??
    nonEmpty(objectAt(event.request, 'preconditions')?.uid);
  const labels = metadata === undefined ? undefined : stringMap(metadata.labels ?? {});
  return {
    kind: 'pod',
    namespace: event.target.namespace,
    name: event.target.name,
    podGone,
    ...(uid === undefined ? {} : { uid }),
    ...(labels === undefined ? {} : { labels }),
  };
};

/**
 * A Pod that has no node is no standby and no candidate, in either reaction mode; its binding is an entry of its own.
 * Pods that are created with a node (static Pods, controllers that schedule themselves) are never bound.
 */
const judgePodCreation = (event: ClusterEvent): ClusterVerdict => {
  const spec = objectAt(podIn(event.response) ?? podIn(event.request), 'spec');
  if (spec !== undefined && nonEmpty(spec.nodeName) === undefined)
    return drop('a Pod without a node matters when it is bound');
  // Without a name (generateName and no response) nothing can be looked up.
  const name = event.target.name || nonEmpty(objectAt(event.response, 'metadata')?.name);
  if (name === undefined) return { kind: 'pods-of-namespace', namespace: event.target.namespace };
  if (!isDnsSubdomain(name)) return { kind: 'pods-of-namespace', namespace: event.target.namespace };
  return podVerdict({ ...event, target: { namespace: event.target.namespace, name } }, false);
};

/**
 * Removed, not only terminating: the kubelet deletes last, when the containers have ended; anybody may delete
 * without grace. A finalizer keeps even such a Pod.
 */
const isPodRemoved = (event: ClusterEvent): boolean => {
  const metadata = objectAt(event.response, 'metadata');
  const finalizers = metadata?.finalizers;
  if (Array.isArray(finalizers) && finalizers.length > 0) return false;
  return (
    event.principal.startsWith('system:node:') ||
    event.request?.gracePeriodSeconds === 0 ||
    metadata?.deletionGracePeriodSeconds === 0
  );
};

/** A Ready entry with a status, an IP, or the end of the Pod; without a request its content cannot drop it. */
const judgePodStatusPatch = (event: ClusterEvent): ClusterVerdict => {
  if (event.request === undefined) return podVerdict(event, false);
  const status = objectAt(event.request, 'status');
  if (status !== undefined) {
    const { phase } = status;
    if (
      hasReadyTransition(status.conditions) ||
      nonEmpty(status.podIP) !== undefined ||
      phase === 'Succeeded' ||
      phase === 'Failed'
    )
      return podVerdict(event, false);
  }
  return drop('the status changes nothing that addresses depend on');
};

const judgePod = (event: ClusterEvent): ClusterVerdict => {
  const { subresource, verb } = event.method;
  switch (subresource) {
    case 'status':
      if (verb === 'patch') return judgePodStatusPatch(event);
      // The node controller's way to say that a dead node's Pods are not ready.
      if (verb === 'update') return podVerdict(event, false);
      break;
    case 'binding':
    case 'eviction':
      if (verb === 'create' && event.target.name !== '') return podVerdict(event, false);
      break;
    case '':
      if (verb === 'create') return judgePodCreation(event);
      if (verb === 'delete') return podVerdict(event, isPodRemoved(event));
      // Labels or the networks' annotation may have changed.
      if (verb === 'update' || verb === 'patch') return podVerdict(event, false);
      if (verb === 'deletecollection')
        return { kind: 'pods-of-namespace', namespace: event.target.namespace };
  }
  return drop('no address depends on this write');
};

/** A Node matters when it is lost or comes back; a new one when a Pod is bound to it. */
const judgeNode = (event: ClusterEvent): ClusterVerdict => {
  const { subresource, verb } = event.method;
  const { name } = event.target;
  if (subresource === '' && verb === 'delete') return { kind: 'node', name, gone: true };
  if (subresource === 'status' && verb === 'update') return { kind: 'node', name, gone: false };
  if (subresource === 'status' && verb === 'patch') {
    const status = objectAt(event.request, 'status');
    return event.request === undefined || hasReadyTransition(status?.conditions)
      ? { kind: 'node', name, gone: false }
      : drop('the status changes nothing that addresses depend on');
  }
  return drop('no address depends on this write');
};

const judgeNamespace = (event: ClusterEvent): ClusterVerdict => {
  const { subresource, verb } = event.method;
  if (subresource !== '') return drop('no address depends on this write');
  if (verb === 'update' || verb === 'patch') return { kind: 'namespace', name: event.target.name };
  // Its routes are made later, and each is reconciled by its own creation.
  if (verb === 'create') return drop('a new Namespace has no routes yet');
  return drop('the objects of a Namespace report their own deletion');
};

const isWrite: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** The objects that are reconciled, and Networks: every write, `/status` too (that is how DPV2Ready reaches us). */
const judgeObject = (
  event: ClusterEvent,
  kind: Exclude<Kind, 'pod' | 'node' | 'namespace'>,
): ClusterVerdict => {
  const { subresource, verb } = event.method;
  const { namespace, name } = event.target;
  if (subresource !== '' && subresource !== 'status') return drop('no address depends on this write');
  if (name === '') {
    // Entries of these kinds have no bodies that could name what was written.
    if (kind === 'network' || kind === 'network-param-set') return { kind: 'networks' };
    return kind === 'gateway' || kind === 'route'
      ? { kind: 'objects-of-namespace', of: kind, namespace }
      : drop('no address depends on this write');
  }
  if (!isWrite.has(verb)) return drop('no address depends on this write');
  if (kind === 'network-param-set') return { kind: 'networks' };
  if (kind === 'network') return { kind, name };
  return { kind: 'object', of: kind, namespace, name };
};

/**
 * What an entry is worth: the fine work that the sink's filter leaves to the function, without any API call.
 * Precedence: a foreign cluster is refused; our own writes, failures and dry runs are dropped; then the kind's rule.
 * Source: design/events.md.
 */
export const judgeClusterEvent = (event: ClusterEvent, config: ClusterEventConfig): ClusterVerdict => {
  if (!isConfigured(event.cluster, config.clusters))
    return {
      kind: 'refuse',
      refusal: { kind: 'untrusted', field: 'resource.labels', problem: 'unknown cluster' },
    };
  if (event.principal === config.ownPrincipal) return drop('our own write');
  if (event.statusCode !== 0) return drop('the request failed');
  if (event.dryRun) return drop('a dry run');
  switch (event.kind) {
    case undefined:
      return drop('no address depends on this resource');
    case 'pod':
      return judgePod(event);
    case 'node':
      return judgeNode(event);
    case 'namespace':
      return judgeNamespace(event);
    default:
      return judgeObject(event, event.kind);
  }
};
