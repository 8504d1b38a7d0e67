import { isDeepStrictEqual } from 'node:util';
import { isRefusal } from './api.ts';
import { deadlineOf, restAfter, type Tally, verdictOf, wantedPods } from './job-plan.ts';
import { endedOf, isTracked, jobStatus, trackingFinalizer } from './job-status.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { controllerOf, isLeaving, isOver, isTrue, keyOf, type Pod, timestamp } from './objects.ts';
import { jobs, pods } from './resources.ts';
import type { Job } from './workloads.ts';

const podOf = ({ metadata: { name, uid }, spec: { template } }: Job): object => ({
  metadata: {
    ...template.metadata,
    generateName: `${name}-`,
    finalizers: [trackingFinalizer],
    ownerReferences: [
      { apiVersion: jobs.apiVersion, kind: jobs.kind, name, uid, controller: true, blockOwnerDeletion: true },
    ],
  },
  spec: template.spec,
});

const isFinished = ({ status }: Job): boolean => isTrue(status, 'Complete') || isTrue(status, 'Failed');

const lastFailure = (ended: readonly Pod[]): number =>
  Math.max(
    0,
    ...ended
      .filter(({ status }) => status?.phase === 'Failed')
      .flatMap(({ status }) => status?.conditions ?? [])
      .map(({ lastTransitionTime }) => Date.parse(lastTransitionTime ?? '') || 0),
  );

/**
 * Runs Jobs to their end, as `job-controller`: as many Pods as may work at once until enough have succeeded, with a
 * longer rest after each failure; ended Pods stay, for who wants to read them.
 */
export const startJobs = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('job-controller'));
  const owned = (uid: string): Pod[] => machinery.pods.all().filter((pod) => controllerOf(pod)?.uid === uid);

  const unlessGone = async (write: Promise<unknown>): Promise<void> => {
    try {
      await write;
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const remove = ({ metadata: { namespace, name, uid } }: Pod): Promise<void> =>
    unlessGone(
      api.remove<Pod>(pods, { namespace, name }, { preconditions: { uid } }).then((answer) => {
        if (answer.metadata.deletionTimestamp !== undefined) machinery.pods.accept(answer);
      }),
    );
  const release = ({ metadata: { namespace, name, uid } }: Pod): Promise<void> => {
    const metadata = { uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] };
    return unlessGone(api.patch(pods, { namespace, name }, { metadata }));
  };

  /** Makes and deletes Pods. @returns how long the next one has to wait, in milliseconds */
  const manage = async (job: Job, tally: Tally, wanted: number): Promise<number | undefined> => {
    const mine = owned(job.metadata.uid);
    const active = mine.filter((pod) => !isOver(pod) && !isLeaving(pod));
    // Who is one too many is no failure: it loses the finalizer first, and is not counted.
    await Promise.all(active.slice(wanted).map((pod) => release(pod).then(() => remove(pod))));
    if (active.length >= wanted) return undefined;
    const now = machinery.clock.now().getTime();
    const rest = tally.failed === 0 ? 0 : lastFailure(mine) + restAfter(tally.failed) - now;
    if (rest > 0) return rest;
    for (let made = active.length; made < wanted; made++)
      machinery.pods.accept(await api.create<Pod>(pods, { namespace: job.metadata.namespace }, podOf(job)));
    return undefined;
  };

  const work = async (job: Job): Promise<number | undefined> => {
    const now = machinery.clock.now();
    const mine = owned(job.metadata.uid);
    const active = mine.filter((pod) => !isOver(pod) && !isLeaving(pod));
    const ended = endedOf(job, mine);
    const { counted, listed } = ended;
    const tally: Tally = {
      active: active.length,
      succeeded: counted.succeeded + listed.succeeded.length,
      failed: counted.failed + listed.failed.length,
    };
    const verdict = verdictOf(job, tally, now.getTime());
    let rest: number | undefined;
    if (verdict !== undefined) await Promise.all(active.map(remove));
    else if (!isLeaving(job)) rest = await manage(job, tally, wantedPods(job, tally));
    const status = jobStatus(job, owned(job.metadata.uid), ended, verdict, timestamp(now));
    if (!isDeepStrictEqual(job.status, status)) {
      machinery.jobs.accept(await api.update<Job>(jobs, { ...job, status }, 'status'));
    }
    const done = new Set([...listed.succeeded, ...listed.failed]);
    await Promise.all(mine.filter((pod) => isTracked(pod) && done.has(pod.metadata.uid)).map(release));
    const deadline = verdict === undefined ? deadlineOf({ ...job, status }) : undefined;
    const waits = [rest, deadline && deadline - now.getTime()].filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Math.min(...waits);
  };

  const worker = machinery.worker('job-controller', async (key) => {
    await machinery.synced;
    const job = machinery.jobs.get(key);
    if (job !== undefined && !isFinished(job)) return await work(job);
    // Whom nobody will count any more is free to go: the Job is over, or gone.
    const orphans = machinery.pods.all().filter((pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === jobs.kind && `${pod.metadata.namespace}/${owner.name}` === key && isTracked(pod);
    });
    await Promise.all(
      orphans.filter((pod) => job === undefined || isOver(pod) || isLeaving(pod)).map(release),
    );
    return undefined;
  });
  machinery.jobs.subscribe((job) => worker.add(keyOf(job)));
  machinery.pods.subscribe((pod) => {
    const owner = controllerOf(pod);
    if (owner?.kind === jobs.kind) worker.add(`${pod.metadata.namespace}/${owner.name}`);
  });
};
