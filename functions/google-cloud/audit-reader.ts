import type { AuditQuery, AuditReads } from '../persistent-ip/ports.ts';
import { entryOf, type Logged } from './audit-entry.ts';
import { type AuditLogOptions, auditLogId, loggingClient } from './audit-log.ts';
import { sendOnce } from './call-options.ts';
import { persist } from './persist.ts';

/** Source: comment of `ListLogEntriesRequest.page_size`. */
const pageSize = 1_000;

/** The audit log, read back page by page. */
export const createAuditReader = (options: AuditLogOptions): AuditReads => {
  const { project } = options;
  const client = loggingClient(options);
  return {
    page: async (query, pageToken = '') => {
      const request = {
        resourceNames: [`projects/${project}`],
        filter: filterOf(project, query),
        orderBy: 'timestamp desc',
        pageSize,
        pageToken,
      };
      const [entries, , answer] = await persist<Answer>(options, () =>
        sendOnce((options) => client().listLogEntries(request, { ...options, autoPaginate: false })),
      );
      return { entries: entries.flatMap(entryOf), next: answer.nextPageToken || undefined };
    },
  };
};

/** What the client resolves to, of the overload that is called. */
type Answer = [readonly Logged[], unknown, { readonly nextPageToken?: string | null }];

/** Every text is quoted, so that none of it can be read as an operator. Source: Cloud Logging, *Logging query language*. */
const filterOf = (project: string, { about, since, until }: AuditQuery): string =>
  [
    `logName=${quoted(`projects/${project}/logs/${auditLogId}`)}`,
    ...termsAbout(about),
    `timestamp>=${quoted(new Date(since).toISOString())}`,
    `timestamp<=${quoted(new Date(until).toISOString())}`,
  ].join(' AND ');

const termsAbout = (about: AuditQuery['about']): readonly string[] => {
  if ('address' in about) return [`jsonPayload.addresses:${quoted(about.address)}`];
  if ('routes' in about) return [`jsonPayload.route.uid=(${about.routes.map(quoted).join(' OR ')})`];
  const { cluster, namespace } = about.changes;
  return [
    'jsonPayload.action=("allocate" OR "move" OR "release")',
    ...(cluster === undefined ? [] : [`jsonPayload.cluster.name=${quoted(cluster)}`]),
    ...(namespace === undefined ? [] : [`jsonPayload.route.namespace=${quoted(namespace)}`]),
  ];
};

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`;
