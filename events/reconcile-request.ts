import { isAbsent, isObject, parseJson } from './json.ts';
import { isComputeName, isDnsLabel, isDnsSubdomain, isProject } from './names.ts';
import { accept, malformed, type Parsed, type Refused } from './refusal.ts';
import { isTimestamp } from './timestamp.ts';

/** A GKE cluster by the names that its audit entries carry (`resource.labels`). */
export interface ClusterKey {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

/** What made a delivery happen; copied into the holder record and into every audit entry. */
export interface Cause {
  /** The `insertId` of the audit entry, or the id of a sweep's run. */
  readonly insertId: string;
  /** `io.k8s.core.v1.pods.status.patch`, `v1.compute.instances.delete`, `sweep`. */
  readonly method: string;
  /** Who acted: a Kubernetes user name or an e-mail address. */
  readonly principal: string;
  /** When it happened, RFC 3339. */
  readonly at: string;
}

/**
 * Our own message between the functions: *look at this object*. It says nothing about the object's state.
 * Source: design/events.md.
 */
export interface ReconcileRequest {
  readonly cluster: ClusterKey;
  readonly kind: 'class' | 'gateway' | 'route';
  /** Empty for a class, which has no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** Without it one more round of reads finds the object first. */
  readonly uid?: string;
  readonly cause: Cause;
}

const longestCauseField = 1024;

const isKind = (kind: unknown): kind is ReconcileRequest['kind'] =>
  kind === 'class' || kind === 'gateway' || kind === 'route';

const isBounded = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= longestCauseField;

const isText = (value: unknown, test: (text: string) => boolean): value is string =>
  typeof value === 'string' && test(value);

const readCluster = (cluster: unknown): Parsed<ClusterKey> => {
  if (!isObject(cluster)) return malformed('cluster', 'is missing or no object');
  const { project, location, name } = cluster;
  if (!isText(project, isProject)) return malformed('cluster.project', 'is no project id');
  if (!isText(location, isComputeName)) return malformed('cluster.location', 'is no zone or region');
  if (!isText(name, isComputeName)) return malformed('cluster.name', 'is no name of a cluster');
  return accept({ project, location, name });
};

const readCause = (cause: unknown): Parsed<Cause> => {
  const missing = (field: string): Refused =>
    malformed(`cause.${field}`, 'is missing, no string or too long');
  if (!isObject(cause)) return malformed('cause', 'is missing or no object');
  const { insertId, method, principal, at } = cause;
  if (!isBounded(insertId)) return missing('insertId');
  if (!isBounded(method)) return missing('method');
  if (!isBounded(principal)) return missing('principal');
  if (!isTimestamp(at)) return malformed('cause.at', 'is no RFC 3339 time');
  return accept({ insertId, method, principal, at });
};

/**
 * A request as JSON has parsed it. Fields that it does not know are ignored: while a new version is rolled out,
 * both versions read each other's messages. Whether the cluster is configured is the reader's to ask.
 */
export const readReconcileRequest = (body: unknown): Parsed<ReconcileRequest> => {
  if (!isObject(body)) return malformed('message.data', 'is no reconcile request');
  const cluster = readCluster(body.cluster);
  if (!cluster.ok) return cluster;
  const { kind, namespace, name, uid } = body;
  if (!isKind(kind)) return malformed('kind', 'is not class, gateway or route');
  if (typeof namespace !== 'string' || (kind === 'class' ? namespace !== '' : !isDnsLabel(namespace)))
    return malformed('namespace', kind === 'class' ? 'is not empty' : 'is no name of a Namespace');
  if (!isText(name, isDnsSubdomain)) return malformed('name', 'is no name of an object');
  if (!isAbsent(uid) && !(typeof uid === 'string' && uid !== '' && uid.length <= 128))
    return malformed('uid', 'is no uid');
  const cause = readCause(body.cause);
  if (!cause.ok) return cause;
  return accept({
    cluster: cluster.value,
    kind,
    namespace,
    name,
    ...(isAbsent(uid) ? {} : { uid }),
    cause: cause.value,
  });
};

/** The same, from the decoded data of a Pub/Sub message. */
export const parseReconcileRequest = (text: string): Parsed<ReconcileRequest> => {
  const body = parseJson(text, 'message.data');
  return body.ok ? readReconcileRequest(body.value) : body;
};

/** The data of a message, of exactly the fields above and in their order. */
export const serialiseReconcileRequest = (request: ReconcileRequest): string => {
  const { cluster, kind, namespace, name, uid, cause } = request;
  return JSON.stringify({
    cluster: { project: cluster.project, location: cluster.location, name: cluster.name },
    kind,
    namespace,
    name,
    uid,
    cause: { insertId: cause.insertId, method: cause.method, principal: cause.principal, at: cause.at },
  });
};

const longestOrderingKey = 1024;

/**
 * One object is worked on by one instance at a time: cluster/kind/namespace/name. Names contain no slash, so no two
 * objects share a key. A key has at most 1024 bytes (Pub/Sub "Ordering messages"), which no request that was read
 * reaches; a longer one is cut, and the objects that then share it only wait for each other.
 */
export const orderingKey = (
  request: Pick<ReconcileRequest, 'cluster' | 'kind' | 'namespace' | 'name'>,
): string => {
  const { cluster, kind, namespace, name } = request;
  const key = [cluster.project, cluster.location, cluster.name, kind, namespace, name].join('/');
  if (key.length * 3 <= longestOrderingKey) return key;
  const bytes = new Uint8Array(longestOrderingKey);
  const { written } = new TextEncoder().encodeInto(key, bytes);
  return new TextDecoder().decode(bytes.subarray(0, written));
};

/** What tells the object of a request from all others, also from one that has had its name before. */
export const objectKey = (request: Omit<ReconcileRequest, 'cause'>): string =>
  `${orderingKey(request)} ${request.uid ?? ''}`;
