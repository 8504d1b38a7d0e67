import { describe, expect, test } from 'vitest';
import { restAfter, type Tally, verdictOf, wantedPods } from '../../../../infra/local/nodes/job-plan.ts';
import { controllerOf, isTrue, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { jobs, pods } from '../../../../infra/local/nodes/resources.ts';
import type { Job } from '../../../../infra/local/nodes/workloads.ts';
import { startCluster, type TestCluster } from './cluster.ts';

const place = { namespace: 'default' };

const job = (spec: object = {}, annotations: object = {}): object => ({
  metadata: { name: 'j' },
  spec: {
    ...spec,
    template: {
      metadata: { annotations },
      spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] },
    },
  },
});

const planned = (spec: object, status: object = {}): Job =>
  ({ metadata: {}, spec: { backoffLimit: 6, ...spec }, status }) as unknown as Job;
const tally = (own: Partial<Tally>): Tally => ({ active: 0, succeeded: 0, failed: 0, ...own });

describe('a Job is over', () => {
  test.each<[string, Job, Partial<Tally>, string | undefined]>([
    ['when enough have succeeded', planned({ completions: 2 }), { succeeded: 2 }, 'CompletionsReached'],
    ['not before', planned({ completions: 2 }), { succeeded: 1, active: 1 }, undefined],
    ['without a number, when one has and none works', planned({}), { succeeded: 1 }, 'CompletionsReached'],
    ['without a number, not while one works', planned({}), { succeeded: 1, active: 1 }, undefined],
    [
      'when more failed than it allows',
      planned({ completions: 1, backoffLimit: 1 }),
      { failed: 2 },
      'BackoffLimitExceeded',
    ],
    ['not when just so many did', planned({ completions: 1, backoffLimit: 1 }), { failed: 1 }, undefined],
    [
      'as failed, even if enough succeeded',
      planned({ completions: 1, backoffLimit: 0 }),
      { failed: 1, succeeded: 1 },
      'BackoffLimitExceeded',
    ],
    [
      'at its deadline',
      planned({ completions: 1, activeDeadlineSeconds: 5 }, { startTime: new Date(0).toISOString() }),
      { active: 1 },
      'DeadlineExceeded',
    ],
    [
      'not before it',
      planned({ completions: 1, activeDeadlineSeconds: 6 }, { startTime: new Date(0).toISOString() }),
      { active: 1 },
      undefined,
    ],
  ])('%s', (_, given, counts, reason) => {
    expect(verdictOf(given, tally(counts), 5_000)?.reason).toBe(reason);
  });
});

describe('so many Pods work', () => {
  test.each<[string, object, Partial<Tally>, number]>([
    ['as are still to succeed', { completions: 5, parallelism: 3 }, { succeeded: 3 }, 2],
    ['and no more than may at once', { completions: 5, parallelism: 3 }, { succeeded: 1 }, 3],
    ['none while it is suspended', { completions: 5, suspend: true }, {}, 0],
    ['without a number, as may at once', { parallelism: 3 }, { active: 1 }, 3],
    ['and no new ones after the first success', { parallelism: 3 }, { active: 2, succeeded: 1 }, 2],
  ])('%s', (_, spec, counts, wanted) => {
    expect(wantedPods(planned(spec), tally(counts))).toBe(wanted);
  });
});

test('a Job rests longer after each failure, ten minutes at most', () => {
  expect([0, 1, 2, 3, 20].map(restAfter)).toEqual([0, 10_000, 20_000, 40_000, 600_000]);
});

const finished = (cluster: TestCluster, type: string): Promise<Job | undefined> =>
  cluster.until<Job>(jobs, 'default/j', (found) => isTrue(found?.status, type));
const ofJob = (pod: Pod): boolean => controllerOf(pod)?.kind === 'Job';

test('a Job runs to its end, and its Pods stay, without a finalizer', async () => {
  const cluster = await startCluster();
  await cluster.api.create(jobs, place, job({ completions: 3, parallelism: 2 }));
  const done = await finished(cluster, 'Complete');
  expect(done?.status).toMatchObject({ succeeded: 3, terminating: 0, ready: 0, uncountedTerminatedPods: {} });
  expect(done?.status).not.toHaveProperty('active');
  expect(done?.status?.conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
    'SuccessCriteriaMet CompletionsReached',
    'Complete CompletionsReached',
  ]);
  const left = await cluster.untilAll<Pod>(pods, (all) => all.filter(ofJob).length === 3);
  expect(left.map(({ status, metadata }) => [status?.phase, metadata.finalizers])).toEqual(
    Array.from({ length: 3 }, () => ['Succeeded', undefined]),
  );
});

test('a Job whose Pod fails once too often has failed', async () => {
  const cluster = await startCluster();
  const failing = { 'local.persistent-ip.dev/exit': 'Failed' };
  await cluster.api.create(jobs, place, job({ backoffLimit: 0 }, failing));
  const done = await finished(cluster, 'Failed');
  expect(done?.status).toMatchObject({ failed: 1 });
  expect(done?.status?.conditions?.at(-1)).toMatchObject({
    type: 'Failed',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  });
});

test('a Pod that is deleted while it works counts as failed, and another takes its place', async () => {
  const cluster = await startCluster();
  const slow = { 'local.persistent-ip.dev/exit-after': '10m' };
  await cluster.api.create(jobs, place, job({ backoffLimit: 0 }, slow));
  const [pod] = await cluster.untilAll<Pod>(pods, (all) => all.some((each) => isTrue(each.status, 'Ready')));
  await cluster.api.remove(pods, { ...place, name: pod!.metadata.name }, {});
  expect((await finished(cluster, 'Failed'))?.status).toMatchObject({ failed: 1 });
  await cluster.untilAll<Pod>(pods, (all) => all.length === 0);
});

test('a suspended Job gives its Pods up without counting them, and goes on when it is resumed', async () => {
  const cluster = await startCluster();
  const slow = { 'local.persistent-ip.dev/exit-after': '10m' };
  await cluster.api.create(jobs, place, job({ backoffLimit: 0 }, slow));
  await cluster.untilAll<Pod>(pods, (all) => all.some((each) => isTrue(each.status, 'Ready')));
  await cluster.api.patch(jobs, { ...place, name: 'j' }, { spec: { suspend: true } });
  await cluster.untilAll<Pod>(pods, (all) => all.length === 0);
  const suspended = await finished(cluster, 'Suspended');
  expect(suspended?.status).not.toHaveProperty('failed');
  await cluster.api.patch(jobs, { ...place, name: 'j' }, { spec: { suspend: false } });
  await cluster.untilAll<Pod>(pods, (all) => all.length === 1);
});

test('with a Job go its Pods, whatever they had still to be counted for', async () => {
  const cluster = await startCluster();
  const slow = { 'local.persistent-ip.dev/exit-after': '10m' };
  await cluster.api.create(jobs, place, job({}, slow));
  await cluster.untilAll<Pod>(pods, (all) => all.some((each) => isTrue(each.status, 'Ready')));
  await cluster.api.remove(jobs, { ...place, name: 'j' }, { propagationPolicy: 'Background' });
  await cluster.untilAll<Pod>(pods, (all) => all.length === 0);
});
