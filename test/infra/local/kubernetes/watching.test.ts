import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, pod, pods, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

describe('a watch', () => {
  it('from the version of a list tells everything that happened since, once', async () => {
    await api.post(pods, pod('before'));
    const { body } = await api.get(pods);
    await api.post(pods, pod('a'));
    const watch = await api.watch(`${pods}?resourceVersion=${body.metadata.resourceVersion}`);
    await api.merge(`${pods}/a`, { metadata: { labels: { b: 'c' } } });
    await api.delete(`${pods}/a`);
    // A Pod is marked as one that leaves before it is gone, though no node has to end it.
    expect(await watch.take(4)).toEqual(['ADDED a', 'MODIFIED a', 'MODIFIED a', 'DELETED a']);
  });

  it('without a version begins with what is there', async () => {
    await api.post(pods, pod('a'));
    const watch = await api.watch(pods);
    await api.post(pods, pod('b'));
    expect(await watch.take(2)).toEqual(['ADDED a', 'ADDED b']);
  });

  it('shows an object that stops matching its selector as DELETED, in the state that matched', async () => {
    await api.post(pods, pod('a', { app: 'x' }));
    const watch = await api.watch(`${pods}?labelSelector=app%3Dx`);
    await api.merge(`${pods}/a`, { metadata: { labels: { app: 'y' } } });
    const after = await api.merge(`${pods}/a`, { metadata: { labels: { app: 'x' } } });
    expect((await watch.next())?.type).toBe('ADDED');
    const left = await watch.next();
    expect([left?.type, left?.object.metadata.labels]).toEqual(['DELETED', { app: 'x' }]);
    const back = await watch.next();
    expect([back?.type, back?.object.metadata.resourceVersion]).toEqual([
      'ADDED',
      after.body.metadata.resourceVersion,
    ]);
  });

  it('sees the namespace of its path only', async () => {
    const watch = await api.watch(pods);
    await api.post('/api/v1/namespaces/kube-system/pods', pod('other'));
    await api.post(pods, pod('mine'));
    expect(await watch.take(1)).toEqual(['ADDED mine']);
  });

  it('tells nothing of a write that changes nothing', async () => {
    const { body } = await api.post(routes, route('nat'));
    const watch = await api.watch(`${routes}?resourceVersion=${body.metadata.resourceVersion}`);
    await api.merge(`${routes}/nat`, { spec: { network: 'default' } });
    await api.post(routes, route('next'));
    expect(await watch.take(1)).toEqual(['ADDED next']);
  });

  it('from before the window is told 410 Gone, and ends', async () => {
    await api.close();
    api = await Api.start({ watchWindow: 3 });
    const { body } = await api.get(pods);
    for (const name of ['a', 'b', 'c', 'd']) await api.post(pods, pod(name));
    const watch = await api.watch(`${pods}?resourceVersion=${body.metadata.resourceVersion}`);
    const event = await watch.next();
    expect([event?.type, event?.object.code, event?.object.reason]).toEqual(['ERROR', 410, 'Expired']);
    expect(await watch.next()).toBeUndefined();
  });

  it('of a quiet resource is not outdated by the noise of another', async () => {
    await api.close();
    api = await Api.start({ watchWindow: 3 });
    const { body } = await api.post(routes, route('nat'));
    for (const name of ['a', 'b', 'c', 'd', 'e']) await api.post(pods, pod(name));
    const watch = await api.watch(`${routes}?resourceVersion=${body.metadata.resourceVersion}`);
    await api.post(routes, route('next'));
    expect(await watch.take(1)).toEqual(['ADDED next']);
  });

  it('ends after timeoutSeconds, with a bookmark for those who asked', async () => {
    const watch = await api.watch(`${pods}?timeoutSeconds=10&allowWatchBookmarks=true`);
    await api.post(pods, pod('a'));
    expect(await watch.take(1)).toEqual(['ADDED a']);
    api.clock.pass(10_000);
    const mark = await watch.next();
    expect([mark?.type, mark?.object.kind]).toEqual(['BOOKMARK', 'Pod']);
    expect(await watch.next()).toBeUndefined();
  });

  it('carries two thousand events in order', async () => {
    await api.post(routes, route('nat'));
    const watch = await api.watch(`${routes}?resourceVersion=0`);
    await watch.next();
    for (let at = 0; at < 2_000; at += 1) {
      api.kubernetes.apply(
        JSON.stringify({ ...route('nat'), metadata: { name: 'nat', annotations: { at: String(at) } } }),
      );
    }
    let last = 0;
    for (let at = 0; at < 2_000; at += 1) {
      const event = await watch.next();
      const version = Number(event?.object.metadata.resourceVersion);
      if (event?.type !== 'MODIFIED' || version <= last)
        throw new Error(`event ${at}: ${event?.type} ${version}`);
      last = version;
    }
    expect(last).toBeGreaterThan(2_000);
  });
});
