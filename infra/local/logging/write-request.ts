import { badField, GoogleError } from '../google-error.ts';
import { isObject, type JsonObject, readProtoJson } from '../proto-json.ts';
import { descriptors } from './fields.ts';

/** Bytes of one entry. Source: Cloud Logging, *Quotas and limits*. */
const largestEntry = 256 * 1024;

/** Characters of an insertId and of a log's id. Source: comments of `LogEntry` in log_entry.proto. */
const longestId = 512;

const requestType = descriptors.lookupType('google.logging.v2.WriteLogEntriesRequest');

export interface WriteRequest {
  /** What is to be written, in order. */
  readonly entries: readonly JsonObject[];
  readonly dryRun: boolean;
  /** With partialSuccess: what the answer says after the good entries are written. */
  readonly refusal?: GoogleError;
}

/**
 * The entries of an `entries:write`, with what the request gives for all of them filled in.
 * @throws GoogleError 400 for a field that the descriptors do not know, and, without partialSuccess, for any entry
 *   that cannot be written
 */
export const readWriteRequest = (body: unknown): WriteRequest => {
  const request = readProtoJson(requestType, body);
  const given = (request.entries ?? []) as readonly JsonObject[];
  if (given.length === 0) throw badField('entries', 'At least one log entry is required.');
  const entries: JsonObject[] = [];
  const refusals = new Map<number, GoogleError>();
  for (const [index, entry] of given.entries()) {
    const whole = {
      ...entry,
      logName: entry.logName || request.logName,
      resource: entry.resource ?? request.resource,
      labels: { ...labelsOf(request), ...labelsOf(entry) },
    };
    const refusal = refuse(whole, `entries[${index}]`);
    if (refusal === undefined) entries.push(whole);
    else refusals.set(index, refusal);
  }
  const dryRun = request.dryRun === true;
  const [first] = refusals.values();
  if (first === undefined) return { entries, dryRun };
  if (request.partialSuccess !== true) throw first;
  return { entries, dryRun, refusal: partly(first, refusals) };
};

const labelsOf = ({ labels }: JsonObject): JsonObject => (isObject(labels) ? labels : {});

const refuse = (entry: JsonObject, at: string): GoogleError | undefined => {
  const { logName, resource, insertId } = entry;
  if (typeof logName !== 'string' || logName === '')
    return badField(`${at}.logName`, 'A log entry needs a log name, its own or the request’s.');
  const id = /^(?:projects|organizations|folders|billingAccounts)\/[^/]+\/logs\/([^/]+)$/.exec(logName)?.[1];
  if (id === undefined || id.length > longestId || !/^(?:[\w.-]|%[0-9A-Fa-f]{2})+$/.test(id))
    return badField(`${at}.logName`, `Invalid log name: ${logName}`);
  if (!isObject(resource) || !resource.type)
    return badField(`${at}.resource`, 'A log entry needs a monitored resource with a type.');
  if (typeof insertId === 'string' && insertId.length > longestId)
    return badField(`${at}.insertId`, `An insert id has at most ${longestId} characters.`);
  const size = Buffer.byteLength(JSON.stringify(entry));
  if (size > largestEntry)
    return badField(
      at,
      `Log entry with size ${kilobytes(size)} exceeds maximum size of ${kilobytes(largestEntry)}`,
    );
  return undefined;
};

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)}K`;

/** Source: comment of `partial_success`: the status of one failed entry, details keyed by index. */
const partly = (first: GoogleError, refusals: ReadonlyMap<number, GoogleError>): GoogleError =>
  new GoogleError(first.status, first.message, [
    {
      '@type': 'type.googleapis.com/google.logging.v2.WriteLogEntriesPartialErrors',
      logEntryErrors: Object.fromEntries(
        [...refusals].map(([index, { message }]) => [index, { code: 3, message }]),
      ),
    },
  ]);
