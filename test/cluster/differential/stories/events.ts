import type { Story } from '../caller.ts';

const apiOf = (ns: string): string => `/apis/events.k8s.io/v1/namespaces/${ns}/events`;
const coreOf = (ns: string): string => `/api/v1/namespaces/${ns}/events`;

const time = '2026-11-25T15:00:00.123000Z';
const regarding = (namespace: string) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  name: 'nat',
  namespace,
  uid: 'u-1',
});

const event = (name: string, namespace: string, more: object = {}) => ({
  metadata: { name },
  eventTime: time,
  reportingController: 'persistent-ip.dev/reconcile',
  reportingInstance: 'test',
  action: 'Move',
  reason: 'Moved',
  type: 'Normal',
  note: 'from <a> to b',
  regarding: regarding(namespace),
  related: { apiVersion: 'v1', kind: 'Pod', name: 'nat-1', namespace, uid: 'u-2' },
  ...more,
});

const coreEvent = (name: string, namespace: string, more: object = {}) => ({
  metadata: { name },
  involvedObject: { kind: 'Pod', name: 'nat-1', namespace, fieldPath: 'spec.containers{nat}' },
  reason: 'Pulled',
  message: 'an image',
  type: 'Normal',
  source: { component: 'kubelet', host: 'n1' },
  firstTimestamp: '2026-11-25T15:00:00Z',
  lastTimestamp: '2026-11-25T15:01:00Z',
  count: 3,
  ...more,
});

const query = (text: string): string => encodeURIComponent(text);

export const events: Readonly<Record<string, Story>> = {
  'are the same in both APIs': async (api, ns) => {
    await api.post(apiOf(ns), event('new', ns));
    await api.get(`${apiOf(ns)}/new`);
    await api.get(`${coreOf(ns)}/new`);
    await api.post(coreOf(ns), coreEvent('old', ns));
    await api.get(`${coreOf(ns)}/old`);
    await api.get(`${apiOf(ns)}/old`);
    await api.get(apiOf(ns));
    await api.get(coreOf(ns));
    await api.post(apiOf(ns), event('new', ns));
    await api.post(coreOf(ns), coreEvent('new', ns));
    await api.delete(`${coreOf(ns)}/new`);
    await api.get(`${apiOf(ns)}/new`);
    await api.get(`${coreOf(ns)}/new`);
    await api.patch('merge', `${apiOf(ns)}/new`, { series: null });
  },
  'are counted in a series': async (api, ns) => {
    const path = `${apiOf(ns)}/a`;
    await api.post(apiOf(ns), event('a', ns));
    const series = (count: number, lastObservedTime: string) => ({ series: { count, lastObservedTime } });
    await api.patch('merge', path, series(2, '2026-11-25T15:02:00.000000Z'));
    await api.get(`${coreOf(ns)}/a`);
    await api.patch('merge', path, series(1, '2026-11-25T15:03:00.000000Z'));
    await api.patch('merge', path, { series: { count: 3, lastObservedTime: null } });
    await api.patch('merge', path, series(3, '2026-11-25T15:03:00Z'));
    await api.patch('merge', path, { ...series(3, time), metadata: { resourceVersion: '1' } });
    await api.patch('strategic', path, series(3, '2026-11-25T15:03:00.000000Z'));
    await api.put(path, event('a', ns, series(5, '2026-11-25T15:05:00.000000Z')));
  },
  'stay as they were made': async (api, ns) => {
    const path = `${apiOf(ns)}/a`;
    await api.post(apiOf(ns), event('a', ns));
    for (const change of [
      { note: 'another' },
      { reason: 'Other' },
      { type: 'Warning' },
      { action: 'Other' },
      { eventTime: '2026-11-25T15:09:00.000000Z' },
      { reportingInstance: 'another' },
      { reportingController: 'another' },
      { deprecatedCount: 2 },
      { regarding: { uid: 'u-9' } },
      { related: { uid: 'u-9' } },
      { related: null },
    ])
      await api.patch('merge', path, change);
    await api.patch('merge', `${coreOf(ns)}/a`, { message: 'another' });
    await api.patch('merge', path, { metadata: { labels: { a: 'b' } } });
  },
  'are refused where they are not whole': async (api, ns) => {
    const long = 'x'.repeat(1_100);
    for (const [at, fault] of [
      { eventTime: undefined },
      { eventTime: '2026-11-25T15:00:00Z' },
      { eventTime: '2026-11-25T15:00:00.123Z' },
      { reportingController: undefined },
      { reportingController: 'two/slashes/here' },
      { reportingInstance: undefined },
      { reportingInstance: long },
      { action: undefined },
      { action: long },
      { reason: undefined },
      { reason: long },
      { note: long },
      { note: 'ä'.repeat(600) },
      { type: 'Odd' },
      { type: undefined },
      { deprecatedCount: 1 },
      { deprecatedSource: { component: 'a' } },
      { deprecatedFirstTimestamp: '2026-11-25T15:00:00Z' },
      { regarding: undefined },
      { regarding: { namespace: 'elsewhere' } },
      { series: { count: 1, lastObservedTime: time } },
      { series: { count: 2 } },
    ].entries())
      await api.post(apiOf(ns), event(`e${at}`, ns, fault));
    await api.post(`${apiOf(ns)}?fieldValidation=Strict`, event('strict', ns, { message: 'x' }));
    await api.post(coreOf(ns), coreEvent('c1', ns, { involvedObject: {} }));
    await api.post(coreOf(ns), coreEvent('c2', ns, { eventTime: time }));
    await api.post(coreOf(ns), { ...coreEvent('c3', ns), involvedObject: { namespace: 'elsewhere' } });
  },
  'are found by what they are about': async (api, ns) => {
    await api.post(apiOf(ns), event('a', ns));
    await api.post(coreOf(ns), coreEvent('b', ns));
    const uid = 'involvedObject.uid=u-1,involvedObject.kind=GKEIPRoute,involvedObject.name=nat';
    for (const selector of [
      uid,
      'reportingComponent=persistent-ip.dev/reconcile',
      'source=kubelet',
      'regarding.uid=u-1',
    ])
      await api.get(`${coreOf(ns)}?fieldSelector=${query(selector)}`);
    for (const selector of [
      'regarding.uid=u-1',
      'regarding.kind=Pod',
      'reportingController=x',
      'source=kubelet',
      'involvedObject.uid=u-1',
    ])
      await api.get(`${apiOf(ns)}?fieldSelector=${query(selector)}`);
  },
  'are shown in a table': async (api, ns) => {
    const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    await api.post(coreOf(ns), coreEvent('b', ns));
    await api.post(apiOf(ns), event('c', ns));
    await api.get(`${apiOf(ns)}/b?includeObject=None`, table);
    await api.get(`${coreOf(ns)}/b?includeObject=None`, table);
    await api.get(`${apiOf(ns)}/c?includeObject=None`, table);
  },
};
