import { createHash } from 'node:crypto';
import type { Encode } from '../pubsub/index.ts';

/** What a CloudEvent's attributes are made of. */
interface AuditEntry {
  readonly insertId: string;
  readonly logName: string;
  readonly timestamp: string;
  readonly protoPayload: {
    readonly serviceName: string;
    readonly methodName: string;
    readonly resourceName: string;
  };
}

const schema =
  'https://googleapis.github.io/google-cloudevents/jsonschema/google/events/cloud/audit/v1/LogEntryData.json';

/**
 * A Cloud Audit Logs entry as Eventarc pushes it: a CloudEvent in binary mode, attributes as headers, the LogEntry
 * as its data. The id is the same for every delivery of one entry.
 * Source: googleapis/google-cloudevents, audit/v1; Eventarc, *Cloud Audit Logs events*.
 */
export const cloudEvent: Encode = (message) => {
  const body = Buffer.from(message.data ?? '', 'base64').toString();
  const { insertId, logName, timestamp, protoPayload } = JSON.parse(body) as AuditEntry;
  const { serviceName, methodName, resourceName } = protoPayload;
  const [parent] = logName.split('/logs/');
  const moment = createHash('sha256').update(timestamp).digest('hex').slice(0, 12);
  return {
    headers: {
      'ce-specversion': '1.0',
      'ce-id': `${logName}${insertId}${moment}`,
      'ce-type': 'google.cloud.audit.log.v1.written',
      'ce-source': `//cloudaudit.googleapis.com/${parent}/logs/activity`,
      'ce-subject': `${serviceName}/${resourceName}`,
      'ce-time': timestamp,
      'ce-recordedtime': timestamp,
      'ce-dataschema': schema,
      'ce-servicename': serviceName,
      'ce-methodname': methodName,
      'ce-resourcename': resourceName,
      'content-type': 'application/json; charset=utf-8',
    },
    body,
  };
};
