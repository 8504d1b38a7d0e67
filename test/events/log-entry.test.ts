import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causeOf } from '../../events/cause.ts';
import { judgeClusterEvent } from '../../events/judge-cluster-event.ts';
import { parseClusterEvent, readClusterEvent } from '../../events/log-entry.ts';
import { parseMethodName } from '../../events/method-name.ts';
import {
  cluster,
  entryOf,
  eventOf,
  kubelet,
  ownPrincipal,
  sample,
  sampleCluster,
  samplePath,
  withAt,
} from './entries.ts';

const write = {
  method: 'io.k8s.core.v1.pods.status.patch',
  path: 'core/v1/namespaces/edge/pods/nat-0/status',
  principal: kubelet,
  request: { metadata: { uid: 'u-1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
};
const valid = entryOf(write);

const malformed = (field: string, problem: unknown = expect.any(String)) => ({
  ok: false,
  refusal: { kind: 'malformed', field, problem },
});

describe('the real samples', () => {
  test('are read as they stand', () => {
    const event = readClusterEvent(sample('pods-create'));
    expect(event).toMatchObject({
      ok: true,
      value: {
        cluster: sampleCluster,
        insertId: '85371f7c-2383-4041-96e8-dad63d2d1990',
        timestamp: '2024-01-01T01:00:00Z',
        principal: 'system:serviceaccount:kube-system:replicaset-controller',
        method: { group: 'core', version: 'v1', resource: 'pods', subresource: '', verb: 'create' },
        kind: 'pod',
        target: { namespace: '1-2-deployment-update', name: 'nginx-deployment-surge-8655b4b8c5-xf5f4' },
        statusCode: 0,
        dryRun: false,
      },
    });
  });

  const shared = `${import.meta.dirname}/../../../shared/reference/audit-samples`;
  test.runIf(existsSync(shared)).each(['pods-create', 'pods-status-patch'])(
    '%s is the published one',
    (name) => {
      expect(readFileSync(samplePath(`${name}.yaml`), 'utf8')).toBe(
        readFileSync(`${shared}/${name}.yaml`, 'utf8'),
      );
    },
  );
});

describe('a malformed entry is refused by the name of its field', () => {
  test.each<[string, unknown[]]>([
    ['logName', [undefined, 7, 'projects/proj/logs/cloudaudit.googleapis.com%2Fdata_access', 'stdout']],
    ['resource', [undefined, null, [], 'k8s_cluster']],
    ['resource.type', [undefined, 'k8s_container', 'gce_instance']],
    ['resource.labels', [undefined, null, ['proj']]],
    ['resource.labels.project_id', [undefined, 7, '', 'pro/ject', 'p'.repeat(200)]],
    ['resource.labels.location', [undefined, {}, '../x']],
    ['resource.labels.cluster_name', [undefined, [], 'Prod', 'prod/x']],
    ['insertId', [undefined, 7, '', 'x'.repeat(600)]],
    ['timestamp', [undefined, 7, 'yesterday', '2024-13-01T00:00:00Z', '2024-01-01', `${'2'.repeat(99)}Z`]],
    ['protoPayload', [undefined, null, [], 'text']],
    ['protoPayload.serviceName', [undefined, 'compute.googleapis.com', 7]],
    ['protoPayload.status', [7, [], { code: '0' }, { code: 0.5 }]],
    ['protoPayload.authenticationInfo', ['alice', [], { principalEmail: 7 }]],
    ['protoPayload.methodName', [undefined, 7, '', 'google.login', 'v1.pods', 'io.k8s.core.v1.pods..patch']],
    [
      'protoPayload.resourceName',
      [
        undefined,
        7,
        '',
        'core/v1/namespaces/edge/pods/nat-0',
        'core/v1/namespaces/edge/pods/nat-0/binding',
        'core/v1/namespaces/edge/pods/nat-0/status/more',
        'core/v1/namespaces/edge/pods//status',
        'core/v1/namespaces//pods/nat-0/status',
        'core/v1/namespaces/ed.ge/pods/nat-0/status',
        'core/v1/namespaces/edge/pods/Nat_0/status',
        'core/v1/namespaces/edge/pods/../status',
        'core/v1/namespaces/edge/services/nat-0/status',
        'core/v2/namespaces/edge/pods/nat-0/status',
        'apps/v1/namespaces/edge/pods/nat-0/status',
        'core/v1/nodes/n1/status',
        `core/v1/namespaces/edge/pods/${'a'.repeat(254)}/status`,
        '/'.repeat(100_000),
      ],
    ],
  ])('%s', (field, values) => {
    for (const value of values)
      expect(readClusterEvent(withAt(valid, field.split('.'), value))).toEqual(malformed(field));
  });

  test.each([undefined, null, 7, 'text', [], [valid]])('an entry that is no object: %j', (entry) => {
    expect(readClusterEvent(entry)).toEqual(malformed('message.data', 'is no LogEntry'));
  });

  test.each(['', '{', 'null,', `${'['.repeat(100_000)}`])('text that is not JSON', (text) => {
    expect(parseClusterEvent(text)).toEqual(malformed('message.data', 'is not JSON'));
  });

  test('a collection has no name, and only a collection or a creation has none', () => {
    const read = (verb: string, name: string) =>
      readClusterEvent(
        entryOf({ method: `io.k8s.core.v1.pods.${verb}`, path: `core/v1/namespaces/edge/pods${name}` }),
      ).ok;
    expect([read('deletecollection', ''), read('create', '')]).toEqual([true, true]);
    expect([read('deletecollection', '/nat-0'), read('delete', ''), read('create', '/')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('hostile input', () => {
  test('never throws, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readClusterEvent(value).ok).toBe(false);
      }),
    );
  });

  test('never throws, whatever replaces a field of a valid entry, and is judged', () => {
    const paths = [
      ['logName'],
      ['labels'],
      ['resource', 'labels', 'project_id'],
      ['protoPayload', 'status'],
      ['protoPayload', 'authenticationInfo', 'principalEmail'],
      ['protoPayload', 'methodName'],
      ['protoPayload', 'resourceName'],
      ['protoPayload', 'request'],
      ['protoPayload', 'request', 'metadata'],
      ['protoPayload', 'request', 'status'],
      ['protoPayload', 'request', 'status', 'conditions'],
      ['protoPayload', 'response'],
      ['protoPayload', 'response', 'metadata'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
        const event = readClusterEvent(withAt(valid, path, value));
        if (event.ok) judgeClusterEvent(event.value, { clusters: [cluster], ownPrincipal });
        else expect(event.refusal.problem).toMatch(/^is |^names /);
      }),
    );
  });

  test('keys of the prototype are data', () => {
    const text = JSON.stringify(valid).replace(
      '"request":{',
      '"request":{"__proto__":{"status":{"phase":"Failed"}},"constructor":{"prototype":{"polluted":true}},',
    );
    expect(parseClusterEvent(text).ok).toBe(true);
    expect('polluted' in {}).toBe(false);
  });

  test('a prototype key stands for no field', () => {
    const text = JSON.stringify({ ...valid, logName: undefined }).replace(
      '{',
      '{"__proto__":{"logName":"x"},',
    );
    expect(parseClusterEvent(text)).toEqual(malformed('logName'));
  });

  test('nesting of a hundred thousand levels is one unread body', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const text = JSON.stringify(valid).replace('"request":{', `"request":{"deep":${deep},`);
    expect(parseClusterEvent(text).ok).toBe(true);
  });

  test('the refusal quotes nothing of the input', () => {
    const refused = parseClusterEvent('{"secret": hunter2');
    expect(JSON.stringify(refused)).not.toMatch(/hunter2|secret|JSON at|Unexpected/);
  });
});

describe('method names', () => {
  test.each([
    ['io.k8s.core.v1.pods.status.patch', 'core', 'v1', 'pods', 'status', 'patch'],
    ['io.k8s.core.v1.pods.binding.create', 'core', 'v1', 'pods', 'binding', 'create'],
    [
      'io.k8s.networking.gateway.v1.gateways.update',
      'gateway.networking.k8s.io',
      'v1',
      'gateways',
      '',
      'update',
    ],
    ['io.gke.networking.v1.gkeiproutes.patch', 'networking.gke.io', 'v1', 'gkeiproutes', '', 'patch'],
    [
      'io.k8s.networking.gateway.v1beta1.gateways.delete',
      'gateway.networking.k8s.io',
      'v1beta1',
      'gateways',
      '',
      'delete',
    ],
    ['com.v1.example.v2.things.create', 'example.v1.com', 'v2', 'things', '', 'create'],
  ])('%s', (full, group, version, resource, subresource, verb) => {
    expect(parseMethodName(full)).toEqual({ full, group, version, resource, subresource, verb });
  });
});

describe('the cause of the requests that follow', () => {
  test('is the entry’s id, method, principal and time', () => {
    expect(causeOf(eventOf(write))).toEqual({
      insertId: 'c7842d26-11fe-446a-b985-b2b67ddbab09',
      method: 'io.k8s.core.v1.pods.status.patch',
      principal: kubelet,
      at: '2024-01-01T01:00:00.123456789Z',
    });
  });

  test('is bounded, because a holder record has room for 2048 characters', () => {
    const cause = causeOf(eventOf({ ...write, principal: 'p'.repeat(10_000) }));
    expect(cause.principal).toHaveLength(256);
  });
});
