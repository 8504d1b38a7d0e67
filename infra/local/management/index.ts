import express, { type Request } from 'express';
import type { Clock } from '../clock.ts';
import type { Rights } from '../compute/index.ts';
import type { Deployment } from '../deployment.ts';
import type { Triggers } from '../events.ts';
import {
  answerErrors,
  authenticate,
  GoogleError,
  refuseUnknownRoutes,
  requireCaller,
} from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { type Listening, listen } from '../listen.ts';
import type { Messaging } from '../messaging.ts';
import type { Schedule } from '../schedule.ts';
import { checkPermission } from './access.ts';
import { timeSeries } from './monitoring.ts';
import { testedPermissions } from './permissions.ts';
import { isServing } from './serving.ts';

/** What there is to be told about: the parts of the local cloud themselves, never a copy of their settings. */
export interface Managed {
  readonly clock: Clock;
  readonly identities: Identities;
  readonly project: string;
  readonly region: string;
  /** Of every function's and job's name. */
  readonly deploymentName: string;
  readonly serviceAccount: string;
  readonly urls: Deployment['urls'];
  readonly schedule: Schedule;
  readonly triggers: Triggers;
  readonly pubsub: Pick<Messaging, 'deliveries' | 'undelivered'>;
  readonly rights: Rights;
}

const aJob = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/:]+)$/;
const jobVerb = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/:]+):(pause|resume)$/;
const triggersOf = /^\/v1\/projects\/([^/]+)\/locations\/global\/triggers$/;
const aTrigger = /^\/v1\/projects\/([^/]+)\/locations\/global\/triggers\/([^/:]+)$/;
const functions = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/functions)\/([^/:]+)$/;
const permissions = /^\/v1\/projects\/([^/:]+):testIamPermissions$/;
const series = /^\/v3\/projects\/([^/]+)\/timeSeries$/;

const part = (request: Request, at: number): string => {
  const value: unknown = request.params[at];
  return typeof value === 'string' ? value : '';
};
const missing = (name: string): GoogleError =>
  new GoogleError('NOT_FOUND', `Resource '${name}' was not found`);

/**
 * What of Google Cloud's other APIs the local cloud has something to say to, on one address: Cloud Scheduler, Eventarc,
 * Cloud Functions, Resource Manager's testIamPermissions and two of Pub/Sub's metrics. All else is a 501 by name.
 */
export const startManagement = (managed: Managed): Promise<Listening> => {
  const { identities, project, region, deploymentName, serviceAccount, urls, schedule, triggers } = managed;
  const parent = `projects/${project}/locations/${region}`;
  const sweepJob = `${parent}/jobs/${deploymentName}-sweep`;
  const app = express();
  const may = (permission: string, resource: string) => (request: Request, _: unknown, next: () => void) => {
    checkPermission(identities, request, permission, resource);
    next();
  };
  app.use(requireCaller(identities), express.json({ strict: false }));

  app.get(aJob, may('cloudscheduler.jobs.get', sweepJob), (request, response) => {
    if (part(request, 0) !== sweepJob) throw missing(part(request, 0));
    response.json({ name: sweepJob, ...schedule.job() });
  });
  app.post(jobVerb, may('cloudscheduler.jobs.pause', sweepJob), (request, response) => {
    if (part(request, 0) !== sweepJob) throw missing(part(request, 0));
    schedule[part(request, 1) === 'pause' ? 'pause' : 'resume']();
    response.json({ name: sweepJob, ...schedule.job() });
  });

  const triggerOf = (method: string) => ({
    name: `projects/${project}/locations/global/triggers/${method.toLowerCase().replaceAll('.', '-')}`,
    eventFilters: [
      { attribute: 'type', value: 'google.cloud.audit.log.v1.written' },
      { attribute: 'serviceName', value: 'compute.googleapis.com' },
      { attribute: 'methodName', value: method },
    ],
    destination: { cloudRun: { service: `${deploymentName}-on-compute-event`, region } },
  });
  app.get(triggersOf, may('eventarc.triggers.list', parent), (request, response) => {
    const all = part(request, 0) === project ? triggers.methods() : [];
    response.json(all.length === 0 ? {} : { triggers: all.map(triggerOf) });
  });
  app.delete(aTrigger, may('eventarc.triggers.delete', parent), (request, response) => {
    const method = triggers.methods().find((one) => triggerOf(one).name.endsWith(`/${part(request, 1)}`));
    if (part(request, 0) !== project || method === undefined) throw missing(part(request, 1));
    triggers.remove(method);
    response.json({ done: true });
  });

  app.get(functions, may('cloudfunctions.functions.get', parent), (request, response, next) => {
    const name = part(request, 1).slice(deploymentName.length + 1);
    const url = Object.entries(urls).find(([known]) => known === name)?.[1];
    const full = `${part(request, 0)}/${part(request, 1)}`;
    if (url === undefined || full !== `${parent}/functions/${deploymentName}-${name}`) throw missing(full);
    isServing(url)
      .then((serves) => {
        response.json({
          name: full,
          environment: 'GEN_2',
          state: serves ? 'ACTIVE' : 'FAILED',
          ...(serves
            ? {}
            : {
                stateMessages: [{ severity: 'ERROR', type: 'Unreachable', message: `nothing serves ${url}` }],
              }),
          serviceConfig: {
            uri: url,
            ...(name === 'inventory' ? {} : { serviceAccountEmail: serviceAccount }),
          },
        });
      })
      .catch(next);
  });

  app.post(permissions, (request, response) => {
    const { name, groups } = authenticate(identities, request);
    response.json(testedPermissions(request.body, part(request, 0), { name, groups }, managed.rights));
  });
  app.get(series, may('monitoring.timeSeries.list', `projects/${project}`), (request, response) => {
    response.json(timeSeries(managed, part(request, 0), request.query));
  });

  app.use(refuseUnknownRoutes('Google Cloud'));
  app.use(answerErrors);
  return listen(app);
};
