import { isAbsent, isObject, type JsonObject } from './json.ts';
import { accept, malformed, type Parsed } from './refusal.ts';
import { isTimestamp } from './timestamp.ts';

/** What the audit entries of every Google Cloud service have in common. */
export interface AuditEntry {
  readonly insertId: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** Empty if the entry names nobody. */
  readonly principal: string;
  /** A `google.rpc.Code`; 0 is success, also where the entry has no status. */
  readonly statusCode: number;
  /** The `google.cloud.audit.AuditLog`, unread. */
  readonly payload: JsonObject;
}

const readStatusCode = (status: unknown): number | undefined => {
  if (isAbsent(status)) return 0;
  if (!isObject(status)) return undefined;
  const code = status.code;
  if (isAbsent(code)) return 0;
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
};

const readPrincipal = (authentication: unknown): string | undefined => {
  if (isAbsent(authentication)) return '';
  if (!isObject(authentication)) return undefined;
  // Federated identities have no e-mail address, only a subject.
  const principal = authentication.principalEmail ?? authentication.principalSubject ?? '';
  return typeof principal === 'string' ? principal : undefined;
};

/** Source: Cloud Logging v2 `LogEntry`, `google.cloud.audit.AuditLog`. */
export const readAuditEntry = (entry: JsonObject, serviceName: string): Parsed<AuditEntry> => {
  const { insertId, timestamp, protoPayload: payload } = entry;
  if (typeof insertId !== 'string' || insertId === '' || insertId.length > 512)
    return malformed('insertId', 'is no id');
  if (!isTimestamp(timestamp)) return malformed('timestamp', 'is no RFC 3339 time');
  if (!isObject(payload)) return malformed('protoPayload', 'is missing or no object');
  if (payload.serviceName !== serviceName)
    return malformed('protoPayload.serviceName', `is not ${serviceName}`);
  const statusCode = readStatusCode(payload.status);
  if (statusCode === undefined) return malformed('protoPayload.status', 'is no status');
  const principal = readPrincipal(payload.authenticationInfo);
  if (principal === undefined) return malformed('protoPayload.authenticationInfo', 'names no principal');
  return accept({ insertId, timestamp, principal, statusCode, payload });
};

const activity = '/logs/cloudaudit.googleapis.com%2Factivity';
const systemEvent = '/logs/cloudaudit.googleapis.com%2Fsystem_event';

/** Which audit log an entry is from; `undefined` if it is neither. */
export const auditLogOf = (logName: unknown): 'activity' | 'system-event' | undefined => {
  if (typeof logName !== 'string') return undefined;
  if (logName.endsWith(activity)) return 'activity';
  return logName.endsWith(systemEvent) ? 'system-event' : undefined;
};
