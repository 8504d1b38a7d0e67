import type { Story } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

const options = (more: object) => ({ apiVersion: 'v1', kind: 'DeleteOptions', ...more });

export const deletion: Readonly<Record<string, Story>> = {
  'of what is not there is 404': async (api, ns) => {
    await api.delete(`${pods(ns)}/gone`);
    await api.delete(`${routes(ns)}/gone`);
    await api.get(`${routes(ns)}/gone`);
    await api.get(`${pods(ns)}/gone`);
  },
  'of a Pod that no node has is at once': async (api, ns) => {
    await api.post(pods(ns), pod('a'));
    await api.delete(`${pods(ns)}/a`);
    await api.get(`${pods(ns)}/a`);
  },
  'of a Pod on a node waits for it': async (api, ns) => {
    await api.post(pods(ns), pod('a', { spec: { nodeName: 'n' } }));
    await api.delete(`${pods(ns)}/a`);
    await api.get(`${pods(ns)}/a`);
    await api.delete(`${pods(ns)}/a`, options({ gracePeriodSeconds: 5 }));
    await api.delete(`${pods(ns)}/a`, options({ gracePeriodSeconds: 50 }));
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { deletionTimestamp: null } });
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { finalizers: ['example.com/late'] } });
    await api.delete(`${pods(ns)}/a`, options({ gracePeriodSeconds: 0 }));
    await api.get(`${pods(ns)}/a`);
  },
  'by the query’s grace period': async (api, ns) => {
    await api.post(pods(ns), pod('a', { spec: { nodeName: 'n' } }));
    await api.delete(`${pods(ns)}/a?gracePeriodSeconds=7`);
    await api.delete(`${pods(ns)}/a?gracePeriodSeconds=-1`);
    await api.delete(`${pods(ns)}/a?gracePeriodSeconds=0`);
  },
  'is fenced by preconditions': async (api, ns) => {
    const { body } = await api.post(routes(ns), route('a'));
    const { uid } = body.metadata;
    await api.delete(
      `${routes(ns)}/a`,
      options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } }),
    );
    await api.delete(`${routes(ns)}/a`, options({ preconditions: { uid, resourceVersion: '1' } }));
    await api.delete(`${routes(ns)}/a`, options({ preconditions: { uid } }));
    await api.post(pods(ns), pod('a'));
    await api.delete(
      `${pods(ns)}/a`,
      options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } }),
    );
  },
  'waits for finalizers': async (api, ns) => {
    await api.post(
      routes(ns),
      route('a', {}, { finalizers: ['persistent-ip.dev/release', 'example.com/b'] }),
    );
    await api.delete(`${routes(ns)}/a`);
    await api.delete(`${routes(ns)}/a`);
    await api.patch('merge', `${routes(ns)}/a`, {
      metadata: { finalizers: ['example.com/b', 'example.com/new'] },
    });
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { finalizers: ['example.com/b'] } });
    await api.patch('merge', `${routes(ns)}/a`, { spec: { network: 'late' } });
    await api.patch('merge', `${routes(ns)}/a/status`, { status: { pods: [] } });
    await api.post(routes(ns), route('a'));
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { finalizers: null } });
    await api.get(`${routes(ns)}/a`);
  },
  'has ways to propagate': async (api, ns) => {
    for (const policy of ['Foreground', 'Orphan', 'Background', 'Nonsense']) {
      await api.post(deployments(ns), deployment(`d-${policy.toLowerCase()}`));
      await api.delete(
        `${deployments(ns)}/d-${policy.toLowerCase()}`,
        options({ propagationPolicy: policy }),
      );
    }
    await api.get(`${deployments(ns)}/d-foreground`);
    await api.post(deployments(ns), deployment('d'));
    await api.delete(`${deployments(ns)}/d?propagationPolicy=Orphan`);
    await api.delete(
      `${deployments(ns)}/d-nonsense`,
      options({ propagationPolicy: 'Orphan', orphanDependents: true }),
    );
  },
  'with options that are none is refused': async (api, ns) => {
    await api.post(pods(ns), pod('a'));
    await api.delete(`${pods(ns)}/a`, { kind: 'Pod', apiVersion: 'v1' });
    await api.delete(`${pods(ns)}/a`, '{');
    await api.delete(`${pods(ns)}/a`, options({ gracePeriodSeconds: 'soon' }));
    await api.delete(`${pods(ns)}/a`, {});
  },
  'of a collection by its labels': async (api, ns) => {
    for (const name of ['a', 'b', 'c'])
      await api.post(pods(ns), pod(name, { labels: { tier: name === 'c' ? 'x' : 'y' } }));
    await api.delete(`${pods(ns)}?labelSelector=tier%3Dy`);
    await api.get(pods(ns));
    await api.delete(pods(ns), options({ gracePeriodSeconds: 0 }));
    await api.get(pods(ns));
    await api.post(routes(ns), route('a'));
    await api.delete(routes(ns));
  },
};
