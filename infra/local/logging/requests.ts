import { GoogleError } from '../google-error.ts';

type Json = Readonly<Record<string, unknown>>;

const bad = (message: string): GoogleError => new GoogleError('INVALID_ARGUMENT', message);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of `google.logging.v2.LogEntry` that a client may write. */
const entryFields = [
  'logName',
  'resource',
  'timestamp',
  'severity',
  'insertId',
  'labels',
  'textPayload',
  'jsonPayload',
  'protoPayload',
  'httpRequest',
  'operation',
  'trace',
  'spanId',
  'traceSampled',
  'sourceLocation',
  'split',
];
const writeFields = ['logName', 'resource', 'labels', 'entries', 'partialSuccess', 'dryRun'];

const checkFields = (value: Json, known: readonly string[], at: string): void => {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw bad(`Invalid JSON payload received. Unknown name "${unknown}" at '${at}': Cannot find field.`);
};

/** Bytes of one entry. Source: Cloud Logging, *Quotas and limits*. */
const mostBytes = 256 * 1024;

/** The entries of a write request, each whole. @throws GoogleError 400 for what the real service refuses */
export const readWriteRequest = (
  body: unknown,
): { readonly entries: readonly Json[]; readonly dryRun: boolean } => {
  if (!isObject(body)) throw bad('The request body must be a JSON object.');
  checkFields(body, writeFields, '');
  const { entries } = body;
  if (!Array.isArray(entries) || entries.length === 0) throw bad('No entries were given in the request.');
  return { entries: entries.map((entry) => readEntry(entry, body)), dryRun: body.dryRun === true };
};

const readEntry = (entry: unknown, request: Json): Json => {
  if (!isObject(entry)) throw bad("Invalid value at 'entries'");
  checkFields(entry, entryFields, 'entries[0]');
  const logName = entry.logName ?? request.logName;
  const resource = entry.resource ?? request.resource;
  if (
    typeof logName !== 'string' ||
    !/^(projects|organizations|folders|billingAccounts)\/[^/]+\/logs\/[^/]+$/.test(logName)
  )
    throw bad(`Log entries need a valid log name: ${String(logName)}`);
  if (!isObject(resource) || typeof resource.type !== 'string')
    throw bad('Log entries need a monitored resource.');
  if (typeof entry.timestamp === 'string' && Number.isNaN(Date.parse(entry.timestamp)))
    throw bad("Invalid value at 'entries[0].timestamp' (type.googleapis.com/google.protobuf.Timestamp)");
  if (JSON.stringify(entry).length > mostBytes) throw bad('Log entry is too large: 256 KB at most.');
  const labels = {
    ...(isObject(request.labels) ? request.labels : {}),
    ...(isObject(entry.labels) ? entry.labels : {}),
  };
  return { ...entry, logName, resource, labels };
};

/** A list request. @throws GoogleError 400 for what the real service refuses */
export const readListRequest = (body: unknown) => {
  if (!isObject(body)) throw bad('The request body must be a JSON object.');
  checkFields(body, ['resourceNames', 'filter', 'orderBy', 'pageSize', 'pageToken'], '');
  const { resourceNames, filter = '', orderBy = 'timestamp asc', pageSize = 50, pageToken = '0' } = body;
  if (!Array.isArray(resourceNames) || resourceNames.length === 0)
    throw bad('At least one resource name is needed.');
  if (orderBy !== 'timestamp asc' && orderBy !== 'timestamp desc')
    throw bad(`Invalid order_by: ${String(orderBy)}`);
  return {
    projects: resourceNames.map(String),
    filter: String(filter),
    descending: orderBy === 'timestamp desc',
    pageSize: Math.min(1000, Math.max(1, Number(pageSize) || 50)),
    from: Number(pageToken) || 0,
  };
};
