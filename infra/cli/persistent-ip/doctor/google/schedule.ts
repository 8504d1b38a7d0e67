import * as v from 'valibot';
import { type Finding, failed, ok, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';

/** Source: Cloud Scheduler API v1, Job. */
const Job = v.object({
  state: v.optional(v.string(), 'STATE_UNSPECIFIED'),
  lastAttemptTime: v.optional(v.string()),
  /** Of the last attempt; empty when it went well. */
  status: v.optional(v.object({ code: v.optional(v.number(), 0), message: v.optional(v.string(), '') })),
});
export type Job = v.InferOutput<typeof Job>;

/** It runs every minute: so long without a run is no chance, milliseconds. */
const patience = 10 * 60_000;

/** Whether the schedule starts the sweep, which finds what no event tells. */
export const judgeSchedule = (name: string, job: Job | undefined, now: Date): Finding => {
  if (job === undefined)
    return failed(`there is no job ${name}: nothing finds what no event tells`, 'terraform apply');
  const short = name.split('/').at(-1) ?? name;
  const location = name.split('/')[3] ?? '';
  if (job.state !== 'ENABLED')
    return failed(
      `${name} is ${job.state}: nothing finds what no event tells`,
      job.state === 'PAUSED'
        ? `gcloud scheduler jobs resume ${short} --location=${location}`
        : 'terraform apply',
    );
  const code = job.status?.code ?? 0;
  if (code !== 0)
    return failed(
      `the last run of ${name} failed with code ${code} of google.rpc.Code${job.status?.message ? `: ${job.status.message}` : ''}`,
      `gcloud scheduler jobs describe ${short} --location=${location}: it publishes to the topic of sweeps`,
    );
  if (job.lastAttemptTime === undefined)
    return warning(`${name} has not run yet`, 'look again in two minutes');
  if (now.getTime() - Date.parse(job.lastAttemptTime) > patience)
    return failed(
      `${name} ran last at ${job.lastAttemptTime}, and should every minute`,
      `gcloud scheduler jobs run ${short} --location=${location}`,
    );
  return ok(`${name} is enabled and ran at ${job.lastAttemptTime}`);
};

export const lookAtSchedule = async (
  google: GoogleApi,
  name: string,
  now: Date,
  signal: AbortSignal,
): Promise<Finding> =>
  judgeSchedule(name, await google.ask({ api: 'cloudscheduler', path: `/v1/${name}` }, Job, signal), now);
