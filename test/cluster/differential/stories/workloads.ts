import type { Story } from '../caller.ts';
import {
  budgets,
  deployment,
  deployments,
  leases,
  replicaSet,
  replicaSets,
  statefulSet,
  statefulSets,
} from './objects.ts';

export const workloads: Readonly<Record<string, Story>> = {
  'get their defaults': async (api, ns) => {
    await api.post(deployments(ns), deployment('d'));
    await api.post(replicaSets(ns), replicaSet('r'));
    await api.post(statefulSets(ns), statefulSet('s'));
    await api.post(deployments(ns), deployment('e', { strategy: { rollingUpdate: { maxSurge: 1 } } }));
    await api.post(deployments(ns), deployment('f', { strategy: { type: 'Recreate' } }));
    await api.post(
      statefulSets(ns),
      statefulSet('t', { podManagementPolicy: 'Parallel', updateStrategy: { type: 'OnDelete' } }),
    );
  },
  'that cannot work are refused': async (api, ns) => {
    await api.post(deployments(ns), deployment('d', { selector: { matchLabels: { app: 'other' } } }));
    await api.post(deployments(ns), deployment('d', { selector: undefined }));
    await api.post(deployments(ns), deployment('d', { selector: {} }));
    await api.post(deployments(ns), deployment('d', { replicas: -1 }));
    await api.post(deployments(ns), deployment('d', { template: undefined }));
    await api.post(deployments(ns), deployment('d', { strategy: { type: 'Nonsense' } }));
    await api.post(
      deployments(ns),
      deployment('d', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    );
    await api.post(deployments(ns), deployment('d', { strategy: { rollingUpdate: { maxSurge: 'x' } } }));
    await api.post(statefulSets(ns), statefulSet('s', { podManagementPolicy: 'Nonsense' }));
    await api.post(
      replicaSets(ns),
      replicaSet('r', { selector: { matchExpressions: [{ key: 'app', operator: 'Nonsense' }] } }),
    );
  },
  'have fields that do not change': async (api, ns) => {
    await api.post(deployments(ns), deployment('d'));
    await api.patch('merge', `${deployments(ns)}/d`, { spec: { selector: { matchLabels: { app: 'x' } } } });
    await api.patch('merge', `${deployments(ns)}/d`, {
      spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } },
    });
    await api.post(statefulSets(ns), statefulSet('s'));
    await api.patch('merge', `${statefulSets(ns)}/s`, { spec: { serviceName: 'other' } });
    await api.patch('merge', `${statefulSets(ns)}/s`, { spec: { replicas: 3 } });
  },
  'are scaled by their subresource': async (api, ns) => {
    await api.post(deployments(ns), deployment('d'));
    const { body } = await api.get(`${deployments(ns)}/d/scale`);
    await api.put(`${deployments(ns)}/d/scale`, { ...body, spec: { replicas: 4 } });
    await api.patch('merge', `${deployments(ns)}/d/scale`, { spec: { replicas: 5 } });
    await api.patch('merge', `${deployments(ns)}/d/scale`, { spec: { replicas: -5 } });
    await api.get(`${deployments(ns)}/d`);
    await api.get(`${deployments(ns)}/gone/scale`);
  },
  'take their status by the subresource alone': async (api, ns) => {
    await api.post(deployments(ns), { ...deployment('d'), status: { replicas: 9 } });
    await api.patch('merge', `${deployments(ns)}/d`, { status: { replicas: 9 } });
    await api.patch('merge', `${deployments(ns)}/d/status`, {
      spec: { replicas: 9 },
      status: { replicas: 1, observedGeneration: 1 },
    });
    await api.patch('merge', `${deployments(ns)}/d/status`, { status: { replicas: -1 } });
    await api.patch('strategic', `${deployments(ns)}/d/status`, {
      status: { conditions: [{ type: 'Available', status: 'True' }] },
    });
  },
};

export const others: Readonly<Record<string, Story>> = {
  'a Namespace gets what every Namespace has': async (api, ns) => {
    const path = '/api/v1/namespaces';
    await api.get(`${path}/${ns}`);
    await api.post(path, { metadata: { name: 'Not_A_Name' } });
    await api.post(path, { metadata: { name: 'a.b' } });
    await api.post(path, { metadata: { name: ns } });
    await api.patch('merge', `${path}/${ns}`, { metadata: { labels: { a: 'b' } } });
    await api.patch('merge', `${path}/${ns}`, {
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
    });
    await api.patch('merge', `${path}/${ns}`, { spec: { finalizers: [] } });
    await api.patch('merge', `${path}/${ns}/status`, { status: { phase: 'Nonsense' } });
  },
  'a Node': async (api, ns) => {
    const path = '/api/v1/nodes';
    await api.post(path, {
      metadata: { name: `${ns}-n` },
      spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'], providerID: 'gce://p/z/i' },
    });
    await api.patch('strategic', `${path}/${ns}-n/status`, {
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      },
    });
    await api.patch('merge', `${path}/${ns}-n`, { spec: { unschedulable: true } });
    await api.patch('merge', `${path}/${ns}-n`, { spec: { providerID: 'gce://other' } });
    await api.patch('merge', `${path}/${ns}-n`, { spec: { podCIDR: '10.1.0.0/24' } });
    await api.patch('strategic', `${path}/${ns}-n`, {
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
    });
    await api.patch('strategic', `${path}/${ns}-n`, { spec: { taints: [{ key: 'a', effect: 'Nonsense' }] } });
    await api.get(`${path}?fieldSelector=metadata.name%3D${ns}-n`);
    await api.get(`${path}?fieldSelector=spec.unschedulable%3Dtrue`);
    await api.delete(`${path}/${ns}-n`);
  },
  'a Lease': async (api, ns) => {
    const spec = { holderIdentity: 'n', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.000000Z' };
    const lease = (name: string, more: object = {}) => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name },
      spec: { ...spec, ...more },
    });
    await api.post(leases(ns), lease('l'));
    await api.post(leases(ns), lease('m', { leaseDurationSeconds: 0 }));
    await api.post(leases(ns), lease('m', { renewTime: 'now' }));
    await api.patch('merge', `${leases(ns)}/l`, { spec: { renewTime: '2026-01-01T00:00:01.500000Z' } });
    await api.delete(`${leases(ns)}/l`);
  },
  'a PodDisruptionBudget': async (api, ns) => {
    const budget = (name: string, spec: object) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { selector: { matchLabels: { app: 'nat' } }, ...spec },
    });
    await api.post(budgets(ns), budget('a', { minAvailable: 1 }));
    await api.post(budgets(ns), budget('b', { maxUnavailable: '50%' }));
    await api.post(budgets(ns), budget('c', { maxUnavailable: 1, minAvailable: 1 }));
    await api.post(budgets(ns), budget('d', { maxUnavailable: 'x' }));
    await api.post(budgets(ns), budget('e', { minAvailable: -1 }));
    await api.patch('merge', `${budgets(ns)}/a`, { spec: { minAvailable: 2 } });
  },
};
