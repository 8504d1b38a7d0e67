import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../infra/local/kubernetes/object.ts';
import { Api, type WatchReader } from './api.ts';

let api: Api;
afterEach(() => api.close());

const namespaces = '/api/v1/namespaces';
const versionOf = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion);

/** The last event that could be read before the connection broke or ended. */
const readAll = async (watch: WatchReader): Promise<number> => {
  let last = 0;
  try {
    for (let event = await watch.next(); event !== undefined; event = await watch.next())
      last = versionOf(event.object);
  } catch {
    // Cut off in the middle of an event: what came before it counts.
  }
  return last;
};

describe('a watch', () => {
  it('survives 10,000 events, each once and in the order of their versions', async () => {
    api = await Api.start();
    const names = Array.from({ length: 50 }, (_, at) => `ns-${at}`);
    for (const name of names)
      await api.post(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const { metadata } = (await api.get<{ metadata: { resourceVersion: string } }>(namespaces)).body;
    const watch = await api.watch(`${namespaces}?resourceVersion=${metadata.resourceVersion}`);
    const writing = (async () => {
      for (let round = 0; round < 200; round += 1)
        await Promise.all(
          names.map((name) =>
            api.merge(`${namespaces}/${name}`, { metadata: { labels: { round: `r${round}` } } }),
          ),
        );
    })();
    let last = Number(metadata.resourceVersion);
    for (let seen = 0; seen < 10_000; seen += 1) {
      const event = await watch.next();
      expect(event?.type).toBe('MODIFIED');
      const version = versionOf(event!.object);
      expect(version).toBeGreaterThan(last);
      last = version;
    }
    await writing;
    watch.stop();
  }, 120_000);

  it('that does not read is cut off, is told 410 when it comes back, and recovers by a new list', async () => {
    api = await Api.start({ watchWindow: 20 });
    const path = `${namespaces}/big`;
    const big = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'big' } };
    const started = versionOf((await api.post(namespaces, big)).body);
    const slow = await api.watch(`${namespaces}?resourceVersion=${started}`);
    const text = 'x'.repeat(200_000);
    for (let at = 0; at < 200; at += 1)
      await api.merge(path, { metadata: { annotations: { at: `${at}`, text } } });
    const last = await readAll(slow);
    const present = versionOf((await api.get(path)).body);
    expect(last).toBeLessThan(present);
    const back = await api.watch(`${namespaces}?resourceVersion=${Math.max(last, started)}`);
    const refusal = await back.next();
    expect([refusal?.type, refusal?.object.code]).toEqual(['ERROR', 410]);
    const list = (
      await api.get<{ metadata: { resourceVersion: string }; items: readonly KubeObject[] }>(namespaces)
    ).body;
    const again = await api.watch(`${namespaces}?resourceVersion=${list.metadata.resourceVersion}`);
    await api.merge(path, { metadata: { labels: { after: 'all' }, annotations: { text: null } } });
    expect((await again.next())?.object.metadata.labels).toMatchObject({ after: 'all' });
    again.stop();
  }, 120_000);
});
