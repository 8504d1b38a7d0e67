import type { ClusterConfig } from '../../../../../functions/config.ts';
import { once } from '../../../../../functions/reconciler/once.ts';
import { type Check, unknown } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import { type Ground, subjectOf } from '../ground.ts';
import { type Around, about, unnamed } from './around.ts';
import { lookAtAuditLog } from './audit-log.ts';
import { judgeConfiguration, judgeDeployed, judgeVersions, readDeployed } from './deployed.ts';
import { lookAtGrant, lookAtGrants } from './policies.ts';
import { grantsOfPushes } from './pushes.ts';
import { queueChecks } from './queue-checks.ts';
import { lookAtQuotas } from './quotas.ts';
import { lookAtAccount, lookAtCaller, neededBy } from './rights.ts';
import { lookAtSchedule } from './schedule.ts';
import { lookAtServices } from './services.ts';
import { filterOf, judgeSink, queueOf, readSink, sinkNames } from './sinks.ts';
import { judgeTriggers, readTriggers } from './triggers.ts';

const sinkChecks = ({ ground, google }: Around): readonly Check[] => {
  const { settings, config } = ground;
  const names = sinkNames(settings.sinks ?? {});
  const unwatched = [...new Set(config.clusters.map(({ project }) => project))].filter(
    (project) => !names.some((sink) => sink.project === project && sink.kind === 'cluster-events'),
  );
  return [
    ...unwatched.map((project) =>
      about(`project ${project}`)('log sink cluster-events', () =>
        Promise.resolve(unnamed(`sink of project ${project}`)),
      ),
    ),
    ...names.flatMap((sink) => {
      const check = about(`project ${sink.project}`);
      const topic = settings.topics?.[queueOf(sink)];
      const read = once((signal: AbortSignal) => readSink(google, sink, signal));
      return [
        check(`log sink ${sink.kind}`, async (signal) =>
          judgeSink(sink.name, await read(signal), {
            topic,
            filter: filterOf(sink, ground),
          }),
        ),
        check(`writer of log sink ${sink.kind}`, async (signal) => {
          if (topic === undefined) return unnamed(`topic of ${queueOf(sink)}`);
          const found = await read(signal);
          if (found === undefined)
            return unknown('there is no such sink, so nobody writes', 'see its own line');
          const member = found.writerIdentity ?? '';
          return lookAtGrant(google, { on: topic, right: 'publish', member, who: 'the sink' }, signal);
        }),
      ];
    }),
  ];
};

const functionChecks = ({ ground, google }: Around): readonly Check[] => {
  const { config, settings } = ground;
  const check = about(`project ${config.project}`);
  const read = once((signal: AbortSignal) => readDeployed(google, ground, signal));
  const clustersAreHere = config.clusters.some(({ project }) => project === config.project);
  return [
    check('functions', async (signal) => judgeDeployed(await read(signal), ground)),
    check('version', async (signal) => judgeVersions(await read(signal), settings.source_digest)),
    check('configuration', async (signal) => judgeConfiguration(await read(signal), settings.configuration)),
    // Elsewhere a sink stands for the triggers.
    ...(clustersAreHere
      ? [
          check('Eventarc triggers', async (signal) =>
            judgeTriggers(
              await readTriggers(google, config.project, signal),
              `${config.deployment}-on-compute-event`,
            ),
          ),
        ]
      : []),
    check('schedule', async (signal) =>
      settings.schedule === undefined
        ? unnamed('schedule')
        : lookAtSchedule(google, settings.schedule, ground.now(), signal),
    ),
    check('publisher of requests', (signal) =>
      lookAtGrant(
        google,
        {
          on: config.requestsTopic,
          right: 'publish',
          member: `serviceAccount:${config.serviceAccount}`,
          who: 'the functions',
        },
        signal,
      ),
    ),
    check('APIs', (signal) => lookAtServices(google, config.project, signal)),
  ];
};

const projectOfNetwork = ({ project, networkProject = project }: ClusterConfig): string => networkProject;

const rightChecks = ({ ground, google }: Around): readonly Check[] => {
  const { config, settings } = ground;
  const accounts = [
    ['functions', config.serviceAccount],
    ['inventory', settings.inventory_service_account],
  ] as const;
  return [
    ...accounts.flatMap(([account, email]) =>
      email === undefined
        ? [
            about(`project ${config.project}`)(`rights of the ${account}`, () =>
              Promise.resolve(unnamed(`account of the ${account}`)),
            ),
          ]
        : [...neededBy(account, config)].map(([project, needed]) =>
            about(`project ${project}`)(`rights of the ${account}`, (signal) =>
              lookAtAccount(google, { project, email, needed }, signal),
            ),
          ),
    ),
    about(`project ${config.project}`)('rights of pushes', (signal) =>
      lookAtGrants(google, grantsOfPushes(ground), signal),
    ),
    ...[...new Set(config.clusters.map(({ project }) => project))].map((project) =>
      about(`project ${project}`)('your rights', (signal) => lookAtCaller(google, project, signal)),
    ),
  ];
};

const clusterChecks = ({ ground, google }: Around, clusters: readonly ClusterConfig[]): readonly Check[] =>
  clusters.flatMap((cluster) => {
    const check = about(subjectOf(cluster));
    const { project, region } = cluster;
    return [
      check('audit log', (signal) => lookAtAuditLog(google, cluster, ground, signal)),
      check('quotas', (signal) =>
        lookAtQuotas(google, { project, region, networkProject: projectOfNetwork(cluster) }, signal),
      ),
    ];
  });

/**
 * What is asked of Google Cloud: from the log to the functions, as an event goes, then what they may do.
 * @param clusters those that are looked at: the deployment's, or some of them
 */
export const googleChecks = (
  ground: Ground,
  google: GoogleApi,
  clusters: readonly ClusterConfig[],
): readonly Check[] => {
  const around = { ground, google };
  return [
    ...clusterChecks(around, clusters),
    ...sinkChecks(around),
    ...queueChecks(around),
    ...functionChecks(around),
    ...rightChecks(around),
  ];
};
