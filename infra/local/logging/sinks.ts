import type { Express, Request } from 'express';
import { badField, GoogleError, unsupported } from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { checkPermission } from '../management/access.ts';
import type { LogStore, Sink } from './log-store.ts';
import { FilterError } from './tokens.ts';

interface Shown {
  readonly store: LogStore;
  readonly identities: Identities;
}

const aSink = /^\/v2\/(projects\/[^/]+\/sinks\/[^/:]+)$/;

const found = (
  { store, identities }: Shown,
  request: Request,
  permission: string,
): Sink & { readonly name: string } => {
  const name = String(request.params[0]);
  checkPermission(identities, request, permission, name);
  const sink = store.sink(name);
  if (sink === undefined) throw new GoogleError('NOT_FOUND', `Sink ${name.split('/').at(-1)} does not exist`);
  return { ...sink, name };
};

/** Source: Cloud Logging API v2, LogSink. Nobody writes for a local sink, so it has no writer's identity. */
const shown = ({ name, destination, filter }: Sink & { readonly name: string }) => ({
  name: name.split('/').at(-1),
  resourceName: name,
  destination,
  filter,
});

/** The sinks that entries pass through: they are shown, given another filter, and deleted. None is made over REST. */
export const sinkRoutes = (app: Express, logging: Shown): void => {
  const { store } = logging;
  app.get(aSink, (request, response) => {
    response.json(shown(found(logging, request, 'logging.sinks.get')));
  });
  app.patch(aSink, (request, response) => {
    const { name } = found(logging, request, 'logging.sinks.update');
    const { filter, ...more }: Record<string, unknown> = request.body ?? {};
    if (request.query.updateMask !== 'filter' || Object.keys(more).length > 0)
      throw unsupported('Cloud Logging: a change of a sink but for its filter');
    if (typeof filter !== 'string') throw badField('filter', 'The filter is a text.');
    try {
      store.changeSink(name, filter);
    } catch (error) {
      if (error instanceof FilterError) throw badField('filter', `Unparseable filter: ${error.message}`);
      throw error;
    }
    response.json(shown(found(logging, request, 'logging.sinks.get')));
  });
  app.delete(aSink, (request, response) => {
    store.changeSink(found(logging, request, 'logging.sinks.delete').name, undefined);
    response.json({});
  });
};
