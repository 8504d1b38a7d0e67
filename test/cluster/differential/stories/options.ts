import type { Story } from '../caller.ts';
import { deployment, deployments, pod, pods, route, routes } from './objects.ts';

export const options: Readonly<Record<string, Story>> = {
  'of lists that cannot be are refused': async (api, ns) => {
    const { body } = await api.post(pods(ns), pod('a'));
    const version = body.metadata?.resourceVersion;
    const queries = [
      `resourceVersion=${version}&resourceVersionMatch=Exact`,
      `resourceVersion=${version}&resourceVersionMatch=NotOlderThan`,
      'resourceVersion=0&resourceVersionMatch=Exact',
      'resourceVersion=0&resourceVersionMatch=NotOlderThan',
      'resourceVersionMatch=Nonsense',
      'sendInitialEvents=true',
      'timeoutSeconds=x',
      'limit=-1',
      'limit=1.5',
      'labelSelector=a%2Cb%2C',
      'labelSelector=!a%2C!b',
      'labelSelector=a%3D%3D%3Db',
      'labelSelector=a//b',
      'labelSelector=a%3Db_',
      'labelSelector=a%20notin%20(b%2C%2Cc)',
      'labelSelector=%20%20',
      'fieldSelector=metadata.name%3D%3Da',
      'fieldSelector=metadata.name%3Da%3Db',
      'fieldSelector=a%3Db%2Cmetadata.name',
      'fieldSelector=%2C',
      'unknown=option',
    ];
    for (const query of queries) await api.get(`${pods(ns)}?${query}`);
    for (const query of queries.slice(0, 6)) await api.get(`${routes(ns)}?${query}`);
  },
  'of watches that cannot be are refused': async (api, ns) => {
    await api.get(`${pods(ns)}?watch=true&resourceVersionMatch=NotOlderThan`);
    await api.get(`${pods(ns)}?watch=true&resourceVersionMatch=Nonsense&sendInitialEvents=true`);
    await api.get(`${pods(ns)}?watch=true&timeoutSeconds=x`);
    await api.get(`${routes(ns)}?watch=true&resourceVersion=nonsense`);
    await api.get(`${routes(ns)}?watch=true&fieldSelector=x`);
  },
  'of writes that cannot be are refused': async (api, ns) => {
    await api.post(`${pods(ns)}?dryRun=All&dryRun=Some`, pod('a'));
    await api.post(`${pods(ns)}?dryRun=`, pod('a'));
    await api.post(`${pods(ns)}?fieldManager=${'x'.repeat(129)}`, pod('a'));
    await api.post(`${pods(ns)}?fieldManager=%07`, pod('a'));
    await api.post(pods(ns), pod('b'));
    await api.patch('merge', `${pods(ns)}/b?force=true`, {});
    await api.patch('merge', `${pods(ns)}/b?fieldValidation=x&dryRun=x`, {});
    await api.put(`${pods(ns)}/b?dryRun=x`, pod('b'));
    await api.delete(`${pods(ns)}/b?gracePeriodSeconds=x`);
    await api.delete(`${pods(ns)}/b?dryRun=x`);
    await api.delete(`${pods(ns)}/b?propagationPolicy=x`);
    await api.delete(`${pods(ns)}/b`, { gracePeriodSeconds: 1.5 });
    await api.delete(`${pods(ns)}/b`, { dryRun: ['Some'], propagationPolicy: 'x' });
    await api.delete(`${pods(ns)}/b`, { preconditions: 'x' });
    await api.delete(`${pods(ns)}/b`, '[]');
    await api.delete(`${pods(ns)}/b`, { apiVersion: 'policy/v1', kind: 'DeleteOptions', dryRun: ['All'] });
    await api.delete(`${pods(ns)}/b?dryRun=All`, { gracePeriodSeconds: 0, more: 1 });
    await api.get(`${pods(ns)}/b`);
  },
};

const apply = (path: string, manager: string, more = ''): string => `${path}?fieldManager=${manager}${more}`;

export const applying: Readonly<Record<string, Story>> = {
  'over what others own conflicts, and takes it by force': async (api, ns) => {
    const path = `${deployments(ns)}/d`;
    await api.patch('apply', apply(path, 'one'), deployment('d', { replicas: 2 }));
    await api.patch('apply', apply(path, 'two'), deployment('d', { replicas: 3 }));
    await api.patch('apply', apply(path, 'two', '&force=true'), deployment('d', { replicas: 3 }));
    await api.patch('apply', apply(path, 'one'), deployment('d'));
    await api.patch('merge', path, { spec: { replicas: 4 } });
    await api.patch('apply', apply(path, 'two'), deployment('d', { replicas: 3 }));
    await api.patch('apply', apply(path, 'two', '&force=true&dryRun=All'), deployment('d', { replicas: 3 }));
    await api.get(path);
  },
  'what is none is refused': async (api, ns) => {
    const path = `${pods(ns)}/a`;
    const whole = pod('a');
    await api.patch('apply', apply(path, 'one'), { ...whole, kind: 'Node' });
    await api.patch('apply', apply(path, 'one'), { ...whole, metadata: { name: 'b' } });
    await api.patch('apply', apply(path, 'one'), { ...whole, metadata: { name: 'a', managedFields: [] } });
    await api.patch('apply', apply(path, 'one'), { ...whole, metadata: { name: 'a', uid: 'x' } });
    await api.patch('apply', apply(path, 'one'), { ...whole, spec: { ...pod('a').spec, more: 1 } });
    await api.patch('apply', apply(path, 'one'), { ...whole, spec: { ...pod('a').spec, hostNetwork: 'x' } });
    await api.patch('apply', apply(path, 'one'), whole);
    await api.patch('apply', apply(`${routes(ns)}/a`, 'one'), route('a', { more: 1 }));
    await api.patch('apply', apply(`${routes(ns)}/a`, 'one'), route('a'));
  },
};
