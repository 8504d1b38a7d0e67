import type { Caller, Story } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

const withPod =
  (tell: (api: Caller, path: string) => Promise<unknown>): Story =>
  async (api, ns) => {
    await api.post(pods(ns), pod('a', { metadata: { annotations: { x: 'y' } } }));
    await tell(api, `${pods(ns)}/a`);
  };

export const jsonPatch: Readonly<Record<string, Story>> = {
  'adds, replaces, removes, moves, copies and tests': withPod(async (api, path) => {
    await api.patch('json', path, [
      { op: 'test', path: '/metadata/annotations/x', value: 'y' },
      { op: 'add', path: '/metadata/labels/new', value: 'v' },
      { op: 'replace', path: '/metadata/annotations/x', value: 'z' },
      { op: 'copy', from: '/metadata/labels/new', path: '/metadata/labels/copy' },
      { op: 'move', from: '/metadata/labels/copy', path: '/metadata/labels/moved' },
      { op: 'remove', path: '/metadata/labels/app' },
    ]);
  }),
  'that cannot be applied is refused whole': withPod(async (api, path) => {
    await api.patch('json', path, [{ op: 'test', path: '/metadata/annotations/x', value: 'no' }]);
    await api.patch('json', path, [{ op: 'remove', path: '/metadata/labels/nothing' }]);
    await api.patch('json', path, [{ op: 'replace', path: '/metadata/labels/nothing', value: 'x' }]);
    await api.patch('json', path, [{ op: 'add', path: '/metadata/nothing/deep', value: 'x' }]);
    await api.patch('json', path, [{ op: 'nonsense', path: '/metadata' }]);
    await api.patch('json', path, { op: 'add' });
    await api.get(path);
  }),
  'of a custom resource': async (api, ns) => {
    await api.post(routes(ns), route('a'));
    await api.patch('json', `${routes(ns)}/a`, [
      { op: 'add', path: '/spec/addresses/-', value: { value: '34.1.2.4/32' } },
      { op: 'add', path: '/metadata/finalizers', value: ['persistent-ip.dev/release'] },
    ]);
    await api.patch('json', `${routes(ns)}/a`, [{ op: 'remove', path: '/spec/podSelector' }]);
  },
};

export const mergePatch: Readonly<Record<string, Story>> = {
  'merges objects, replaces lists, and null removes': withPod(async (api, path) => {
    await api.patch('merge', path, { metadata: { labels: { app: null, b: 'c' }, annotations: null } });
    await api.patch('merge', path, { metadata: { finalizers: ['example.com/a'] } });
    await api.patch('merge', path, { metadata: { finalizers: ['example.com/b'] } });
    await api.patch('merge', path, { metadata: { finalizers: null } });
    await api.patch('merge', path, []);
    await api.patch('merge', path, { metadata: { labels: 'x' } });
  }),
  'is fenced by a resource version and a uid': async (api, ns) => {
    const { body } = await api.post(routes(ns), route('a'));
    const { resourceVersion, uid } = body.metadata;
    await api.patch('merge', `${routes(ns)}/a/status`, {
      metadata: { resourceVersion, uid },
      status: { pods: ['p'] },
    });
    await api.patch('merge', `${routes(ns)}/a/status`, {
      metadata: { resourceVersion, uid },
      status: { pods: [] },
    });
    await api.patch('merge', `${routes(ns)}/a/status`, {
      metadata: { uid: '11111111-1111-1111-1111-111111111111' },
      status: { pods: [] },
    });
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { resourceVersion, labels: { a: 'b' } } });
  },
};

export const strategicMergePatch: Readonly<Record<string, Story>> = {
  'merges lists by their keys': async (api, ns) => {
    await api.post(deployments(ns), deployment('d'));
    const path = `${deployments(ns)}/d`;
    const containers = (...list: object[]) => ({ spec: { template: { spec: { containers: list } } } });
    await api.patch('strategic', path, containers({ name: 'c', image: 'nat:2' }));
    await api.patch(
      'strategic',
      path,
      containers({ name: 'side', image: 'side:1', ports: [{ containerPort: 80 }] }),
    );
    await api.patch(
      'strategic',
      path,
      containers({ name: 'side', ports: [{ containerPort: 81, name: 'http' }] }),
    );
    await api.patch('strategic', path, containers({ name: 'c', $patch: 'delete' }));
    await api.patch('strategic', path, {
      spec: {
        template: {
          spec: { $setElementOrder: [], containers: [{ name: 'side', env: [{ name: 'A', value: 'b' }] }] },
        },
      },
    });
    await api.patch('strategic', path, { spec: { template: { metadata: { labels: { more: 'x' } } } } });
    await api.patch('strategic', path, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
    await api.patch('strategic', path, { metadata: { annotations: { $patch: 'replace', only: 'this' } } });
  },
  'of lists of plain values': withPod(async (api, path) => {
    await api.patch('strategic', path, { metadata: { finalizers: ['example.com/a'] } });
    await api.patch('strategic', path, { metadata: { finalizers: ['example.com/b'] } });
    await api.patch('strategic', path, {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
    });
    await api.patch('strategic', path, { metadata: { finalizers: [{ a: 1 }] } });
    await api.patch('strategic', path, []);
  }),
  'of a custom resource is not supported': async (api, ns) => {
    await api.post(routes(ns), route('a'));
    await api.patch('strategic', `${routes(ns)}/a`, { metadata: { labels: { a: 'b' } } });
  },
};

export const serverSideApply: Readonly<Record<string, Story>> = {
  'needs a manager, and names conflicts': async (api, ns) => {
    const path = `${routes(ns)}/a`;
    await api.patch('apply', path, route('a'));
    await api.patch('apply', `${path}?fieldManager=one`, route('a'));
    await api.patch('apply', `${path}?fieldManager=one`, route('a'));
    await api.patch('apply', `${path}?fieldManager=two`, route('a', { network: 'other' }));
    await api.patch('apply', `${path}?fieldManager=two&force=true`, route('a', { network: 'other' }));
    await api.patch('apply', `${path}?fieldManager=one`, {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GKEIPRoute',
    });
  },
  'of a Deployment': async (api, ns) => {
    const path = `${deployments(ns)}/d?fieldManager=kubectl`;
    await api.patch('apply', path, deployment('d', { replicas: 2 }));
    await api.patch('apply', path, deployment('d'));
    await api.patch('apply', path, { ...deployment('d'), metadata: { name: 'd', resourceVersion: '1' } });
  },
};
