import { type Story, types } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

const inPod = (spec: object): object => ({ ...pod('a'), spec: { ...pod('a').spec, ...spec } });
const inContainer = (fields: object): object => inPod({ containers: [{ name: 'c', image: 'i', ...fields }] });

export const decoding: Readonly<Record<string, Story>> = {
  'refuses values of wrong types': async (api, ns) => {
    const wrong = [
      inPod({ restartPolicy: 1 }),
      inPod({ containers: {} }),
      inPod({ containers: ['c'] }),
      inPod({ nodeSelector: 'x' }),
      inPod({ nodeSelector: { a: 1 } }),
      inPod({ terminationGracePeriodSeconds: 1.5 }),
      inPod({ priority: 2 ** 40 }),
      inContainer({ name: false }),
      inContainer({ ports: [{ containerPort: '80' }] }),
      inContainer({ env: [{ name: 'A', valueFrom: [] }] }),
      inContainer({ resources: { limits: { cpu: 'much' } } }),
      inContainer({ resources: { limits: { cpu: {} } } }),
      inContainer({ livenessProbe: { httpGet: { port: true } } }),
      { ...pod('a'), spec: [] },
      { ...pod('a'), metadata: 'a' },
      { ...pod('a'), metadata: { name: 'a', creationTimestamp: 'now' } },
      { ...pod('a'), metadata: { name: 'a', creationTimestamp: 5 } },
      { ...pod('a'), metadata: { name: 'a', labels: { a: 1 } } },
      { ...pod('a'), metadata: { name: 'a', ownerReferences: {} } },
      { ...pod('a'), kind: 5 },
      { ...pod('a'), apiVersion: {} },
    ];
    for (const object of wrong) await api.post(pods(ns), object);
    await api.post(deployments(ns), deployment('d', { replicas: '2' }));
    await api.post(deployments(ns), { ...deployment('d'), spec: { selector: { matchLabels: [] } } });
    await api.post(`/api/v1/namespaces/${ns}/configmaps`, { metadata: { name: 'a' }, data: { a: 1 } });
    await api.post(`/api/v1/namespaces/${ns}/secrets`, { metadata: { name: 'a' }, data: { a: 1 } });
    await api.post(`/api/v1/namespaces/${ns}/services`, { metadata: { name: 'a' }, spec: { ports: 'x' } });
  },
  'of null is of nothing': async (api, ns) => {
    await api.post(pods(ns), inPod({ nodeSelector: null, hostNetwork: null, priority: null }));
    await api.post(pods(ns), { ...pod('b'), status: null });
    await api.post(pods(ns), 'null');
    await api.post(pods(ns), '');
  },
  'finds unknown fields and fields that stand twice': async (api, ns) => {
    const odd = inContainer({ imagee: 'x', ports: [{ containerPort: 80, prot: 'TCP' }] });
    await api.post(`${pods(ns)}?fieldValidation=Strict`, odd);
    await api.post(`${pods(ns)}?fieldValidation=Strict`, { ...pod('a'), more: 1 });
    const twice =
      '{"metadata":{"name":"a","name":"b"},"spec":{"containers":[{"name":"c","image":"i","image":"j"}]}}';
    await api.post(`${pods(ns)}?fieldValidation=Strict`, twice);
    await api.post(`${pods(ns)}?fieldValidation=Ignore`, twice);
    const twiceRoute = JSON.stringify(route('a')).replace('"network"', '"network":"other","network"');
    await api.post(`${routes(ns)}?fieldValidation=Strict`, twiceRoute);
    await api.post(routes(ns), route('a'));
    await api.call(
      'PATCH',
      `${routes(ns)}/a?fieldValidation=Strict`,
      '{"spec":{"network":"a","network":"b"}}',
      {
        contentType: types.merge,
      },
    );
    await api.put(`${pods(ns)}/b?fieldValidation=Strict`, { ...pod('b'), more: 1 });
  },
  'of a patched object shows it': async (api, ns) => {
    await api.post(pods(ns), pod('a', { labels: { b: '<&>', a: 'x' } }));
    const path = `${pods(ns)}/a`;
    await api.patch('json', path, [{ op: 'add', path: '/spec/hostNetwork', value: 'yes' }]);
    await api.patch('json', `${path}?fieldValidation=Strict`, [{ op: 'add', path: '/spec/more', value: 1 }]);
    await api.patch('merge', path, { spec: { containers: [{ name: 'c', image: 1 }] } });
    await api.patch('strategic', path, { metadata: { labels: { a: 1 } } });
    await api.patch('strategic', path, { spec: { hostNetwork: 'yes' } });
    await api.patch('strategic', `${path}?fieldValidation=Strict`, { spec: { more: 1 } });
  },
  // Not of built-in kinds: a patch is in their audit events, and of one that does not parse no event can be written.
  'of a patch that does not parse is refused': async (api, ns) => {
    await api.post(routes(ns), route('a'));
    const path = `${routes(ns)}/a`;
    await api.call('PATCH', path, '{', { contentType: types.merge });
    await api.call('PATCH', path, '[{]', { contentType: types.json });
    await api.call('PATCH', path, '"x"', { contentType: types.json });
    await api.call('PATCH', `${path}?fieldManager=one`, '[]', { contentType: types.apply });
  },
  'of a custom resource needs its kind and version': async (api, ns) => {
    await api.post(routes(ns), { ...route('a'), kind: 'Pod' });
    await api.post(routes(ns), { ...route('a'), apiVersion: 'v1' });
    await api.post(routes(ns), { ...route('a'), apiVersion: 'networking.gke.io/v2' });
    await api.post(routes(ns), { kind: 'GKEIPRoute', metadata: { name: 'a' } });
    await api.post(routes(ns), '[]');
    await api.post(routes(ns), { ...route('a'), metadata: { name: 1 } });
    await api.post(routes(ns), { ...route('a'), metadata: { name: 'a', labels: { a: 1 } } });
    await api.post(routes(ns), { ...route('a'), metadata: 'a' });
    await api.post(routes(ns), route('a'), { contentType: 'text/plain' });
    await api.call('PATCH', `${routes(ns)}/a`, {}, { contentType: 'application/json' });
    await api.post(routes(ns), route('a'));
    await api.patch('merge', `${routes(ns)}/a`, { kind: 'Pod' });
    await api.patch('merge', `${routes(ns)}/a`, { apiVersion: 'v1' });
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { labels: { a: 1 } } });
    await api.put(`${routes(ns)}/a`, { ...route('a'), kind: 'Pod' });
  },
  'of objects of other kinds is refused': async (api, ns) => {
    await api.post(deployments(ns), { ...pod('a'), apiVersion: 'v1', kind: 'Pod' });
    await api.post(pods(ns), { ...deployment('a'), apiVersion: 'apps/v1', kind: 'Deployment' });
    await api.post(pods(ns), { ...pod('a'), kind: 'Nonsense' });
    await api.post(pods(ns), { ...pod('a'), apiVersion: 'apps/v1' });
    await api.post(pods(ns), pod('a'));
    await api.patch('merge', `${pods(ns)}/a`, { kind: 'Node' });
    await api.put(`${pods(ns)}/a`, { ...pod('a'), kind: 'Node' });
  },
};
