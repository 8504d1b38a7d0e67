/** An event of `audit.k8s.io/v1`, as kube-apiserver's webhook sends it, in so far as GKE's LogEntry shows it. */
export interface KubernetesAuditEvent {
  readonly auditID: string;
  /** Absent is `ResponseComplete`. */
  readonly stage?: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly requestURI?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly apiVersion?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ClusterLabels {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `gateway.networking.k8s.io` is `io.k8s.networking.gateway`, the core group is `io.k8s.core`. */
const reversedGroup = (group: string): string => {
  if (group === '') return 'io.k8s.core';
  const full = group.includes('.') ? group : `${group}.k8s.io`;
  return full.split('.').toReversed().join('.');
};

const groupPath = (group: string): string => (group === '' ? 'core' : group);

/** The name of a `generateName` object is only in the response. */
const nameOf = ({ objectRef, responseObject }: KubernetesAuditEvent): string => {
  const metadata =
    isObject(responseObject) && isObject(responseObject.metadata) ? responseObject.metadata : {};
  return objectRef?.name ?? (typeof metadata.name === 'string' ? metadata.name : '');
};

const resourceName = (event: KubernetesAuditEvent): string => {
  const { apiGroup = '', apiVersion = '', namespace, resource = '', subresource } = event.objectRef ?? {};
  // A Namespace is no object within itself, although its requests carry its name as their namespace.
  const within =
    namespace !== undefined && namespace !== '' && resource !== 'namespaces' ? ['namespaces', namespace] : [];
  const parts = [groupPath(apiGroup), apiVersion, ...within, resource, nameOf(event), subresource];
  return parts.filter((part) => part !== undefined && part !== '').join('/');
};

/** A body with its type: a patch as it was sent, an object by its own kind. */
const typed = (body: unknown, isPatch: boolean): Json | undefined => {
  // A JSON patch is a list, which no object with a type can hold as it is: wrapped, as protobuf's Any wraps values.
  if (isPatch && Array.isArray(body)) return { '@type': 'k8s.io/Patch', value: body };
  if (!isObject(body)) return undefined;
  if (isPatch) return { '@type': 'k8s.io/Patch', ...body };
  const { apiVersion, kind } = body;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return body;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const domain = group?.includes('.') ? group : `${group}.k8s.io`;
  return { '@type': `${domain}/${version}.${kind}`, ...body };
};

/** `google.rpc.Code` by HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  410: 11,
  422: 3,
  429: 8,
  500: 13,
  501: 12,
  503: 14,
  504: 4,
};

const alreadyExists = 6;

const statusOf = ({ responseStatus }: KubernetesAuditEvent): Json => {
  const http = responseStatus?.code ?? 200;
  if (http < 400) return { code: 0 };
  const code = responseStatus?.reason === 'AlreadyExists' ? alreadyExists : (rpcCodes[http] ?? 2);
  return { code, ...(responseStatus?.message && { message: responseStatus.message }) };
};

const dryRun = ({ requestURI = '' }: KubernetesAuditEvent): Json =>
  /[?&]dryRun=All(&|$)/.test(requestURI) ? { 'command.gke.io/dryRun': 'true' } : {};

const isGranted = ({ annotations = {}, responseStatus }: KubernetesAuditEvent): boolean =>
  (annotations['authorization.k8s.io/decision'] ?? (responseStatus?.code === 403 ? 'forbid' : 'allow')) ===
  'allow';

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Whether GKE puts the event into the admin activity log: an answered write, no read and no other stage. */
export const isAdminActivity = ({ stage = 'ResponseComplete', verb }: KubernetesAuditEvent): boolean =>
  stage === 'ResponseComplete' && writes.has(verb);

/**
 * GKE's LogEntry of a Kubernetes audit event. Its form is that of real entries (shared/reference/audit-samples); the
 * translation serves the embedded API server and a real one.
 */
export const kubernetesEntry = (event: KubernetesAuditEvent, cluster: ClusterLabels): Json => {
  const { apiGroup = '', apiVersion = '', resource = '', subresource } = event.objectRef ?? {};
  const parts = [reversedGroup(apiGroup), apiVersion, resource, subresource, event.verb];
  const methodName = parts.filter((part) => part !== undefined && part !== '').join('.');
  const name = resourceName(event);
  const request = typed(event.requestObject, event.verb === 'patch');
  const response = typed(event.responseObject, false);
  return {
    insertId: event.auditID,
    labels: { ...event.annotations, ...dryRun(event) },
    logName: `projects/${cluster.project}/logs/cloudaudit.googleapis.com%2Factivity`,
    operation: { first: true, id: event.auditID, last: true, producer: 'k8s.io' },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      authenticationInfo: { principalEmail: event.user.username },
      authorizationInfo: [{ granted: isGranted(event), permission: methodName, resource: name }],
      methodName,
      ...(request && { request }),
      requestMetadata: {
        ...(event.sourceIPs?.[0] && { callerIp: event.sourceIPs[0] }),
        ...(event.userAgent && { callerSuppliedUserAgent: event.userAgent }),
      },
      resourceName: name,
      ...(response && { response }),
      serviceName: 'k8s.io',
      status: statusOf(event),
    },
    receiveTimestamp: event.stageTimestamp,
    resource: {
      labels: { cluster_name: cluster.name, location: cluster.location, project_id: cluster.project },
      type: 'k8s_cluster',
    },
    timestamp: event.stageTimestamp,
  };
};
