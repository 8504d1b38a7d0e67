import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseComputeEvent, readComputeCloudEvent, readComputeEvent } from '../../events/compute-event.ts';
import { type ComputeVerdict, judgeComputeEvent } from '../../events/judge-compute-event.ts';
import { ownPrincipal, withAt } from './entries.ts';

interface Act {
  readonly method: string;
  readonly path: string;
  readonly operation?: unknown;
  readonly principal?: string;
  readonly status?: unknown;
  readonly log?: string;
}

const entryOf = (act: Act): Record<string, unknown> => ({
  insertId: '-xyz123',
  logName: `projects/proj/logs/cloudaudit.googleapis.com%2F${act.log ?? 'activity'}`,
  operation: act.operation,
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: act.principal ?? 'alice@example.com' },
    methodName: act.method,
    resourceName: act.path,
    serviceName: 'compute.googleapis.com',
    ...(act.status === undefined ? {} : { status: act.status }),
  },
  resource: { type: 'gce_instance', labels: { project_id: 'proj', zone: 'us-central1-a' } },
  timestamp: '2024-01-01T01:00:00.5Z',
});

const instance = 'projects/proj/zones/us-central1-a/instances/gke-prod-pool-1';
const regional = (collection: string) => `projects/proj/regions/us-central1/${collection}/pip-1`;
const config = { ownPrincipal, projects: ['proj', 'host'] };

const judge = (act: Act): ComputeVerdict => {
  const event = readComputeEvent(entryOf(act));
  if (!event.ok) throw new Error(`${event.refusal.field} ${event.refusal.problem}`);
  return judgeComputeEvent(event.value, config);
};

const first = { id: 'operation-1', producer: 'compute.googleapis.com', first: true };
const last = { id: 'operation-1', producer: 'compute.googleapis.com', last: true };
const vm = { kind: 'instance', project: 'proj', zone: 'us-central1-a', name: 'gke-prod-pool-1' };

describe.each(['v1', 'beta'])('methods of %s', (version) => {
  test.each(['delete', 'stop'])('an instance’s %s counts when it begins: the VM is going', (verb) => {
    const act = { method: `${version}.compute.instances.${verb}`, path: instance };
    expect(judge({ ...act, operation: first })).toEqual(vm);
    expect(judge({ ...act, operation: last })).toEqual({
      kind: 'drop',
      why: 'the operation was seen when it began',
    });
  });

  test.each([
    ['forwardingRules.delete', 'forwardingRules', 'forwarding-rule'],
    ['regionBackendServices.delete', 'backendServices', 'backend-service'],
    ['regionBackendServices.patch', 'backendServices', 'backend-service'],
    ['addresses.delete', 'addresses', 'address'],
  ])('%s counts when it is done: before, a look would find no drift', (method, collection, kind) => {
    const act = { method: `${version}.compute.${method}`, path: regional(collection) };
    const found = { kind, project: 'proj', region: 'us-central1', name: 'pip-1' };
    expect(judge({ ...act, operation: last })).toEqual(found);
    expect(judge({ ...act, operation: first })).toEqual({ kind: 'drop', why: 'the operation still runs' });
    expect(judge({ ...act, operation: { ...first, last: true } })).toEqual(found);
    expect(judge(act)).toEqual(found);
  });
});

describe('system events', () => {
  test.each(['preempted', 'hostError', 'guestTerminate', 'terminateOnHostMaintenance', 'automaticRestart'])(
    '%s concerns the VM',
    (act) => {
      const event = {
        method: `compute.instances.${act}`,
        path: instance,
        principal: 'system@google.com',
        log: 'system_event',
      };
      for (const operation of [undefined, first, last]) expect(judge({ ...event, operation })).toEqual(vm);
    },
  );

  test('other system events are dropped', () => {
    const migrated = {
      method: 'compute.instances.migrateOnHostMaintenance',
      path: instance,
      log: 'system_event',
    };
    expect(judge(migrated)).toEqual({ kind: 'drop', why: 'no address depends on this method' });
  });

  test('a method of one log is none in the other', () => {
    const swapped = [
      entryOf({ method: 'compute.instances.preempted', path: instance }),
      entryOf({ method: 'v1.compute.instances.delete', path: instance, log: 'system_event' }),
    ];
    for (const entry of swapped)
      expect(readComputeEvent(entry)).toMatchObject({ refusal: { field: 'protoPayload.methodName' } });
  });
});

describe('what is not acted on', () => {
  const act = { method: 'v1.compute.instances.delete', path: instance };

  test('our own changes: only everybody else’s are drift', () => {
    expect(judge({ ...act, principal: ownPrincipal })).toEqual({ kind: 'drop', why: 'our own write' });
  });

  test('failures', () => {
    expect(judge({ ...act, status: { code: 5, message: 'NOT_FOUND' } })).toEqual({
      kind: 'drop',
      why: 'the request failed',
    });
  });

  test.each([
    ['v1.compute.instances.insert', instance],
    ['v1.compute.instances.constructor', instance],
    ['v1.compute.globalForwardingRules.delete', 'projects/proj/global/forwardingRules/x'],
    ['v1.compute.backendServices.delete', 'projects/proj/global/backendServices/x'],
    ['v1.compute.disks.delete', 'projects/proj/zones/us-central1-a/disks/Odd_Name'],
    ['v1.compute.addresses.delete', instance],
  ])('methods outside of the closed list: %s', (method, path) => {
    expect(judge({ method, path })).toEqual({ kind: 'drop', why: 'no address depends on this method' });
  });

  test('a project that is not configured is refused as untrusted', () => {
    expect(judge({ ...act, path: instance.replace('/proj/', '/foreign/') })).toEqual({
      kind: 'refuse',
      refusal: { kind: 'untrusted', field: 'protoPayload.resourceName', problem: 'unknown project' },
    });
  });
});

test('a project’s number in the path is told by the entry’s label', () => {
  expect(judge({ method: 'v1.compute.instances.stop', path: instance.replace('/proj/', '/12345/') })).toEqual(
    vm,
  );
});

test('a CloudEvent’s data is the entry', () => {
  const data = entryOf({ method: 'v1.compute.instances.delete', path: instance });
  const event = { specversion: '1.0', type: 'google.cloud.audit.log.v1.written', data };
  expect(readComputeCloudEvent(event)).toEqual(readComputeEvent(data));
  expect(readComputeCloudEvent({ ...event, type: 'google.cloud.pubsub.topic.v1.messagePublished' })).toEqual({
    ok: false,
    refusal: {
      kind: 'malformed',
      field: 'type',
      problem: 'is not google.cloud.audit.log.v1.written',
    },
  });
});

describe('a malformed entry is refused by the name of its field', () => {
  const valid = entryOf({ method: 'v1.compute.instances.delete', path: instance, operation: first });

  test.each<[string, unknown[]]>([
    ['logName', [undefined, 7, 'projects/proj/logs/cloudaudit.googleapis.com%2Fdata_access']],
    ['insertId', [undefined, 7, '']],
    ['timestamp', [undefined, 'now']],
    ['operation', [7, [], 'first']],
    ['protoPayload', [undefined, []]],
    ['protoPayload.serviceName', [undefined, 'k8s.io']],
    ['protoPayload.methodName', [undefined, 7, 'compute', 'alpha.compute.instances.delete', 'v1.x']],
    [
      'protoPayload.resourceName',
      [
        undefined,
        7,
        'projects/proj/zones/us-central1-a/instances',
        'projects/proj/zones/us-central1-a/instances/',
        'projects/proj/zones/us-central1-a/instances/a/b',
        'projects/proj/zones/us-central1-a/instances/7up',
        'projects/proj/zones/../instances/a',
        'folders/proj/zones/us-central1-a/instances/a',
        'p'.repeat(2000),
      ],
    ],
  ])('%s', (field, values) => {
    for (const value of values)
      expect(readComputeEvent(withAt(valid, field.split('.'), value))).toEqual({
        ok: false,
        refusal: { kind: 'malformed', field, problem: expect.any(String) },
      });
  });

  test('text that is not JSON', () => {
    expect(parseComputeEvent('{')).toMatchObject({ refusal: { field: 'data', problem: 'is not JSON' } });
  });

  test('whatever it is, it never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readComputeEvent(value).ok).toBe(false);
        expect(readComputeCloudEvent(value).ok).toBe(false);
      }),
    );
    const fields = ['operation', 'resource', 'protoPayload.resourceName', 'protoPayload.methodName'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.anything(), (field, value) => {
        const event = readComputeEvent(withAt(valid, field.split('.'), value));
        if (event.ok) judgeComputeEvent(event.value, config);
      }),
    );
  });
});
