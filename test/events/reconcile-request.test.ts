import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  orderingKey,
  parseReconcileRequest,
  type ReconcileRequest,
  readReconcileRequest,
  serialiseReconcileRequest,
} from '../../events/reconcile-request.ts';
import { cluster, withAt } from './entries.ts';

const request: ReconcileRequest = {
  cluster,
  kind: 'route',
  namespace: 'edge',
  name: 'nat',
  uid: 'c0b4e00d-da76-4255-9a02-670d5b74aa3a',
  cause: {
    insertId: 'c7842d26',
    method: 'io.k8s.core.v1.pods.status.patch',
    principal: 'system:node:n1',
    at: '2024-01-01T01:00:00Z',
  },
};

describe('a reconcile request', () => {
  test('is read as it was written', () => {
    expect(parseReconcileRequest(serialiseReconcileRequest(request))).toEqual({ ok: true, value: request });
  });

  test('without a uid has no uid, rather than an empty one', () => {
    const { uid: _, ...rest } = request;
    const read = parseReconcileRequest(serialiseReconcileRequest(rest));
    expect(read).toEqual({ ok: true, value: rest });
    expect(read.ok && 'uid' in read.value).toBe(false);
  });

  test('of a class has no namespace', () => {
    const ofClass = { ...request, kind: 'class' as const, namespace: '' };
    expect(readReconcileRequest(ofClass)).toEqual({ ok: true, value: ofClass });
    expect(readReconcileRequest({ ...ofClass, namespace: 'edge' })).toMatchObject({
      refusal: { field: 'namespace', problem: 'is not empty' },
    });
  });

  test('carries nothing but its fields, in either direction', () => {
    const extended = { ...request, leader: 'n2', cluster: { ...cluster, endpoint: 'evil.example.com' } };
    expect(serialiseReconcileRequest(extended)).toBe(serialiseReconcileRequest(request));
    expect(readReconcileRequest(extended)).toEqual({ ok: true, value: request });
  });

  test.each<[string, unknown[]]>([
    ['cluster', [undefined, 'prod', []]],
    ['cluster.project', [undefined, 7, 'a/b']],
    ['cluster.location', [undefined, 7, '']],
    ['cluster.name', [undefined, 7, 'Prod']],
    ['kind', [undefined, 7, 'pod', 'constructor', ['route']]],
    ['namespace', [undefined, 7, '', 'a.b', 'a/b']],
    ['name', [undefined, 7, '', 'Nat', '../x', 'a'.repeat(254)]],
    ['uid', [7, '', {}, 'u'.repeat(129)]],
    ['cause', [undefined, 'sweep', []]],
    ['cause.insertId', [undefined, 7, 'x'.repeat(1025)]],
    ['cause.method', [undefined, {}]],
    ['cause.principal', [undefined, []]],
    ['cause.at', [undefined, 'now', 7]],
  ])('with a wrong %s is refused by that name', (field, values) => {
    for (const value of values)
      expect(readReconcileRequest(withAt(request, field.split('.'), value))).toEqual({
        ok: false,
        refusal: { kind: 'malformed', field, problem: expect.any(String) },
      });
  });

  test('is never an exception, whatever JSON came', () => {
    expect(parseReconcileRequest('nonsense')).toMatchObject({ refusal: { problem: 'is not JSON' } });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readReconcileRequest(value).ok).toBe(false);
      }),
    );
  });
});

describe('the ordering key', () => {
  test('is cluster, kind, namespace and name', () => {
    expect(orderingKey(request)).toBe('proj/us-central1/prod/route/edge/nat');
  });

  test('of two objects differs', () => {
    const keys = [
      request,
      { ...request, kind: 'gateway' as const },
      { ...request, namespace: 'infra' },
      { ...request, name: 'nat2' },
      { ...request, cluster: { ...cluster, name: 'staging' } },
    ].map(orderingKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('of the longest request that can be read is whole', () => {
    const longest = {
      ...request,
      cluster: { project: 'p'.repeat(128), location: 'l'.repeat(63), name: 'c'.repeat(63) },
      kind: 'gateway' as const,
      namespace: 'n'.repeat(63),
      name: 'r'.repeat(253),
    };
    expect(readReconcileRequest(longest).ok).toBe(true);
    expect(orderingKey(longest)).toMatch(/r{253}$/);
  });

  test('has at most 1024 bytes, whatever the name', () => {
    for (const name of ['a'.repeat(5000), '漢'.repeat(5000), '😀'.repeat(5000)]) {
      const bytes = Buffer.byteLength(orderingKey({ ...request, name }));
      expect(bytes).toBeLessThanOrEqual(1024);
      expect(bytes).toBeGreaterThan(1020);
    }
  });
});
