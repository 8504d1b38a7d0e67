import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  isAdminActivity,
  type KubernetesAuditEvent,
  kubernetesEntry,
} from '../../../../infra/local/audit/kubernetes-entry.ts';

type Sample = ReturnType<typeof kubernetesEntry> & {
  insertId: string;
  timestamp: string;
  labels: Record<string, string>;
  protoPayload: {
    authenticationInfo: { principalEmail: string };
    request: Record<string, unknown>;
    response?: Record<string, unknown>;
    requestMetadata: { callerIp: string; callerSuppliedUserAgent: string };
  };
};

const sample = (name: string): Sample =>
  parse(readFileSync(new URL(`../../../events/samples/${name}.yaml`, import.meta.url), 'utf8'));

const cluster = { project: 'sample-project', location: 'us-central1-a', name: 'sample-cluster' };

const namespace = '1-2-deployment-update';
const pod = 'nginx-deployment-surge-8655b4b8c5-xf5f4';

const untyped = (body: Record<string, unknown> | undefined) => {
  if (body === undefined) return undefined;
  const { '@type': _type, ...rest } = body;
  return rest;
};

/** What the API server must have sent for a sample: only what stands in it and cannot be derived. */
const eventOf = (entry: Sample, more: Partial<KubernetesAuditEvent>): KubernetesAuditEvent => {
  const { authenticationInfo, request, response, requestMetadata } = entry.protoPayload;
  return {
    auditID: entry.insertId,
    stage: 'ResponseComplete',
    verb: 'create',
    user: { username: authenticationInfo.principalEmail },
    sourceIPs: [requestMetadata.callerIp],
    userAgent: requestMetadata.callerSuppliedUserAgent,
    requestObject: untyped(request),
    responseObject: untyped(response),
    responseStatus: { code: 200 },
    stageTimestamp: entry.timestamp,
    annotations: entry.labels,
    ...more,
  };
};

test('a Pod that a controller creates by generateName becomes the real entry, field by field', () => {
  const real = sample('pods-create');
  const event = eventOf(real, {
    responseStatus: { code: 201 },
    // The API server knows no name yet when it writes the reference; the response has it.
    objectRef: { resource: 'pods', namespace, apiVersion: 'v1' },
  });
  expect(kubernetesEntry(event, cluster)).toEqual(real);
});

test('a status that the kubelet patches becomes the real entry, field by field', () => {
  const real = sample('pods-status-patch');
  const event = eventOf(real, {
    verb: 'patch',
    objectRef: { resource: 'pods', namespace, name: pod, apiVersion: 'v1', subresource: 'status' },
  });
  expect(kubernetesEntry(event, cluster)).toEqual(real);
});

const plain: KubernetesAuditEvent = {
  auditID: 'id',
  verb: 'update',
  user: { username: 'alice@example.com' },
  objectRef: { resource: 'pods', namespace: 'ns', name: 'a', apiVersion: 'v1' },
  stageTimestamp: '2026-01-01T00:00:00.000000Z',
};

type Payload = {
  methodName: string;
  resourceName: string;
  status: object;
  request?: object;
  response?: object;
  authorizationInfo: object[];
};

const payloadOf = (more: Partial<KubernetesAuditEvent>): Payload =>
  kubernetesEntry({ ...plain, ...more }, cluster).protoPayload as Payload;

test.each([
  [
    {
      apiGroup: 'gateway.networking.k8s.io',
      apiVersion: 'v1',
      resource: 'gateways',
      namespace: 'infra',
      name: 'pool',
    },
    'io.k8s.networking.gateway.v1.gateways.update',
    'gateway.networking.k8s.io/v1/namespaces/infra/gateways/pool',
  ],
  [
    {
      apiGroup: 'networking.gke.io',
      apiVersion: 'v1',
      resource: 'gkeiproutes',
      namespace: 'edge',
      name: 'nat',
      subresource: 'status',
    },
    'io.gke.networking.v1.gkeiproutes.status.update',
    'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat/status',
  ],
  [
    { apiGroup: 'gateway.networking.k8s.io', apiVersion: 'v1', resource: 'gatewayclasses', name: 'c' },
    'io.k8s.networking.gateway.v1.gatewayclasses.update',
    'gateway.networking.k8s.io/v1/gatewayclasses/c',
  ],
  [
    { apiGroup: 'apps', apiVersion: 'v1', resource: 'deployments', namespace: 'ns', name: 'd' },
    'io.k8s.apps.v1.deployments.update',
    'apps/v1/namespaces/ns/deployments/d',
  ],
  [
    { apiVersion: 'v1', resource: 'nodes', name: 'n', subresource: 'status' },
    'io.k8s.core.v1.nodes.status.update',
    'core/v1/nodes/n/status',
  ],
  [
    { apiVersion: 'v1', resource: 'namespaces', namespace: 'ns', name: 'ns' },
    'io.k8s.core.v1.namespaces.update',
    'core/v1/namespaces/ns',
  ],
])('method and resource are named after group, version and place: %j', (objectRef, method, resource) => {
  const payload = payloadOf({ objectRef });
  expect(payload).toMatchObject({ methodName: method, resourceName: resource });
  expect(payload.authorizationInfo).toEqual([{ granted: true, permission: method, resource }]);
});

test('a binding has its own method, and its body is typed by its own kind', () => {
  const requestObject = { apiVersion: 'v1', kind: 'Binding', target: { kind: 'Node', name: 'n' } };
  const objectRef = {
    resource: 'pods',
    namespace: 'ns',
    name: 'a',
    apiVersion: 'v1',
    subresource: 'binding',
  };
  expect(payloadOf({ verb: 'create', objectRef, requestObject })).toMatchObject({
    methodName: 'io.k8s.core.v1.pods.binding.create',
    resourceName: 'core/v1/namespaces/ns/pods/a/binding',
    request: { '@type': 'core.k8s.io/v1.Binding', target: { name: 'n' } },
  });
});

test('a collection that is deleted is named without an object', () => {
  const objectRef = { resource: 'pods', namespace: 'ns', apiVersion: 'v1' };
  expect(payloadOf({ verb: 'deletecollection', objectRef })).toMatchObject({
    methodName: 'io.k8s.core.v1.pods.deletecollection',
    resourceName: 'core/v1/namespaces/ns/pods',
  });
});

test('metadata level carries no bodies', () => {
  const payload = payloadOf({});
  expect(payload).not.toHaveProperty('request');
  expect(payload).not.toHaveProperty('response');
});

test.each([
  [{ code: 200 }, { code: 0 }],
  [{ code: 201 }, { code: 0 }],
  [
    { code: 404, reason: 'NotFound', message: 'pods "a" not found' },
    { code: 5, message: 'pods "a" not found' },
  ],
  [
    { code: 409, reason: 'Conflict', message: 'm' },
    { code: 10, message: 'm' },
  ],
  [
    { code: 409, reason: 'AlreadyExists', message: 'm' },
    { code: 6, message: 'm' },
  ],
  [
    { code: 422, reason: 'Invalid', message: 'm' },
    { code: 3, message: 'm' },
  ],
  [
    { code: 429, reason: 'TooManyRequests', message: 'm' },
    { code: 8, message: 'm' },
  ],
  [{ code: 418 }, { code: 2 }],
])('the answer %j is the status %j', (responseStatus, status) => {
  expect(payloadOf({ responseStatus }).status).toEqual(status);
});

test('a caller whom authorization turned away is not shown as granted', () => {
  expect(payloadOf({ responseStatus: { code: 403 } }).authorizationInfo[0]).toMatchObject({ granted: false });
  const annotations = { 'authorization.k8s.io/decision': 'forbid' };
  expect(payloadOf({ annotations }).authorizationInfo[0]).toMatchObject({ granted: false });
});

test.each([
  ['/api/v1/namespaces/ns/pods/a?dryRun=All', true],
  ['/api/v1/namespaces/ns/pods/a?fieldManager=x&dryRun=All', true],
  ['/api/v1/namespaces/ns/pods/dryRun=All', false],
  ['/api/v1/namespaces/ns/pods/a', false],
])('a dry run carries its label: %s', (requestURI, labelled) => {
  const { labels } = kubernetesEntry({ ...plain, requestURI }, cluster);
  expect(Object.hasOwn(labels as object, 'command.gke.io/dryRun')).toBe(labelled);
});

test.each([
  ['create', 'ResponseComplete', true],
  ['deletecollection', 'ResponseComplete', true],
  ['patch', 'RequestReceived', false],
  ['get', 'ResponseComplete', false],
  ['watch', 'ResponseComplete', false],
])('of a real API server’s events only answered writes are admin activity: %s, %s', (verb, stage, is) => {
  expect(isAdminActivity({ ...plain, verb, stage })).toBe(is);
});
