import * as v from 'valibot';
import type { ClusterConfig } from '../../../../../functions/config.ts';
import { renderSinkFilter } from '../../../../sink/render.ts';
import { type Finding, failed, ok, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import type { Ground } from '../ground.ts';
import { pushOutcomes } from './metrics.ts';

/** Source: Cloud Logging API v2, entries.list. */
const Entries = v.object({
  entries: v.optional(v.array(v.object({ timestamp: v.optional(v.string(), '') })), []),
});

const hour = 3_600;
/** Until Monitoring shows a push for certain, seconds. */
const lag = 600;

/** The time of the newest entry of the last hour that the cluster's sink lets through. */
const newestEntry = async (
  google: GoogleApi,
  cluster: ClusterConfig,
  { config, now }: Ground,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const since = new Date(now().getTime() - hour * 1_000).toISOString();
  const filter = renderSinkFilter({ clusters: [cluster], serviceAccount: config.serviceAccount });
  const body = {
    resourceNames: [`projects/${cluster.project}`],
    filter: `${filter}\ntimestamp>="${since}"`,
    orderBy: 'timestamp desc',
    pageSize: 1,
  };
  const answer = await google.ask({ api: 'logging', path: '/v2/entries:list', body }, Entries, signal);
  return answer?.entries[0]?.timestamp;
};

/**
 * Whether the cluster's audit log is written, and pushed to the function. Each kubelet writes an entry every five minutes
 * that passes the sink, so an hour without one is not a quiet cluster.
 */
export const judgeAuditLog = (newest: string | undefined, pushed: number | undefined, now: Date): Finding => {
  if (newest === undefined)
    return warning(
      'no audit entry of the last hour passes the sink’s filter',
      'has the cluster nodes? Else look in the Logs Explorer for resource.type="k8s_cluster" and its name: an organization’s policy may hold the log back',
    );
  if (pushed === undefined) return ok(`newest entry at ${newest}; what was pushed cannot be told here`);
  if (pushed > 0) return ok(`newest entry at ${newest}; ${pushed} pushed in the last hour`);
  if (now.getTime() - Date.parse(newest) < lag * 1_000)
    return ok(`newest entry at ${newest}, too young for Monitoring to show its push`);
  return failed(
    `entries are written (the newest at ${newest}), and none of the last hour was pushed`,
    'the lines of the log sink and of queue cluster-events say what keeps them',
  );
};

export const lookAtAuditLog = async (
  google: GoogleApi,
  cluster: ClusterConfig,
  ground: Ground,
  signal: AbortSignal,
): Promise<Finding> => {
  const subscription = ground.settings.subscriptions?.['cluster-events'];
  const now = ground.now();
  const [newest, outcomes] = await Promise.all([
    newestEntry(google, cluster, ground, signal),
    subscription === undefined
      ? undefined
      : pushOutcomes(google, subscription, { now, seconds: hour }, signal).catch(() => undefined),
  ]);
  const pushed = outcomes && [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  return judgeAuditLog(newest, pushed, now);
};
