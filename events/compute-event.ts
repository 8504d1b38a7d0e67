import { auditLogOf, readAuditEntry } from './audit-entry.ts';
import { isAbsent, isObject, type JsonObject, parseJson } from './json.ts';
import { isComputeName, isProject } from './names.ts';
import { accept, malformed, type Parsed } from './refusal.ts';

/** A resource of Compute Engine that can concern an address. */
export type ComputeResource =
  | { readonly kind: 'instance'; readonly project: string; readonly zone: string; readonly name: string }
  | {
      readonly kind: 'forwarding-rule' | 'backend-service' | 'address';
      readonly project: string;
      readonly region: string;
      readonly name: string;
    };

/** `v1.compute.instances.delete` and `beta.compute.instances.delete` are one method. */
export interface ComputeMethod {
  readonly full: string;
  /** `instances.delete`; a system event's is `instances.preempted`. */
  readonly short: string;
  /** From the system event log, where Google Cloud itself acts and there is no version. */
  readonly system: boolean;
}

/** One write on the Compute API, or one act of Compute's own, as its audit entry tells it. */
export interface ComputeEvent {
  readonly insertId: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** Empty if the entry names nobody. */
  readonly principal: string;
  readonly method: ComputeMethod;
  /** `undefined`: no resource that an address depends on. */
  readonly resource: ComputeResource | undefined;
  /** A `google.rpc.Code`; 0 is success. */
  readonly statusCode: number;
  /** Which of a long operation's two entries this is; both are true for one that ended at once. */
  readonly first: boolean;
  readonly last: boolean;
}

const collections: ReadonlyMap<string, ComputeResource['kind']> = new Map([
  ['instances', 'instance'],
  ['forwardingRules', 'forwarding-rule'],
  ['backendServices', 'backend-service'],
  ['addresses', 'address'],
]);

const readMethod = (full: unknown, system: boolean): ComputeMethod | undefined => {
  if (typeof full !== 'string' || full.length > 256) return undefined;
  const marker = 'compute.';
  const at = full.indexOf(marker);
  const version = at < 0 ? undefined : full.slice(0, at);
  if (system ? version !== '' : version !== 'v1.' && version !== 'beta.') return undefined;
  return { full, short: full.slice(at + marker.length), system };
};

/**
 * `projects/P/zones/Z/instances/N`, `projects/P/regions/R/COLLECTION/N`. Compute may write the project's number in
 * it; the entry's label has the id, which is what configuration and every call use.
 */
const readResource = (path: string, label: unknown): Parsed<ComputeResource | undefined> => {
  const field = 'protoPayload.resourceName';
  if (path.length > 1024) return malformed(field, 'is too long');
  const [projects, inPath, scope, place, collection, name, ...rest] = path.split('/');
  const kind = collection === undefined ? undefined : collections.get(collection);
  if (kind === undefined || scope !== (kind === 'instance' ? 'zones' : 'regions')) return accept(undefined);
  if (projects !== 'projects' || inPath === undefined || place === undefined || name === undefined)
    return malformed(field, 'names no resource of Compute');
  const project = /^\d+$/.test(inPath) && typeof label === 'string' ? label : inPath;
  if (!isProject(project) || !isComputeName(place) || !isComputeName(name) || rest.length > 0)
    return malformed(field, 'names no resource of Compute');
  return accept(
    kind === 'instance' ? { kind, project, zone: place, name } : { kind, project, region: place, name },
  );
};

const labelOf = (entry: JsonObject): unknown => {
  const { resource } = entry;
  return isObject(resource) && isObject(resource.labels) ? resource.labels.project_id : undefined;
};

/**
 * A LogEntry of Compute's activity or system event log, as JSON has parsed it: the data of an Eventarc CloudEvent, or
 * of a log sink's message. Source: design/events.md; Compute "Audit logging".
 */
export const readComputeEvent = (entry: unknown): Parsed<ComputeEvent> => {
  if (!isObject(entry)) return malformed('data', 'is no LogEntry');
  const { operation } = entry;
  const log = auditLogOf(entry.logName);
  if (log === undefined) return malformed('logName', 'is neither the activity nor the system event log');
  const common = readAuditEntry(entry, 'compute.googleapis.com');
  if (!common.ok) return common;
  const { insertId, timestamp, principal, statusCode, payload } = common.value;
  const method = readMethod(payload.methodName, log === 'system-event');
  if (method === undefined) return malformed('protoPayload.methodName', 'is no method of Compute');
  if (typeof payload.resourceName !== 'string')
    return malformed('protoPayload.resourceName', 'is missing or no string');
  const resource = readResource(payload.resourceName, labelOf(entry));
  if (!resource.ok) return resource;
  if (!isAbsent(operation) && !isObject(operation)) return malformed('operation', 'is no object');
  return accept({
    insertId,
    timestamp,
    principal,
    method,
    resource: resource.value,
    statusCode,
    first: operation?.first === true,
    last: operation?.last === true,
  });
};

/** The same, from text. */
export const parseComputeEvent = (text: string): Parsed<ComputeEvent> => {
  const entry = parseJson(text, 'data');
  return entry.ok ? readComputeEvent(entry.value) : entry;
};

/** A CloudEvent of Eventarc, as the Functions Framework hands it over. */
export const readComputeCloudEvent = (event: unknown): Parsed<ComputeEvent> => {
  if (!isObject(event)) return malformed('event', 'is no CloudEvent');
  if (event.type !== 'google.cloud.audit.log.v1.written')
    return malformed('type', 'is not google.cloud.audit.log.v1.written');
  return readComputeEvent(event.data);
};
