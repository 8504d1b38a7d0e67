import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Condition, Pod, PodStatus } from '../../../../infra/local/nodes/objects.ts';
import { courseOf, duration } from '../../../../infra/local/nodes/pod-stage.ts';
import { statusFor } from '../../../../infra/local/nodes/pod-status.ts';
import { statusPatch } from '../../../../infra/local/nodes/status-patch.ts';
import { timings } from './cluster.ts';

const at = new Date('2026-01-01T00:00:00Z');
const condition = (type: string, status: 'True' | 'False', more: Partial<Condition> = {}): Condition => ({
  type,
  status,
  lastTransitionTime: 't',
  ...more,
});

test('only what changed of a condition is sent, behind the order of all', () => {
  const before = {
    conditions: [condition('Ready', 'False', { message: 'a' }), condition('PodScheduled', 'True')],
  };
  const after = {
    conditions: [condition('Ready', 'False', { message: 'b' }), condition('PodScheduled', 'True')],
  };
  expect(statusPatch(before, after)).toEqual({
    '$setElementOrder/conditions': [{ type: 'Ready' }, { type: 'PodScheduled' }],
    conditions: [{ type: 'Ready', message: 'b' }],
  });
});

test('nothing changed, nothing to send', () => {
  const status: PodStatus = { phase: 'Running', conditions: [condition('Ready', 'True')], podIP: '10.0.0.1' };
  expect(statusPatch(status, structuredClone(status))).toBeUndefined();
});

test('an IP that is replaced is deleted from its list by name', () => {
  const patch = statusPatch({ podIPs: [{ ip: '10.0.0.1' }] }, { podIPs: [{ ip: '10.0.0.2' }] });
  expect(patch).toEqual({
    '$setElementOrder/podIPs': [{ ip: '10.0.0.2' }],
    podIPs: [{ ip: '10.0.0.2' }, { $patch: 'delete', ip: '10.0.0.1' }],
  });
});

const pod = (more: Partial<Pod> = {}): Pod => ({
  metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  spec: {
    nodeName: 'n1',
    containers: [
      { name: 'nginx', image: 'nginx:1' },
      { name: 'late-startup', image: 'busybox' },
    ],
  },
  status: { phase: 'Pending', conditions: [condition('PodScheduled', 'True')] },
  ...more,
});

test('the first report of a Pod has the fields of a real kubelet’s', () => {
  const sample = parse(
    readFileSync(new URL('../../../events/samples/pods-status-patch.yaml', import.meta.url), 'utf8'),
  ) as {
    protoPayload: { request: { status: { conditions: object[]; containerStatuses: object[] } } };
  };
  const real = sample.protoPayload.request.status;
  const own = statusPatch(
    pod().status ?? {},
    statusFor(pod(), 'starting', { ip: undefined, hostIp: '10.128.0.1', restarts: 0 }, at),
  ) as typeof real;
  const ready = (status: typeof real) =>
    status.conditions.find((entry) => (entry as Condition).type === 'Ready') as object;
  expect(Object.keys(ready(own)).sort()).toEqual(Object.keys(ready(real)).sort());
  expect(ready(own)).toMatchObject({
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [nginx late-startup]',
  });
  expect(Object.keys(own.containerStatuses[0] ?? {}).sort()).toEqual(
    Object.keys(real.containerStatuses[0] ?? {}).sort(),
  );
});

test('a closed readiness gate keeps a Pod not Ready', () => {
  const gated = pod({ spec: { readinessGates: [{ conditionType: 'lb' }] } });
  const status = statusFor(gated, 'ready', { ip: '10.0.0.1', hostIp: 'h', restarts: 0 }, at);
  expect(status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'False',
    reason: 'ReadinessGatesNotReady',
  });
});

const annotated = (annotations: Record<string, string>, more: object = {}, spec: Pod['spec'] = {}): Pod =>
  pod({ metadata: { ...pod().metadata, annotations, ...more }, spec });
const own = (name: string, value: string) => ({ [`local.persistent-ip.dev/${name}`]: value });
const leaving = { deletionTimestamp: 'now', deletionGracePeriodSeconds: 1 };

test.each([
  ['starts', pod(), 0, { stage: 'starting', nextAt: 5 }],
  ['runs', pod(), 5, { stage: 'running', nextAt: 10 }],
  ['is ready', pod(), 10, { stage: 'ready', nextAt: undefined }],
  [
    'is ready when its annotation says',
    annotated(own('ready-after', '5s')),
    10,
    { stage: 'running', nextAt: 5_005 },
  ],
  ['fails its probe', annotated(own('ready', 'false')), 10_000, { stage: 'running', nextAt: undefined }],
  [
    'ends',
    annotated(own('exit', 'Succeeded'), {}, { restartPolicy: 'Never' }),
    5,
    { stage: 'succeeded', nextAt: undefined },
  ],
  [
    'does not end if it is always restarted',
    annotated(own('exit', 'Succeeded')),
    20,
    { stage: 'ready', nextAt: undefined },
  ],
  ['has its time to end', annotated({}, leaving), 20, { stage: 'ready', nextAt: 25 }],
  [
    'has no more than its grace',
    annotated(own('terminate-after', '1m'), leaving),
    1_020,
    { stage: 'ended', nextAt: undefined },
  ],
])('a Pod %s', (_, subject, now, course) => {
  expect(courseOf(subject, { seenAt: 0, endingAt: 20 }, timings, now)).toEqual(course);
});

test('durations have a unit', () => {
  expect(['250ms', '5s', '2m', '5', ''].map(duration)).toEqual([250, 5_000, 120_000, undefined, undefined]);
});
