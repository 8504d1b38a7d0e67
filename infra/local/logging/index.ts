import express from 'express';
import type { Clock } from '../clock.ts';
import { answerErrors, refuseUnknownRoutes, requireCaller } from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { listen } from '../listen.ts';
import { listEntries } from './list-request.ts';
import { LogStore, type Sink, type StoredEntry } from './log-store.ts';
import { sinkRoutes } from './sinks.ts';
import { readWriteRequest } from './write-request.ts';

export type { Sink, StoredEntry } from './log-store.ts';

export interface LoggingOptions {
  readonly clock: Clock;
  readonly identities: Identities;
  readonly port?: number;
}

/** A Cloud Logging on loopback: of its REST API v2 `entries:write`, `entries:list`, and sinks as they are. */
export interface LocalLogging {
  readonly url: string;
  /** Writes as a service of Google's does: the audit logs. */
  write(entry: Readonly<Record<string, unknown>>): void;
  /** Entries of all projects that pass a filter, oldest first, copies dropped. @throws FilterError */
  list(filter: string): readonly StoredEntry[];
  onEntry(listener: (entry: StoredEntry) => void): () => void;
  /** Routes what is written from now on. @throws FilterError */
  addSink(sink: Sink): void;
  close(): Promise<void>;
}

/** Starts a Cloud Logging without entries. */
export const startLogging = async ({ clock, identities, port }: LoggingOptions): Promise<LocalLogging> => {
  const store = new LogStore(clock);
  const app = express();
  app.use(requireCaller(identities), express.json({ limit: '10mb', strict: false }));
  app.post(/^\/v2\/entries:write$/, (request, response) => {
    const { entries, dryRun, refusal } = readWriteRequest(request.body);
    if (!dryRun) for (const entry of entries) store.add(entry);
    if (refusal !== undefined) throw refusal;
    response.json({});
  });
  app.post(/^\/v2\/entries:list$/, (request, response) => {
    response.json(listEntries(store, request.body));
  });
  sinkRoutes(app, { store, identities });
  app.use(refuseUnknownRoutes('Cloud Logging'));
  app.use(answerErrors);
  const server = await listen(app, port);
  return {
    url: server.url,
    write: (entry) => store.add(entry),
    list: (filter) => store.query(filter).map(({ entry }) => entry),
    onEntry: (listener) => store.onEntry(listener),
    addSink: (sink) => store.addSink(sink),
    close: () => server.close(),
  };
};
