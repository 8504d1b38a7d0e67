import type { Job } from './workloads.ts';

/** What a Job's Pods have come to. */
export interface Tally {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** How a Job ends. */
export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

const failed = (reason: string, message: string): Verdict => ({ type: 'Failed', reason, message });

/** When a Job is too old, in milliseconds; `undefined` if it may take as long as it likes. */
export const deadlineOf = ({ spec, status }: Job): number | undefined =>
  spec.activeDeadlineSeconds === undefined || status?.startTime === undefined
    ? undefined
    : Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1_000;

/**
 * Whether a Job is over, in this order: too many failures, its deadline, enough successes (`pkg/controller/job`,
 * syncJob). Without `completions`, one success and no Pod that still works is enough.
 */
export const verdictOf = (
  job: Job,
  { active, succeeded, failed: failures }: Tally,
  now: number,
): Verdict | undefined => {
  const { backoffLimit = 6, completions } = job.spec;
  if (failures > backoffLimit) {
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const deadline = deadlineOf(job);
  if (deadline !== undefined && now >= deadline) {
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  const enough = completions === undefined ? succeeded > 0 && active === 0 : succeeded >= completions;
  if (!enough) return undefined;
  return {
    type: 'Complete',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  };
};

/** How many Pods should work now (manageJob). */
export const wantedPods = ({ spec }: Job, { active, succeeded }: Tally): number => {
  const { parallelism = 1, completions, suspend = false } = spec;
  if (suspend) return 0;
  if (completions !== undefined) return Math.max(0, Math.min(parallelism, completions - succeeded));
  return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
};

/** How long a Job rests after so many failures: ten seconds, twice that with each, ten minutes at most. */
export const restAfter = (failures: number): number =>
  failures === 0 ? 0 : Math.min(10_000 * 2 ** Math.min(failures - 1, 10), 600_000);
