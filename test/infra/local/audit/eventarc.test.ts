import { decodeJwt } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { computeEntry } from '../../../../infra/local/audit/compute-entry.ts';
import { startEventarc } from '../../../../infra/local/audit/eventarc.ts';
import type { ComputeAudit } from '../../../../infra/local/compute/index.ts';
import { startOidc } from '../../../../infra/local/oidc/index.ts';
import type { Delivery } from '../../../../infra/local/pubsub/index.ts';
import { computeMethods } from '../../../../infra/sink/compute-methods.ts';
import { startEndpoint } from '../pubsub/bench.ts';
import { FakeClock } from '../pubsub/fake-clock.ts';

const deleted: ComputeAudit = {
  methodName: 'v1.compute.instances.delete',
  resourceName: 'projects/p/zones/us-central1-a/instances/vm-1',
  principal: 'alice@example.com',
  request: { requestId: 'r' },
  response: { name: 'operation-1', status: 'RUNNING' },
  operation: { id: 'operation-1', first: true },
  status: { code: 0 },
  at: new Date('2026-01-01T00:00:00Z'),
  project: 'p',
  insertId: '-abc',
};

const start = async (answer: Parameters<typeof startEndpoint>[0]) => {
  const clock = new FakeClock();
  const oidc = await startOidc({ clock });
  onTestFinished(() => oidc.close());
  const endpoint = await startEndpoint(answer);
  let ended = (_delivery: Delivery): void => {};
  const eventarc = startEventarc({
    clock,
    hears: (method) => computeMethods.includes(method),
    target: endpoint.url,
    sign: oidc.sign,
    email: 'eventarc@p.iam.gserviceaccount.com',
    onDelivery: (delivery) => ended(delivery),
  });
  onTestFinished(() => eventarc.close());
  const delivery = (): Promise<Delivery> =>
    new Promise((resolve) => {
      ended = (one) => setImmediate(() => resolve(one));
    });
  return { clock, endpoint, eventarc, delivery };
};

test('a Compute write is an activity entry of its resource', () => {
  expect(computeEntry(deleted)).toEqual({
    insertId: '-abc',
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    operation: { id: 'operation-1', producer: 'compute.googleapis.com', first: true },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      authenticationInfo: { principalEmail: 'alice@example.com' },
      authorizationInfo: [
        { granted: true, permission: 'compute.instances.delete', resource: deleted.resourceName },
      ],
      methodName: 'v1.compute.instances.delete',
      request: { '@type': 'type.googleapis.com/compute.instances.delete', requestId: 'r' },
      requestMetadata: {},
      resourceName: deleted.resourceName,
      response: { '@type': 'type.googleapis.com/operation', name: 'operation-1', status: 'RUNNING' },
      serviceName: 'compute.googleapis.com',
    },
    receiveTimestamp: '2026-01-01T00:00:00.000Z',
    resource: {
      type: 'gce_instance',
      labels: { project_id: 'p', zone: 'us-central1-a', instance_id: 'vm-1' },
    },
    severity: 'NOTICE',
    timestamp: '2026-01-01T00:00:00.000Z',
  });
});

test.each([
  [
    'projects/p/regions/r/forwardingRules/f',
    'gce_forwarding_rule',
    { location: 'r', forwarding_rule_id: 'f' },
  ],
  [
    'projects/p/regions/r/backendServices/b',
    'gce_backend_service',
    { location: 'r', backend_service_id: 'b' },
  ],
  ['projects/p/regions/r/addresses/a', 'gce_reserved_address', { location: 'r', reserved_address_id: 'a' }],
  ['projects/p/global/firewalls/f', 'gce_firewall_rule', { location: 'global', firewall_rule_id: 'f' }],
])('the resource of %s is %s', (resourceName, type, labels) => {
  expect(computeEntry({ ...deleted, resourceName }).resource).toEqual({
    type,
    labels: { project_id: 'p', ...labels },
  });
});

test('the last entry of an operation that failed carries its error and no bodies', () => {
  const { request: _request, response: _response, ...rest } = deleted;
  const status = { code: 8, message: 'QUOTA_EXCEEDED' };
  const entry = computeEntry({ ...rest, operation: { id: 'operation-1', last: true }, status });
  expect(entry).toMatchObject({ severity: 'ERROR', operation: { last: true }, protoPayload: { status } });
  expect(entry.operation).not.toHaveProperty('first');
  expect(entry.protoPayload).not.toHaveProperty('request');
  expect(entry.protoPayload).not.toHaveProperty('response');
});

test('a trigger delivers the entry as a CloudEvent in binary mode, with a token for its target', async () => {
  const { endpoint, eventarc } = await start(() => 204);
  eventarc.handle(deleted);
  await eventarc.idle();
  const { body, headers } = endpoint.received[0]!;
  expect(body).toEqual(computeEntry(deleted));
  expect(headers).toMatchObject({
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.audit.log.v1.written',
    'ce-source': '//cloudaudit.googleapis.com/projects/p/logs/activity',
    'ce-subject': 'compute.googleapis.com/projects/p/zones/us-central1-a/instances/vm-1',
    'ce-time': '2026-01-01T00:00:00.000Z',
    'ce-servicename': 'compute.googleapis.com',
    'ce-methodname': 'v1.compute.instances.delete',
    'ce-resourcename': 'projects/p/zones/us-central1-a/instances/vm-1',
    'content-type': 'application/json; charset=utf-8',
  });
  expect(decodeJwt(headers.authorization!.replace('Bearer ', ''))).toMatchObject({
    aud: endpoint.url,
    email: 'eventarc@p.iam.gserviceaccount.com',
  });
});

test.each([
  'v1.compute.instances.insert',
  'v1.compute.instances.deleteAccessConfig',
  'alpha.compute.instances.delete',
])('no trigger exists for %s, which is delivered nowhere', async (methodName) => {
  const { endpoint, eventarc } = await start(() => 204);
  eventarc.handle({ ...deleted, methodName });
  await eventarc.idle();
  expect(endpoint.received).toEqual([]);
});

test('the closed list is the one of the design: six methods, each as v1 and as beta', () => {
  expect(computeMethods.toSorted()).toEqual(
    ['v1', 'beta']
      .flatMap((version) => [
        `${version}.compute.instances.delete`,
        `${version}.compute.instances.stop`,
        `${version}.compute.forwardingRules.delete`,
        `${version}.compute.regionBackendServices.delete`,
        `${version}.compute.regionBackendServices.patch`,
        `${version}.compute.addresses.delete`,
      ])
      .toSorted(),
  );
});

test('an event that fails comes again ten seconds later, as the same event', async () => {
  const { clock, delivery, endpoint, eventarc } = await start((_pushed, index) => (index === 0 ? 500 : 204));
  const first = delivery();
  eventarc.handle(deleted);
  expect((await first).status).toBe(500);
  clock.advance(9_999);
  expect(endpoint.received).toHaveLength(1);
  clock.advance(1);
  await eventarc.idle();
  const [one, two] = endpoint.received;
  expect(two!.headers['ce-id']).toBe(one!.headers['ce-id']);
  expect(two!.text).toBe(one!.text);
});

test('two entries of one operation are two events', async () => {
  const { endpoint, eventarc } = await start(() => 204);
  eventarc.handle(deleted);
  eventarc.handle({ ...deleted, insertId: '-abd', operation: { id: 'operation-1', last: true } });
  await eventarc.idle();
  expect(new Set(endpoint.received.map(({ headers }) => headers['ce-id'])).size).toBe(2);
});
