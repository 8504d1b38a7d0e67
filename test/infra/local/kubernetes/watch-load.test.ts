import { afterEach, expect, it } from 'vitest';
import { Api, type WatchReader } from './api.ts';

let api: Api;
afterEach(() => api.close());

const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const write = (text: string): void => {
  const metadata = { name: 'one', annotations: { text } };
  api.kubernetes.apply(JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata }));
};

/** The versions that a watch tells until it breaks. */
const versionsUntilCut = async (watch: WatchReader): Promise<string[]> => {
  const versions: string[] = [];
  try {
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
      versions.push(event.object.metadata.resourceVersion);
    }
  } catch (error) {
    // What undici says of a connection that the server ended.
    if (!(error instanceof TypeError)) throw error;
  }
  return versions;
};

it('a watch tells 10,000 changes in order, each once', async () => {
  api = await Api.start();
  const watch = await api.watch(leases);
  for (let change = 0; change < 10_000; change += 1) write(String(change));
  const texts: unknown[] = [];
  while (texts.length < 10_000) texts.push((await watch.next())?.object.metadata.annotations);
  expect(texts).toEqual(Array.from({ length: 10_000 }, (_, change) => ({ text: String(change) })));
  watch.stop();
});

it('a watch that nobody reads is cut off; it comes back to 410, lists, and goes on', async () => {
  api = await Api.start({ watchWindow: 20 });
  const slow = await api.watch(leases);
  for (let change = 0; change < 200; change += 1) write(`${change} ${'x'.repeat(200_000)}`);
  const versions = await versionsUntilCut(slow);
  expect(versions.length).toBeLessThan(200);
  const again = await api.watch(`${leases}?resourceVersion=${versions.at(-1) ?? '1'}`);
  expect((await again.next())?.object).toMatchObject({ code: 410, reason: 'Expired' });
  const { body } = await api.get(leases);
  const caughtUp = await api.watch(`${leases}?resourceVersion=${body.metadata.resourceVersion}`);
  write('the latest');
  expect((await caughtUp.next())?.object.metadata.annotations).toEqual({ text: 'the latest' });
  caughtUp.stop();
});
