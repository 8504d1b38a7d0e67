import { createCluster } from '../../../../functions/kubernetes/cluster.ts';
import { once } from '../../../../functions/reconciler/once.ts';
import { clusterChecks, readCaller } from '../doctor/cluster/checks.ts';
import { clusterApi } from '../doctor/cluster-api.ts';
import { type Check, counted, type Result, type Status } from '../doctor/finding.ts';
import { googleChecks } from '../doctor/google/checks.ts';
import { googleApi } from '../doctor/google-api.ts';
import type { Ground } from '../doctor/ground.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { CommandFailure } from '../failure.ts';
import { type Cell, type Colour, print, tableOf, written } from '../output.ts';
import type { Session } from '../session.ts';
import { deploymentConfig } from '../settings.ts';
import { accessTokens } from '../tokens.ts';

export interface DoctorOptions {
  /** Seconds that one check may take. */
  readonly timeout: number;
}

/** `doctor`: whether an installation is whole and allowed, one line a check. */
export const doctor = async (session: Session, { timeout }: DoctorOptions): Promise<void> => {
  const { around, options } = session;
  const checks = checksOf(session);
  around.err(`Looking at ${counted(checks.length, 'thing')} …\n`);
  const results = await runChecks(checks, {
    limitMs: timeout * 1_000,
    onDone: (done, of) => {
      if (around.terminal) around.err(`\r${done} of ${of}${done === of ? '\n' : ''}`);
    },
  });
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  const summary = {
    ok: count('ok'),
    warning: count('warning'),
    failed: count('failed'),
    unknown: count('unknown'),
    skipped: count('skipped'),
  };
  print(around, options.output, { checks: results, summary }, () => textOf(session, results));
  if (summary.failed > 0) throw new CommandFailure('not-well', `${counted(summary.failed, 'check')} failed`);
  if (summary.unknown > 0)
    throw new CommandFailure(
      'failed',
      `nothing that was seen is wrong, but ${counted(summary.unknown, 'check')} could not look`,
    );
};

const checksOf = (session: Session): readonly Check[] => {
  const { around, settings, options } = session;
  const config = deploymentConfig(around, settings);
  const clusters = config.clusters.filter(({ name }) => name === (options.cluster ?? name));
  if (clusters.length === 0)
    throw new CommandFailure(
      'not-found',
      `the deployment has no cluster "${options.cluster}"`,
      `it has ${config.clusters.map(({ name }) => name).join(', ')}`,
    );
  const ground: Ground = { config, settings, now: around.now };
  const tokens = accessTokens(around);
  const google = googleApi(config, settings, tokens);
  const inClusters = clusters.flatMap((cluster) => {
    const api = clusterApi(cluster.endpoint, tokens);
    return clusterChecks({
      ...ground,
      cluster,
      api,
      google,
      reads: createCluster({ endpoint: cluster.endpoint, token: () => tokens.token() }),
      caller: once((signal: AbortSignal) => readCaller(api, signal)),
    });
  });
  return [...inClusters, ...googleChecks(ground, google, clusters)];
};

const shown: Readonly<Record<Status, readonly [text: string, colour: Colour]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  failed: ['failed', 'red'],
  unknown: ['could not look', 'yellow'],
  skipped: ['-', 'dim'],
};

/** One line a check; under the table what mends those that are not well, in the same order. */
const textOf = ({ around }: Session, results: readonly Result[]): string => {
  const rows = results.map(({ subject, check, status, found }): readonly Cell[] => {
    const [text, colour] = shown[status];
    return [{ text, colour }, subject, check, found];
  });
  const remedies = results.flatMap(({ subject, check, remedy }) =>
    remedy === undefined
      ? []
      : [
          `${written(around, { text: `${subject}, ${check}:`, colour: 'bold' })} ${written(around, remedy)}\n`,
        ],
  );
  const what = remedies.length === 0 ? [] : ['\n', `${written(around, 'What to do:')}\n`, ...remedies];
  return [tableOf(around, ['STATUS', 'OF', 'CHECK', 'FOUND'], rows), ...what].join('');
};
