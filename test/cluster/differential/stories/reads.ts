import type { Story } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

const five = ['a', 'b', 'c', 'd', 'e'];
const query = (text: string): string => encodeURIComponent(text);

export const lists: Readonly<Record<string, Story>> = {
  'are chosen by labels': async (api, ns) => {
    for (const [at, name] of five.entries())
      await api.post(pods(ns), pod(name, { labels: { at: String(at), ...(at > 2 && { late: 'yes' }) } }));
    const selectors = [
      'at=1',
      'at==1',
      'at!=1',
      'late',
      '!late',
      'at in (1,2)',
      'at notin (1,2)',
      'app=nat,late',
      'at>2',
      'at<2',
    ];
    for (const selector of selectors) await api.get(`${pods(ns)}?labelSelector=${query(selector)}`);
    for (const bad of ['at in 1', '=', 'at>x', 'a b', 'at in ('])
      await api.get(`${pods(ns)}?labelSelector=${query(bad)}`);
  },
  'are chosen by fields': async (api, ns) => {
    await api.post(pods(ns), pod('a', { spec: { nodeName: 'n' } }));
    await api.post(pods(ns), pod('b'));
    const selectors = [
      'metadata.name=a',
      'metadata.name!=a',
      'spec.nodeName=n',
      'spec.nodeName=',
      'status.phase=Pending',
      'status.phase!=Running,spec.nodeName=n',
      `metadata.namespace=${ns}`,
      'spec.restartPolicy=Always',
    ];
    for (const selector of selectors) await api.get(`${pods(ns)}?fieldSelector=${query(selector)}`);
    for (const bad of ['spec.image=x', 'nonsense', 'metadata.name>a'])
      await api.get(`${pods(ns)}?fieldSelector=${query(bad)}`);
    await api.post(routes(ns), route('a'));
    await api.get(`${routes(ns)}?fieldSelector=metadata.name%3Da`);
    await api.get(`${routes(ns)}?fieldSelector=spec.network%3Ddefault`);
    await api.get(`${deployments(ns)}?fieldSelector=spec.replicas%3D1`);
  },
  'come in pages': async (api, ns) => {
    for (const name of five) await api.post(pods(ns), pod(name));
    const first = await api.get(`${pods(ns)}?limit=2`);
    const second = await api.get(`${pods(ns)}?limit=2&continue=${query(first.body.metadata.continue)}`);
    await api.get(`${pods(ns)}?limit=2&continue=${query(second.body.metadata.continue)}`);
    await api.get(`${pods(ns)}?limit=5`);
    await api.get(`${pods(ns)}?limit=2&labelSelector=app%3Dnat`);
    await api.get(`${pods(ns)}?limit=2&continue=nonsense`);
    await api.get(`${pods(ns)}?limit=x`);
    await api.get(`${pods(ns)}?resourceVersion=0`);
    await api.get(`${pods(ns)}?resourceVersion=nonsense`);
    await api.get(`${pods(ns)}?resourceVersionMatch=Exact`);
    await api.get(`${pods(ns)}?resourceVersion=1&resourceVersionMatch=Nonsense`);
  },
  'of what is empty': async (api, ns) => {
    await api.get(pods(ns));
    await api.get(routes(ns));
    await api.get(pods('nowhere'));
    await api.get(`${deployments(ns)}?limit=1`);
  },
  'as tables and as metadata': async (api, ns) => {
    await api.post(pods(ns), pod('a'));
    await api.post(routes(ns), route('a'));
    await api.post(deployments(ns), deployment('d'));
    const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    const partial = {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
    };
    for (const path of [pods(ns), routes(ns), deployments(ns)]) {
      await api.get(path, partial);
      await api.get(`${path}?includeObject=None`, table);
    }
    await api.get(`${pods(ns)}/a`, {
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    });
    await api.get(`${pods(ns)}/a`, { accept: 'text/html' });
  },
};

const kinds = [
  '/api/v1/nodes',
  '/api/v1/events',
  '/api/v1/configmaps',
  '/api/v1/secrets',
  '/api/v1/serviceaccounts',
  '/api/v1/services',
  '/api/v1/namespaces',
  '/apis/apps/v1/replicasets',
  '/apis/apps/v1/statefulsets',
  '/apis/apps/v1/controllerrevisions',
  '/apis/batch/v1/jobs',
  '/apis/coordination.k8s.io/v1/leases',
  '/apis/policy/v1/poddisruptionbudgets',
  '/apis/rbac.authorization.k8s.io/v1/roles',
  '/apis/rbac.authorization.k8s.io/v1/rolebindings',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
];

export const tables: Readonly<Record<string, Story>> = {
  'of every built-in kind have its columns': async (api) => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    // No object has this name: the columns alone are asked for.
    const query = 'fieldSelector=metadata.name%3Dno-such-object';
    for (const path of kinds) await api.get(`${path}?${query}`, { accept });
  },
  'have one cell a column': async (api, ns) => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const revisions = `/apis/apps/v1/namespaces/${ns}/controllerrevisions`;
    const events = `/api/v1/namespaces/${ns}/events`;
    await api.post(revisions, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: 'a',
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'StatefulSet',
            name: 's',
            uid: '11111111-1111-1111-1111-111111111111',
            controller: true,
          },
        ],
      },
      data: { spec: {} },
      revision: 3,
    });
    const about = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: ns,
      name: 'p',
      fieldPath: 'spec.containers{c}',
    };
    await api.post(events, {
      metadata: { name: 'e' },
      involvedObject: about,
      type: 'Normal',
      reason: 'Started',
      message: 'It runs.\n',
      count: 2,
      source: { component: 'kubelet' },
    });
    for (const path of [revisions, events]) await api.get(`${path}?includeObject=None`, { accept });
  },
};

export const watches: Readonly<Record<string, Story>> = {
  'tell what happened since a version': async (api, ns) => {
    const { body } = await api.post(routes(ns), route('zero'));
    const from = `watch=true&resourceVersion=${body.metadata.resourceVersion}`;
    await api.post(routes(ns), route('a'));
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { labels: { x: 'y' } } });
    await api.patch('merge', `${routes(ns)}/a/status`, { status: { pods: ['p'] } });
    await api.delete(`${routes(ns)}/a`);
    await api.watch(`${routes(ns)}?${from}`, 4);
  },
  'of a selector see objects come and go by their labels': async (api, ns) => {
    const { body } = await api.post(pods(ns), pod('zero', { labels: { app: 'other' } }));
    const from = `watch=true&resourceVersion=${body.metadata.resourceVersion}`;
    await api.post(pods(ns), pod('a', { labels: { tier: 'x' } }));
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { labels: { tier: 'y' } } });
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { labels: { tier: 'x' } } });
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { annotations: { n: 'o' } } });
    await api.delete(`${pods(ns)}/a`);
    await api.watch(`${pods(ns)}?labelSelector=tier%3Dx&${from}`, 5);
    await api.watch(`${pods(ns)}?fieldSelector=metadata.name%3Da&${from}`, 5);
  },
  'without a version begin with what is there': async (api, ns) => {
    await api.post(pods(ns), pod('a'));
    await api.post(pods(ns), pod('b'));
    await api.watch(`${pods(ns)}?watch=true`, 2);
    await api.watch(`${pods(ns)}?watch=1&resourceVersion=0`, 2);
    await api.watch(
      `${pods(ns)}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
      3,
    );
  },
  'with versions that are none are refused': async (api, ns) => {
    await api.get(`${pods(ns)}?watch=true&resourceVersion=nonsense`);
    await api.get(`${pods(ns)}?watch=true&labelSelector=%3D`);
    await api.get(`${pods(ns)}?watch=true&sendInitialEvents=true`);
  },
};
