import { expect, test } from 'vitest';
import { judgeClusterEvent } from '../../../events/judge-cluster-event.ts';
import { readClusterEvent } from '../../../events/log-entry.ts';
import { parseFilter } from '../../../infra/local/logging/filter.ts';
import { renderSinkFilter } from '../../../infra/sink/render.ts';
import {
  cluster,
  entryOf,
  ownPrincipal,
  sample,
  sampleCluster,
  type Write,
  withAt,
} from '../../events/entries.ts';

const filterOf = (clusters: readonly (typeof cluster)[], serviceAccount = ownPrincipal) =>
  parseFilter(renderSinkFilter({ clusters, serviceAccount }));

const passes = (write: Write): boolean => filterOf([cluster])(entryOf(write));

const pod = 'core/v1/namespaces/edge/pods/nat-0';
const podStatus = (status: object): Write => ({
  method: 'io.k8s.core.v1.pods.status.patch',
  path: `${pod}/status`,
  request: { '@type': 'k8s.io/Patch', status },
});
const nodeStatus = (status: object): Write => ({
  method: 'io.k8s.core.v1.nodes.status.patch',
  path: 'core/v1/nodes/n/status',
  request: { '@type': 'k8s.io/Patch', status },
});
const created: Write = { method: 'io.k8s.core.v1.pods.create', path: pod };

test('both real entries pass', () => {
  const filter = filterOf([sampleCluster]);
  expect(filter(sample('pods-create'))).toBe(true);
  expect(filter(sample('pods-status-patch'))).toBe(true);
});

test.each([
  'pods.create',
  'pods.delete',
  'pods.deletecollection',
  'pods.patch',
  'pods.update',
  'pods.binding.create',
  'pods.eviction.create',
  'pods.status.update',
  'nodes.status.update',
  'nodes.delete',
  'namespaces.patch',
  'namespaces.update',
])('core %s passes without a look at its body', (method) => {
  expect(passes({ method: `io.k8s.core.v1.${method}`, path: pod })).toBe(true);
});

test.each([
  'io.k8s.networking.gateway.v1.gateways.create',
  'io.k8s.networking.gateway.v1beta1.gateways.patch',
  'io.k8s.networking.gateway.v1.gateways.status.update',
  'io.k8s.networking.gateway.v1.gatewayclasses.delete',
  'io.gke.networking.v1.gkeiproutes.update',
  'io.gke.networking.v1.gkeiproutes.status.update',
  'io.gke.networking.v1.gkeiproutes.deletecollection',
  'io.gke.networking.v1.networks.delete',
  'io.gke.networking.v1.gkenetworkparamsets.patch',
])('%s passes: its objects, and their status written by others', (method) => {
  expect(passes({ method, path: 'x' })).toBe(true);
});

test.each([
  'io.k8s.core.v1.pods.exec.create',
  'io.k8s.core.v1.pods.ephemeralcontainers.patch',
  'io.k8s.core.v1.nodes.patch',
  'io.k8s.core.v1.nodes.create',
  'io.k8s.core.v1.services.update',
  'io.k8s.core.v1.configmaps.update',
  'io.k8s.coordination.v1.leases.update',
  // What we tell people ourselves.
  'io.k8s.events.v1.events.create',
  'io.k8s.events.v1.events.patch',
  'io.k8s.core.v1.events.create',
  'io.k8s.apps.v1.deployments.status.update',
  'io.k8s.networking.gateway.v1.httproutes.update',
  'io.k8s.networking.v1.ingresses.update',
  'com.example.v1.gkeiproutes.update',
])('%s is not paid for', (method) => {
  expect(passes({ method, path: 'x' })).toBe(false);
});

test.each([
  [{ conditions: [{ type: 'Initialized' }, { type: 'Ready', status: 'True' }] }, true],
  [{ conditions: [{ type: 'ContainersReady', status: 'True' }] }, false],
  [{ '$setElementOrder/conditions': [{ type: 'Ready' }], conditions: [] }, false],
  [{ podIP: '10.0.0.1' }, true],
  [{ phase: 'Succeeded' }, true],
  [{ phase: 'Failed' }, true],
  [{ phase: 'Running' }, false],
  [{ containerStatuses: [{ ready: true }] }, false],
])('a Pod’s status patch passes if it holds Ready, a podIP or an end: %j', (status, does) => {
  expect(passes(podStatus(status))).toBe(does);
});

test.each([
  [{ conditions: [{ type: 'MemoryPressure' }, { type: 'Ready' }] }, true],
  [{ conditions: [{ type: 'MemoryPressure' }] }, false],
  [{ images: [] }, false],
])('a Node’s status patch passes if it holds Ready: %j', (status, does) => {
  expect(passes(nodeStatus(status))).toBe(does);
});

test('our own writes are never sent to us, others’ are', () => {
  expect(passes({ ...created, principal: ownPrincipal })).toBe(false);
  expect(passes({ ...created, principal: `x${ownPrincipal}` })).toBe(true);
});

test.each([
  [{ code: 0 }, true],
  [{}, true],
  [undefined, true],
  [{ code: 7 }, false],
  [{ code: 10, message: 'conflict' }, false],
])('only a success passes, said or unsaid: %j', (status, does) => {
  expect(passes({ ...created, status })).toBe(does);
});

test('a dry run does not pass, whatever its label says', () => {
  expect(passes({ ...created, labels: { 'command.gke.io/dryRun': 'All' } })).toBe(false);
});

test('an entry without labels passes', () => {
  expect(filterOf([cluster])(withAt(entryOf(created), ['labels'], undefined))).toBe(true);
});

test.each([
  [['resource', 'labels', 'cluster_name'], 'other'],
  [['resource', 'labels', 'location'], 'europe-west1'],
  [['resource', 'labels', 'project_id'], 'other'],
  [['resource', 'type'], 'gke_cluster'],
  [['logName'], 'projects/proj/logs/cloudaudit.googleapis.com%2Fdata_access'],
  [['logName'], 'projects/proj/logs/my-cloudaudit.googleapis.com%2Factivity'],
  [['protoPayload', 'serviceName'], 'container.googleapis.com'],
])('an entry of another place does not pass: %j %s', (path, value) => {
  expect(filterOf([cluster])(withAt(entryOf(created), path, value))).toBe(false);
});

test('several clusters share one filter, each by its three names together', () => {
  const filter = filterOf([cluster, { ...sampleCluster }]);
  expect(filter(entryOf(created))).toBe(true);
  expect(filter(sample('pods-create'))).toBe(true);
  const mixed = withAt(entryOf(created), ['resource', 'labels', 'cluster_name'], sampleCluster.name);
  expect(filter(mixed)).toBe(false);
});

test('names that would change the filter’s meaning are refused, and so is no cluster', () => {
  expect(() => filterOf([{ ...cluster, name: 'a" OR resource.type:*' }])).toThrow('cannot stand in');
  expect(() => filterOf([cluster], 'a"b')).toThrow('cannot stand in');
  expect(() => filterOf([])).toThrow('at least one cluster');
});

test('nothing that the function keeps is held back by the sink', () => {
  const groups = {
    'core/v1': ['pods', 'nodes', 'namespaces'],
    'gateway.networking.k8s.io/v1': ['gateways', 'gatewayclasses'],
    'networking.gke.io/v1': ['gkeiproutes', 'networks', 'gkenetworkparamsets'],
  };
  const reversed = {
    'core/v1': 'io.k8s.core.v1',
    'gateway.networking.k8s.io/v1': 'io.k8s.networking.gateway.v1',
    'networking.gke.io/v1': 'io.gke.networking.v1',
  };
  const namespaced = new Set(['pods', 'gateways', 'gkeiproutes']);
  const statuses = [
    {},
    { podIP: '10.0.0.1' },
    { phase: 'Failed' },
    { conditions: [{ type: 'Ready', status: 'False' }] },
    { conditions: [{ type: 'Ready' }] },
    { conditions: [{ type: 'Initialized', status: 'True' }] },
  ];
  const kept: string[] = [];
  const lost: string[] = [];
  for (const [group, resources] of Object.entries(groups) as [keyof typeof groups, string[]][])
    for (const resource of resources)
      for (const subresource of ['', 'status', 'binding', 'eviction', 'finalize'])
        for (const verb of ['create', 'update', 'patch', 'delete', 'deletecollection'])
          for (const status of statuses) {
            const place = namespaced.has(resource) ? `namespaces/edge/${resource}` : resource;
            const name = verb === 'deletecollection' ? '' : '/nat';
            const body = { metadata: { name: 'nat', uid: 'u', labels: {} }, spec: { nodeName: 'n' }, status };
            const write = {
              method: [reversed[group], resource, subresource, verb].filter(Boolean).join('.'),
              path: `${group}/${place}${name}${subresource && `/${subresource}`}`,
              request: body,
              response: body,
            };
            const event = readClusterEvent(entryOf(write));
            if (!event.ok) continue;
            const verdict = judgeClusterEvent(event.value, { clusters: [cluster], ownPrincipal });
            if (verdict.kind === 'drop' || verdict.kind === 'refuse') continue;
            kept.push(write.method);
            if (!passes(write)) lost.push(`${write.method} ${JSON.stringify(status)}`);
          }
  expect(new Set(kept).size).toBeGreaterThan(20);
  expect(lost).toEqual([]);
});
