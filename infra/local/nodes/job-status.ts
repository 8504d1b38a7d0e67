import type { Verdict } from './job-plan.ts';
import { type Condition, conditionOf, isLeaving, isOver, isTrue, type Pod } from './objects.ts';
import type { Job, JobStatus } from './workloads.ts';

/** Keeps an ended Pod until it is counted. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

export const isTracked = ({ metadata }: Pod): boolean =>
  metadata.finalizers?.includes(trackingFinalizer) === true;

/** Pods that have ended, or are about to; one that is deleted counts as failed unless it had succeeded. */
const isEnded = (pod: Pod): boolean => isOver(pod) || isLeaving(pod);

/** Ended Pods of a Job: those already in its counts, and those that are listed until they lose the finalizer. */
export interface Ended {
  readonly counted: { readonly succeeded: number; readonly failed: number };
  readonly listed: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
}

/**
 * A Pod is listed by its uid while it still has the finalizer, and counted when it has lost it: so none is counted
 * twice, and none is missed that somebody deletes (batch/v1 UncountedTerminatedPods).
 */
export const endedOf = ({ status = {} }: Job, pods: readonly Pod[]): Ended => {
  const tracked = new Set(pods.filter(isTracked).map(({ metadata: { uid } }) => uid));
  const known = status.uncountedTerminatedPods ?? {};
  const seen = new Set([...(known.succeeded ?? []), ...(known.failed ?? [])]);
  const fresh = pods.filter((pod) => isTracked(pod) && isEnded(pod) && !seen.has(pod.metadata.uid));
  const side = (name: 'succeeded' | 'failed'): { count: number; uids: string[] } => {
    const before = known[name] ?? [];
    const uids = before.filter((uid) => tracked.has(uid));
    const mine = fresh.filter((pod) => (pod.status?.phase === 'Succeeded') === (name === 'succeeded'));
    return {
      count: (status[name] ?? 0) + before.length - uids.length,
      uids: [...uids, ...mine.map(({ metadata: { uid } }) => uid)],
    };
  };
  const [succeeded, failed] = [side('succeeded'), side('failed')];
  return {
    counted: { succeeded: succeeded.count, failed: failed.count },
    listed: { succeeded: succeeded.uids, failed: failed.uids },
  };
};

const interim = { Complete: 'SuccessCriteriaMet', Failed: 'FailureTarget' } as const;

/** The conditions of a Job that is judged: first that it will end so, and when all its Pods are gone that it has. */
const judged = (
  { status }: Job,
  { type, reason, message }: Verdict,
  over: boolean,
  now: string,
): Condition[] => {
  const before = status?.conditions ?? [];
  const added = [interim[type], ...(over ? [type] : [])].filter((name) => !isTrue(status, name));
  const conditions = added.map(
    (name): Condition => ({
      type: name,
      status: 'True',
      lastProbeTime: now,
      lastTransitionTime: now,
      reason,
      message,
    }),
  );
  return [...before, ...conditions];
};

const suspension = ({ spec, status }: Job, now: string): Condition[] => {
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'Suspended');
  const before = conditionOf(status, 'Suspended');
  const wanted = spec.suspend === true ? 'True' : 'False';
  if (before === undefined && wanted === 'False') return others;
  if (before?.status === wanted) return [...(status?.conditions ?? [])];
  const [reason, message] =
    wanted === 'True' ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  const times = { lastProbeTime: now, lastTransitionTime: now };
  return [...others, { type: 'Suspended', status: wanted, ...times, reason, message }];
};

const some = <T>(name: string, value: T, has: boolean): Record<string, T> => (has ? { [name]: value } : {});

/** The status of a Job as its Pods and its end make it. */
export const jobStatus = (
  job: Job,
  pods: readonly Pod[],
  { counted, listed }: Ended,
  verdict: Verdict | undefined,
  now: string,
): JobStatus => {
  const active = pods.filter((pod) => !isEnded(pod));
  const ready = active.filter((pod) => isTrue(pod.status, 'Ready')).length;
  const terminating = pods.filter((pod) => isLeaving(pod) && !isOver(pod)).length;
  const waiting = active.length + terminating + listed.succeeded.length + listed.failed.length > 0;
  const conditions = verdict === undefined ? suspension(job, now) : judged(job, verdict, !waiting, now);
  const completed = verdict?.type === 'Complete' && !waiting;
  const started = job.spec.suspend === true ? undefined : (job.status?.startTime ?? now);
  return {
    ...some('conditions', conditions, conditions.length > 0),
    ...some('startTime', started, started !== undefined),
    ...some('completionTime', now, completed),
    ...some('active', active.length, active.length > 0),
    ...some('succeeded', counted.succeeded, counted.succeeded > 0),
    ...some('failed', counted.failed, counted.failed > 0),
    terminating,
    uncountedTerminatedPods: {
      ...some('succeeded', [...listed.succeeded], listed.succeeded.length > 0),
      ...some('failed', [...listed.failed], listed.failed.length > 0),
    },
    ready,
  } as JobStatus;
};
