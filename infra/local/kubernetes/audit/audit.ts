import { randomUUID } from 'node:crypto';
import type { AuditLevel } from '../../audit/policy.ts';
import type { Principal } from '../../identities.ts';
import type { ApiPath } from '../http/path.ts';
import { isObject, type Json, type JsonObject, record, text } from '../objects/object.ts';

/** An audit.k8s.io/v1 Event, of the stage ResponseComplete. */
export interface AuditEvent {
  readonly kind: 'Event';
  readonly apiVersion: 'audit.k8s.io/v1';
  readonly level: AuditLevel;
  readonly auditID: string;
  readonly stage: 'ResponseComplete';
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username: string; readonly groups: readonly string[] };
  /** Whom the user acted as. */
  readonly impersonatedUser?: { readonly username: string; readonly groups: readonly string[] };
  readonly sourceIPs: readonly string[];
  readonly userAgent?: string;
  readonly objectRef: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly apiGroup?: string;
    readonly apiVersion: string;
    readonly resourceVersion?: string;
    readonly subresource?: string;
  };
  readonly responseStatus: JsonObject;
  readonly requestObject?: Json;
  readonly responseObject?: Json;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** metav1.MicroTime. */
const micro = (at: Date): string => `${at.toISOString().slice(0, -1)}000Z`;

/** One write, as it was asked and answered. */
export interface Written {
  readonly level: AuditLevel;
  readonly verb: string;
  readonly path: ApiPath;
  readonly requestURI: string;
  readonly user: Principal;
  readonly impersonated: Principal | undefined;
  readonly userAgent: string | undefined;
  readonly request: Json | undefined;
  readonly code: number;
  readonly response: JsonObject;
  readonly receivedAt: Date;
  readonly answeredAt: Date;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The event of a write. The name of a generated object is only in its response, as in the real one: there the
 * translation to a LogEntry takes it from.
 */
export const auditEvent = (written: Written): AuditEvent => {
  const { level, path, request, response, code, user, impersonated } = written;
  // A patch is not read for the identity of its object (apiserver `pkg/audit/request.go`, LogRequestPatch).
  const named = isObject(request) && written.verb !== 'patch';
  const metadata = record(named ? request.metadata : undefined);
  const status = response.kind === 'Status' ? response : {};
  const name = path.name === '' ? text(metadata.name) : path.name;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: randomUUID(),
    stage: 'ResponseComplete',
    requestURI: written.requestURI,
    verb: written.verb,
    user: { username: user.name, groups: user.groups },
    ...(impersonated === undefined
      ? {}
      : { impersonatedUser: { username: impersonated.name, groups: impersonated.groups } }),
    sourceIPs: ['127.0.0.1'],
    ...(written.userAgent === undefined ? {} : { userAgent: written.userAgent }),
    objectRef: {
      resource: path.resource,
      ...(path.namespace === '' ? {} : { namespace: path.namespace }),
      ...(name === undefined ? {} : { name }),
      ...optional('uid', text(metadata.uid)),
      ...(path.group === '' ? {} : { apiGroup: path.group }),
      apiVersion: path.version,
      ...optional('resourceVersion', text(metadata.resourceVersion)),
      ...(path.subresource === '' ? {} : { subresource: path.subresource }),
    },
    responseStatus: {
      metadata: {},
      ...('status' in status && typeof status.status === 'string' ? { status: status.status } : {}),
      ...('reason' in status ? { reason: status.reason ?? '' } : {}),
      ...('message' in status ? { message: status.message ?? '' } : {}),
      code,
    },
    ...(level === 'Metadata' || request === undefined ? {} : { requestObject: request }),
    ...(level === 'RequestResponse' ? { responseObject: response } : {}),
    requestReceivedTimestamp: micro(written.receivedAt),
    stageTimestamp: micro(written.answeredAt),
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': '',
      ...written.annotations,
    },
  };
};

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);
