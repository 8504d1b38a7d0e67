import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, pod, pods, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

interface List {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string; namespace?: string } }[];
}
const names = async (path: string): Promise<string[]> =>
  (await api.get<List>(path)).body.items.map(({ metadata }) => metadata.name);
const selected = (selector: string): Promise<string[]> =>
  names(`${pods}?labelSelector=${encodeURIComponent(selector)}`);

describe('label selectors', () => {
  beforeEach(async () => {
    await api.post(pods, pod('a', { app: 'nat', tier: '1' }));
    await api.post(pods, pod('b', { app: 'sip', tier: '2' }));
    await api.post(pods, pod('c', {}));
  });

  it.each([
    ['app=nat', ['a']],
    ['app==nat', ['a']],
    ['app!=nat', ['b', 'c']],
    ['app in (nat, sip)', ['a', 'b']],
    ['app notin (nat)', ['b', 'c']],
    ['app', ['a', 'b']],
    ['!app', ['c']],
    ['tier>1', ['b']],
    ['tier<2', ['a']],
    ['app in (nat,sip),tier!=1', ['b']],
  ])('%s selects %j', async (selector, expected) => {
    expect(await selected(selector)).toEqual(expected);
  });

  it('that do not parse are refused', async () => {
    expect((await api.get(`${pods}?labelSelector=${encodeURIComponent('app in nat')}`)).code).toBe(400);
  });
});

describe('field selectors', () => {
  it('select by name, node and phase, and by nothing that a kind cannot be selected by', async () => {
    await api.post(pods, pod('a', {}, { nodeName: 'node-1' }));
    await api.post(pods, pod('b'));
    expect(await names(`${pods}?fieldSelector=metadata.name%3Da`)).toEqual(['a']);
    expect(await names('/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1')).toEqual(['a']);
    expect(await names('/api/v1/pods?fieldSelector=spec.nodeName!%3Dnode-1')).toEqual(['b']);
    expect(await names(`${pods}?fieldSelector=status.phase%3DRunning`)).toEqual([]);
    expect((await api.get(`${pods}?fieldSelector=spec.colour%3Dred`)).code).toBe(400);
    expect((await api.get(`${routes}?fieldSelector=spec.nodeName%3Dx`)).code).toBe(400);
  });
});

describe('a list', () => {
  it('of an empty collection has the version of the cluster', async () => {
    const { body } = await api.get<List>(routes);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(1);
    expect(body).toMatchObject({ kind: 'GKEIPRouteList', apiVersion: 'networking.gke.io/v1', items: [] });
  });

  it('comes in pages that show one moment, whatever is written between them', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await api.post(pods, pod(name));
    const first = await api.get<List>(`${pods}?limit=2`);
    expect(first.body.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(2);
    await api.delete(`${pods}/c`);
    await api.post(pods, pod('bb'));
    await api.merge(`${pods}/d`, { metadata: { labels: { late: 'yes' } } });
    const token = encodeURIComponent(first.body.metadata.continue ?? '');
    const second = await api.get<List>(`${pods}?limit=2&continue=${token}`);
    expect(second.body.items.map(({ metadata }) => metadata.name)).toEqual(['c', 'd']);
    expect(second.body.items[1]!.metadata).not.toHaveProperty('labels.late');
    expect(second.body.metadata.continue).toBeUndefined();
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  it('over all namespaces is ordered by namespace and name', async () => {
    await api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } });
    await api.post(pods, pod('z'));
    await api.post('/api/v1/namespaces/a/pods', pod('y'));
    expect(await names('/api/v1/pods')).toEqual(['y', 'z']);
  });

  it('whose next page is forgotten is 410 Expired', async () => {
    await api.close();
    api = await Api.start({ watchWindow: 2 });
    for (const name of ['a', 'b', 'c']) await api.post(pods, pod(name));
    const { body } = await api.get<List>(`${pods}?limit=1`);
    for (const name of ['d', 'e', 'f']) await api.post(pods, pod(name));
    const next = await api.get(`${pods}?limit=1&continue=${body.metadata.continue}`);
    expect([next.code, next.body.reason]).toEqual([410, 'Expired']);
  });

  it('of a version that is yet to come is a time-out', async () => {
    expect((await api.get(`${pods}?resourceVersion=99999`)).code).toBe(504);
  });
});
