import { auditLogOf, readAuditEntry } from './audit-entry.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { type MethodName, parseMethodName } from './method-name.ts';
import { isComputeName, isDnsLabel, isDnsSubdomain, isProject } from './names.ts';
import type { ClusterKey } from './reconcile-request.ts';
import { accept, malformed, type Parsed } from './refusal.ts';

/** The kinds whose writes can concern an address. */
export type Kind =
  | 'pod'
  | 'node'
  | 'namespace'
  | 'class'
  | 'gateway'
  | 'route'
  | 'network'
  | 'network-param-set';

/** Which object was written. */
export interface Target {
  /** Empty for an object of the cluster. */
  readonly namespace: string;
  /** Empty when a collection is deleted, or the entry of a creation does not know the name. */
  readonly name: string;
}

/**
 * One write on a cluster's API server, as its audit entry tells it. A hint: which object, not how it is now.
 * The bodies are unread JSON of whatever type the sender put there; whoever needs a fact of them reads it.
 */
export interface ClusterEvent {
  readonly cluster: ClusterKey;
  readonly insertId: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** Kubernetes' user name; empty if the entry names nobody. */
  readonly principal: string;
  readonly method: MethodName;
  /** `undefined`: a kind that no address depends on; its `target` is not read. */
  readonly kind: Kind | undefined;
  readonly target: Target;
  /** A `google.rpc.Code`; 0 is success. */
  readonly statusCode: number;
  readonly dryRun: boolean;
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
}

interface KnownKind {
  readonly kind: Kind;
  readonly namespaced: boolean;
}

/** By group, then by resource. */
const kinds: ReadonlyMap<string, ReadonlyMap<string, KnownKind>> = new Map([
  [
    'core',
    new Map<string, KnownKind>([
      ['pods', { kind: 'pod', namespaced: true }],
      ['nodes', { kind: 'node', namespaced: false }],
      ['namespaces', { kind: 'namespace', namespaced: false }],
    ]),
  ],
  [
    'gateway.networking.k8s.io',
    new Map<string, KnownKind>([
      ['gatewayclasses', { kind: 'class', namespaced: false }],
      ['gateways', { kind: 'gateway', namespaced: true }],
    ]),
  ],
  [
    'networking.gke.io',
    new Map<string, KnownKind>([
      ['gkeiproutes', { kind: 'route', namespaced: true }],
      ['networks', { kind: 'network', namespaced: false }],
      ['gkenetworkparamsets', { kind: 'network-param-set', namespaced: false }],
    ]),
  ],
]);

const slash = 47;
const nowhere: Target = { namespace: '', name: '' };

const readCluster = (resource: unknown): Parsed<ClusterKey> => {
  if (!isObject(resource)) return malformed('resource', 'is missing or no object');
  if (resource.type !== 'k8s_cluster') return malformed('resource.type', 'is not k8s_cluster');
  const labels = resource.labels;
  if (!isObject(labels)) return malformed('resource.labels', 'is missing or no object');
  const { project_id: project, location, cluster_name: name } = labels;
  if (typeof project !== 'string' || !isProject(project))
    return malformed('resource.labels.project_id', 'is no project id');
  if (typeof location !== 'string' || !isComputeName(location))
    return malformed('resource.labels.location', 'is no zone or region');
  if (typeof name !== 'string' || !isComputeName(name))
    return malformed('resource.labels.cluster_name', 'is no name of a cluster');
  return accept({ project, location, name });
};

/** `/NAME[/SUBRESOURCE]`, of exactly the subresource that the method wrote; nothing after a collection. */
const readObjectName = (path: string, method: MethodName): string | undefined => {
  if (path === '') return method.verb === 'deletecollection' || method.verb === 'create' ? '' : undefined;
  if (path.charCodeAt(0) !== slash || method.verb === 'deletecollection') return undefined;
  const end = path.indexOf('/', 1);
  const name = end < 0 ? path.slice(1) : path.slice(1, end);
  const subresource = end < 0 ? '' : path.slice(end + 1);
  if (subresource !== method.subresource || (end >= 0 && subresource === '')) return undefined;
  return isDnsSubdomain(name) ? name : undefined;
};

/**
 * `GROUP/VERSION/[namespaces/NS/]RESOURCE/NAME[/SUBRESOURCE]`; `undefined` unless it names an object of exactly the
 * kind that the method wrote. Without splitting: every entry passes here.
 */
const readTarget = (path: string, method: MethodName, namespaced: boolean): Target | undefined => {
  if (path.length > 1024) return undefined;
  let at = method.group.length + method.version.length + 2;
  if (!path.startsWith(`${method.group}/${method.version}/`)) return undefined;
  let namespace = '';
  if (namespaced) {
    const prefix = 'namespaces/';
    const end = path.indexOf('/', at + prefix.length);
    if (end < 0 || !path.startsWith(prefix, at)) return undefined;
    namespace = path.slice(at + prefix.length, end);
    if (!isDnsLabel(namespace)) return undefined;
    at = end + 1;
  }
  if (!path.startsWith(method.resource, at)) return undefined;
  const name = readObjectName(path.slice(at + method.resource.length), method);
  return name === undefined ? undefined : { namespace, name };
};

// The value is not documented; the label is there only on dry runs.
const isDryRun = (labels: unknown): boolean =>
  isObject(labels) &&
  labels['command.gke.io/dryRun'] !== undefined &&
  labels['command.gke.io/dryRun'] !== 'false';

/**
 * A LogEntry of GKE's admin activity log, as JSON has parsed it. What no address depends on is accepted with
 * `kind: undefined` without a look at its name, because other kinds may have names of other forms.
 * Source: design/events.md.
 */
export const readClusterEvent = (entry: unknown): Parsed<ClusterEvent> => {
  if (!isObject(entry)) return malformed('message.data', 'is no LogEntry');
  if (auditLogOf(entry.logName) !== 'activity') return malformed('logName', 'is not the activity log');
  const cluster = readCluster(entry.resource);
  if (!cluster.ok) return cluster;
  const common = readAuditEntry(entry, 'k8s.io');
  if (!common.ok) return common;
  const { insertId, timestamp, principal, statusCode, payload } = common.value;

  const method = typeof payload.methodName === 'string' ? parseMethodName(payload.methodName) : undefined;
  if (method === undefined) return malformed('protoPayload.methodName', 'is no method of Kubernetes');

  const known = kinds.get(method.group)?.get(method.resource);
  let target = nowhere;
  if (known !== undefined) {
    const path = payload.resourceName;
    const named = typeof path === 'string' ? readTarget(path, method, known.namespaced) : undefined;
    if (named === undefined)
      return malformed('protoPayload.resourceName', 'names no object of the kind that the method wrote');
    target = named;
  }
  return accept({
    cluster: cluster.value,
    insertId,
    timestamp,
    principal,
    method,
    kind: known?.kind,
    target,
    statusCode,
    dryRun: isDryRun(entry.labels),
    request: isObject(payload.request) ? payload.request : undefined,
    response: isObject(payload.response) ? payload.response : undefined,
  });
};

/** The same, from the decoded data of a Pub/Sub message. */
export const parseClusterEvent = (text: string): Parsed<ClusterEvent> => {
  const entry = parseJson(text, 'message.data');
  return entry.ok ? readClusterEvent(entry.value) : entry;
};
