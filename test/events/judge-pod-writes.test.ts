import { describe, expect, test } from 'vitest';
import { kubelet, type Write } from './entries.ts';
import { judge, noWrite, pod, wholePod } from './judging.ts';

describe('the creation of a Pod', () => {
  const create = (bodies: Partial<Write>, path = pod): Write => ({
    method: 'io.k8s.core.v1.pods.create',
    path,
    principal: 'system:serviceaccount:kube-system:replicaset-controller',
    ...bodies,
  });
  const later = { kind: 'drop', why: 'a Pod without a node matters when it is bound' };

  test('without a node is dropped: its binding follows', () => {
    expect(judge(create({ response: { metadata: {}, spec: {} } }))).toEqual(later);
    expect(judge(create({ request: { metadata: {}, spec: {} } }))).toEqual(later);
  });

  test('with a node is kept: it is never bound', () => {
    expect(judge(create({ response: wholePod() }))).toMatchObject({ kind: 'pod', labels: { app: 'nat' } });
  });

  test('labels of a request are not final, because admission may change them', () => {
    expect(judge(create({ request: wholePod() }))).not.toHaveProperty('labels');
  });

  test('a generated name is taken from the response when the path has none', () => {
    const write = create({ response: wholePod() }, 'core/v1/namespaces/edge/pods');
    expect(judge(write)).toMatchObject({ kind: 'pod', namespace: 'edge', name: 'nat-0' });
  });

  test('a name in the response is checked like one in the path', () => {
    const write = create({ response: wholePod({ name: '../../secrets/x' }) }, 'core/v1/namespaces/edge/pods');
    expect(judge(write)).toEqual({ kind: 'pods-of-namespace', namespace: 'edge' });
  });

  test('without any body or name its Namespace is looked at', () => {
    expect(judge(create({}, 'core/v1/namespaces/edge/pods'))).toEqual({
      kind: 'pods-of-namespace',
      namespace: 'edge',
    });
  });
});

describe('other writes of Pods', () => {
  const write = (verb: string, more: Partial<Write> = {}, sub = ''): Write => ({
    method: `io.k8s.core.v1.pods.${sub === '' ? '' : `${sub}.`}${verb}`,
    path: sub === '' ? pod : `${pod}/${sub}`,
    ...more,
  });
  const kept = { kind: 'pod', namespace: 'edge', name: 'nat-0', podGone: false };

  test('a binding is kept: the node becomes a standby, and Exists may choose it', () => {
    const request = { metadata: { name: 'nat-0', uid: 'u-1' }, target: { kind: 'Node', name: 'n1' } };
    const binding = write('create', { principal: 'system:kube-scheduler', request }, 'binding');
    expect(judge(binding)).toEqual({ ...kept, uid: 'u-1' });
  });

  test('an eviction is kept: the Pod terminates', () => {
    expect(judge(write('create', { response: { kind: 'Status', status: 'Success' } }, 'eviction'))).toEqual(
      kept,
    );
  });

  test('an eviction that a budget blocks is dropped', () => {
    expect(judge(write('create', { status: { code: 8 } }, 'eviction'))).toEqual({
      kind: 'drop',
      why: 'the request failed',
    });
  });

  test('a delete by a user only begins the termination', () => {
    const verdict = judge(write('delete', { response: wholePod({ deletionGracePeriodSeconds: 30 }) }));
    expect(verdict).toEqual({ ...kept, uid: 'u-1', labels: { app: 'nat' } });
  });

  test('the delete by the kubelet says that the Pod is gone', () => {
    const request = { gracePeriodSeconds: 0, preconditions: { uid: 'u-1' } };
    expect(judge(write('delete', { principal: kubelet, request }))).toEqual({
      ...kept,
      uid: 'u-1',
      podGone: true,
    });
  });

  test('a delete without grace says that the Pod is gone, whoever asks', () => {
    expect(judge(write('delete', { request: { gracePeriodSeconds: 0 } }))).toMatchObject({ podGone: true });
    expect(judge(write('delete', { response: wholePod({ deletionGracePeriodSeconds: 0 }) }))).toMatchObject({
      podGone: true,
    });
  });

  test('a Pod with finalizers is not gone', () => {
    const response = wholePod({
      deletionGracePeriodSeconds: 0,
      finalizers: ['batch.kubernetes.io/job-tracking'],
    });
    expect(judge(write('delete', { principal: kubelet, response }))).toMatchObject({ podGone: false });
  });

  test('a deleted collection concerns all Pods of the Namespace', () => {
    const collection = write('deletecollection', { path: 'core/v1/namespaces/edge/pods' });
    expect(judge(collection)).toEqual({ kind: 'pods-of-namespace', namespace: 'edge' });
  });

  test.each(['update', 'patch'])('a %s may change labels and is kept', (verb) => {
    expect(judge(write(verb, { response: wholePod() }))).toMatchObject({ labels: { app: 'nat' } });
  });

  test('a patch’s own labels are only a part and are not taken for the Pod’s', () => {
    const request = { '@type': 'k8s.io/Patch', metadata: { labels: { extra: 'x' } } };
    expect(judge(write('patch', { request }))).toEqual(kept);
  });

  test.each(['exec', 'ephemeralcontainers', 'resize'])('the subresource %s is dropped', (sub) => {
    expect(judge(write(sub === 'exec' ? 'create' : 'patch', {}, sub))).toEqual(noWrite);
  });
});
