import { describe, expect, test } from 'vitest';
import { kubelet, type Write } from './entries.ts';
import { judge, noChange, nodeController, pod, wholePod } from './judging.ts';

const statusPatch = (status: unknown): Write => ({
  method: 'io.k8s.core.v1.pods.status.patch',
  path: `${pod}/status`,
  principal: kubelet,
  request: { '@type': 'k8s.io/Patch', metadata: { uid: 'u-1' }, status },
});

describe('the status patch of a kubelet', () => {
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', uid: 'u-1', podGone: false };

  test('a Ready entry with a status is a transition and is kept, with the uid and without labels', () => {
    expect(judge(statusPatch({ conditions: [{ type: 'Ready', status: 'False' }] }))).toEqual(kept);
  });

  test('a Ready entry without a status changes only its message and is dropped', () => {
    expect(judge(statusPatch({ conditions: [{ type: 'Ready', message: 'still waiting' }] }))).toEqual(
      noChange,
    );
  });

  test('transitions of other conditions are dropped', () => {
    const conditions = [{ type: 'ContainersReady', status: 'True' }, { type: 'PodReadyToStartContainers' }];
    expect(judge(statusPatch({ conditions }))).toEqual(noChange);
  });

  test('the order of conditions is no transition', () => {
    const order = { '$setElementOrder/conditions': [{ type: 'Ready', status: 'True' }] };
    expect(judge(statusPatch(order))).toEqual(noChange);
  });

  test('a new Pod IP is kept', () => {
    expect(judge(statusPatch({ podIP: '10.0.0.7', podIPs: [{ ip: '10.0.0.7' }] }))).toEqual(kept);
  });

  test.each(['Succeeded', 'Failed'])('the terminal phase %s is kept', (phase) => {
    expect(judge(statusPatch({ phase }))).toEqual(kept);
  });

  test.each(['Pending', 'Running', 'Unknown'])('the phase %s alone is dropped', (phase) => {
    expect(judge(statusPatch({ phase }))).toEqual(noChange);
  });

  test('restarts of containers are dropped', () => {
    expect(judge(statusPatch({ containerStatuses: [{ name: 'a', restartCount: 3 }] }))).toEqual(noChange);
  });

  test.each([
    null,
    [],
    'status',
    7,
    { conditions: {} },
    { conditions: [null, 'Ready', ['Ready']] },
    { conditions: [{ type: 'Ready', status: 1 }] },
    { podIP: 7 },
  ])('a status of wrong types holds no fact: %j', (status) => {
    expect(judge(statusPatch(status))).toEqual(noChange);
  });

  test('a patch whose body is not in the entry cannot be dropped by its content', () => {
    const write = { ...statusPatch({}), request: undefined };
    expect(judge(write)).toEqual({ kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false });
  });
});

describe('the status update of a whole Pod', () => {
  const update = (bodies: Partial<Write>): Write => ({
    method: 'io.k8s.core.v1.pods.status.update',
    path: `${pod}/status`,
    principal: nodeController,
    ...bodies,
  });
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false };

  test('is kept whatever it says: so a dead node’s Pods turn not Ready', () => {
    expect(judge(update({}))).toEqual(kept);
  });

  test('brings uid and labels, so that no GET is needed', () => {
    const expected = { ...kept, uid: 'u-1', labels: { app: 'nat' } };
    expect(judge(update({ request: wholePod() }))).toEqual(expected);
    expect(judge(update({ response: wholePod() }))).toEqual(expected);
  });

  test('the stored Pod of the response wins over the request', () => {
    const verdict = judge(update({ request: wholePod(), response: wholePod({}, { app: 'other' }) }));
    expect(verdict).toMatchObject({ labels: { app: 'other' } });
  });

  test('a Pod without labels has no labels, rather than unknown ones', () => {
    expect(judge(update({ response: wholePod({ labels: undefined }) }))).toMatchObject({ labels: {} });
  });

  test('labels that are no strings are unknown, not trusted', () => {
    expect(judge(update({ response: wholePod({}, { app: 7 }) }))).not.toHaveProperty('labels');
  });

  test('a label named like a property of every object is found only if the Pod has it', () => {
    const verdict = judge(update({ response: wholePod() }));
    expect(verdict.kind === 'pod' && verdict.labels?.constructor).toBe(undefined);
  });
});
