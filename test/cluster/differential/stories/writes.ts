import type { Story } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

export const names: Readonly<Record<string, Story>> = {
  'are made from generateName': async (api, ns) => {
    await api.post(pods(ns), { ...pod('x'), metadata: { generateName: 'made-' } });
    await api.post(pods(ns), { ...pod('x'), metadata: { generateName: 'Bad_' } });
    await api.post(routes(ns), { ...route('x'), metadata: { generateName: 'made-' } });
    await api.post(routes(ns), { ...route('x'), metadata: {} });
    await api.post(routes(ns), route('Bad_Name'));
  },
  'of the path and the object must be one': async (api, ns) => {
    const { body } = await api.post(pods(ns), pod('a'));
    await api.put(`${pods(ns)}/b`, body);
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { name: 'b' } });
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { namespace: 'elsewhere' } });
    await api.patch('merge', `${pods(ns)}/a`, { metadata: { uid: 'another' } });
  },
};

export const metadata: Readonly<Record<string, Story>> = {
  'has fields that only the server writes': async (api, ns) => {
    await api.post(routes(ns), {
      ...route('a'),
      metadata: {
        name: 'a',
        uid: '11111111-1111-1111-1111-111111111111',
        generation: 7,
        creationTimestamp: '2020-01-01T00:00:00Z',
        deletionTimestamp: '2020-01-01T00:00:00Z',
        selfLink: '/x',
      },
    });
    await api.post(routes(ns), { ...route('b'), metadata: { name: 'b', resourceVersion: '5' } });
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { generation: 9, creationTimestamp: null } });
  },
  'has owners that must be whole': async (api, ns) => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'o', uid: '11111111-1111-1111-1111-111111111111' };
    await api.post(pods(ns), pod('a', { metadata: { ownerReferences: [owner] } }));
    await api.post(pods(ns), pod('b', { metadata: { ownerReferences: [{ ...owner, uid: '' }] } }));
    await api.post(pods(ns), pod('c', { metadata: { ownerReferences: [{ kind: 'Pod', name: 'o' }] } }));
    const controller = { ...owner, controller: true };
    const second = { ...controller, uid: '21111111-1111-1111-1111-111111111111' };
    await api.post(pods(ns), pod('d', { metadata: { ownerReferences: [controller, second] } }));
    await api.post(
      pods(ns),
      pod('e', { metadata: { ownerReferences: [{ ...owner, apiVersion: 'v1', kind: 'Event' }] } }),
    );
  },
  'has finalizers that must be qualified': async (api, ns) => {
    await api.post(routes(ns), route('a', {}, { finalizers: ['plain'] }));
    await api.post(routes(ns), route('b', {}, { finalizers: ['example.com/not a name'] }));
    await api.post(routes(ns), route('c', {}, { finalizers: ['persistent-ip.dev/release'] }));
    await api.post(pods(ns), pod('d', { metadata: { finalizers: ['plain'] } }));
  },
  'counts generations of the spec alone': async (api, ns) => {
    await api.post(routes(ns), route('a'));
    await api.patch('merge', `${routes(ns)}/a`, { metadata: { labels: { a: 'b' } } });
    await api.patch('merge', `${routes(ns)}/a`, { spec: { network: 'other' } });
    await api.patch('merge', `${routes(ns)}/a/status`, { status: { pods: ['p'] } });
    await api.post(deployments(ns), deployment('d'));
    await api.patch('merge', `${deployments(ns)}/d`, { spec: { replicas: 3 } });
    await api.patch('merge', `${deployments(ns)}/d`, { spec: { replicas: 3 } });
    await api.patch('merge', `${deployments(ns)}/d/status`, { status: { replicas: 3 } });
  },
};

export const updates: Readonly<Record<string, Story>> = {
  'must be of the latest version, where they name one': async (api, ns) => {
    const { body } = await api.post(routes(ns), route('a'));
    await api.put(`${routes(ns)}/a`, { ...body, metadata: { ...body.metadata, labels: { a: '1' } } });
    await api.put(`${routes(ns)}/a`, { ...body, metadata: { ...body.metadata, labels: { a: '2' } } });
    await api.put(`${routes(ns)}/a`, { ...body, metadata: { name: 'a' } });
    const { body: made } = await api.post(pods(ns), pod('p'));
    await api.put(`${pods(ns)}/p`, { ...made, metadata: { ...made.metadata, labels: {} } });
    await api.put(`${pods(ns)}/p`, { ...made, metadata: { ...made.metadata, labels: { b: 'c' } } });
    await api.put(`${pods(ns)}/p`, { ...made, metadata: { ...made.metadata, resourceVersion: 'nonsense' } });
    await api.put(`${pods(ns)}/p`, { ...made, metadata: { name: 'p' } });
    await api.put(`${pods(ns)}/p`, {
      ...made,
      metadata: { ...made.metadata, resourceVersion: '', uid: 'another' },
    });
  },
  'of what is not there are refused': async (api, ns) => {
    await api.put(`${pods(ns)}/gone`, pod('gone'));
    await api.put(`${routes(ns)}/gone`, route('gone'));
    await api.patch('merge', `${routes(ns)}/gone`, {});
    await api.put(`${routes(ns)}/gone/status`, route('gone'));
  },
  'that change nothing write nothing': async (api, ns) => {
    const { body } = await api.post(routes(ns), route('a'));
    const again = await api.put(`${routes(ns)}/a`, body);
    const version = again.body.metadata?.resourceVersion === body.metadata?.resourceVersion;
    api.lines.push({ request: 'same version', answer: version });
    const patched = await api.patch('merge', `${routes(ns)}/a`, { metadata: { labels: null } });
    api.lines.push({
      request: 'same version',
      answer: patched.body.metadata?.resourceVersion === body.metadata?.resourceVersion,
    });
  },
};

export const dryRuns: Readonly<Record<string, Story>> = {
  'check everything and keep nothing': async (api, ns) => {
    await api.post(`${pods(ns)}?dryRun=All`, pod('a'));
    await api.get(`${pods(ns)}/a`);
    await api.post(`${pods(ns)}?dryRun=Some`, pod('a'));
    await api.post(pods(ns), pod('a'));
    await api.post(`${pods(ns)}?dryRun=All`, pod('a'));
    await api.patch('merge', `${pods(ns)}/a?dryRun=All`, { metadata: { labels: { x: 'y' } } });
    await api.delete(`${pods(ns)}/a?dryRun=All`);
    await api.delete(`${pods(ns)}/a`, { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'] });
    await api.get(`${pods(ns)}/a`);
  },
};

export const fieldValidation: Readonly<Record<string, Story>> = {
  'of unknown fields drops, warns or refuses': async (api, ns) => {
    const odd = { ...pod('a'), spec: { ...pod('a').spec, hostNetwrok: true } };
    await api.post(`${pods(ns)}?fieldValidation=Strict`, odd);
    await api.post(`${pods(ns)}?fieldValidation=Ignore`, odd);
    await api.post(`${pods(ns)}?fieldValidation=Nonsense`, { ...odd, metadata: { name: 'b' } });
    const oddRoute = route('a', { adresses: [] });
    await api.post(`${routes(ns)}?fieldValidation=Strict`, oddRoute);
    await api.post(routes(ns), oddRoute);
    await api.patch('merge', `${routes(ns)}/a?fieldValidation=Strict`, { spec: { more: 1 } });
    await api.patch('merge', `${pods(ns)}/a?fieldValidation=Strict`, { spec: { more: 1 } });
  },
};

export const bodies: Readonly<Record<string, Story>> = {
  'that do not parse are refused': async (api, ns) => {
    await api.post(pods(ns), '{');
    await api.post(pods(ns), '[]');
    await api.post(pods(ns), '"text"');
    await api.post(pods(ns), pod('a'), { contentType: 'text/plain' });
    await api.post(routes(ns), '{');
    await api.post(routes(ns), {});
    await api.post(pods(ns), {});
    await api.call('PATCH', `${pods(ns)}/a`, {}, { contentType: 'application/json' });
  },
  'may be YAML': async (api, ns) => {
    await api.post(pods(ns), 'metadata: {name: y}\nspec: {containers: [{name: c, image: i}]}\n', {
      contentType: 'application/yaml',
    });
  },
  'without kind and version are of the path’s': async (api, ns) => {
    await api.post(pods(ns), { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
    await api.post(routes(ns), { metadata: { name: 'a' }, spec: route('a').spec });
  },
};
