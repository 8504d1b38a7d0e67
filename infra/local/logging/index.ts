import express from 'express';
import type { Clock } from '../clock.ts';
import { answerErrors, refuseUnknownRoutes, requireCaller } from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { listen } from '../listen.ts';
import { LogStore, type Sink, type StoredEntry } from './log-store.ts';
import { readListRequest, readWriteRequest } from './requests.ts';

export type { Sink, StoredEntry } from './log-store.ts';

export interface LoggingOptions {
  readonly clock: Clock;
  readonly identities: Identities;
  readonly port?: number;
}

/** A Cloud Logging API v2 over REST on loopback. */
export interface LocalLogging {
  readonly url: string;
  /** Writes as a service of Google's does: the audit logs. */
  write(entry: Readonly<Record<string, unknown>>): void;
  /** Entries that pass a filter, oldest first, copies dropped. */
  list(filter: string): readonly StoredEntry[];
  onEntry(listener: (entry: StoredEntry) => void): () => void;
  addSink(sink: Sink): void;
  close(): Promise<void>;
}

/** Starts a Cloud Logging without entries. */
export const startLogging = async ({ clock, identities, port }: LoggingOptions): Promise<LocalLogging> => {
  const store = new LogStore(clock);
  const app = express();
  app.use(requireCaller(identities), express.json({ limit: '11mb' }));
  app.post('/v2/entries\\:write', (request, response) => {
    const { entries, dryRun } = readWriteRequest(request.body);
    if (!dryRun) for (const entry of entries) store.add(entry);
    response.json({});
  });
  app.post('/v2/entries\\:list', (request, response) => {
    const { filter, descending, pageSize, from, projects } = readListRequest(request.body);
    const found = store
      .list(filter)
      .filter(({ logName }) => projects.some((name) => logName.startsWith(`${name}/logs/`)));
    const page = (descending ? found.toReversed() : found).slice(from, from + pageSize);
    const next = from + pageSize;
    response.json({ entries: page, ...(next < found.length && { nextPageToken: String(next) }) });
  });
  app.use(refuseUnknownRoutes('Cloud Logging'));
  app.use(answerErrors);
  const server = await listen(app, port);
  return {
    url: server.url,
    write: (entry) => store.add(entry),
    list: (filter) => store.list(filter),
    onEntry: (listener) => store.onEntry(listener),
    addSink: (sink) => store.addSink(sink),
    close: () => server.close(),
  };
};
