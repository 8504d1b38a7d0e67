import { expect, test } from 'vitest';
import { type ReconcileRequest, serialiseReconcileRequest } from '../../events/reconcile-request.ts';
import { createRequests } from '../../functions/google-cloud/requests.ts';
import { systemRuntime } from '../../functions/system-runtime.ts';
import { emulator, publish, startPushing } from './bench.ts';

const ordered = { enableMessageOrdering: true };
const ofKey = (key: string, names: readonly string[]) => names.filter((name) => name.startsWith(`${key}/`));

test('the messages of a key come in the order in which they were published', async () => {
  const { topic, names, arrived } = await startPushing(() => 204, ordered);
  const sent = ['a', 'b'].flatMap((key) => Array.from({ length: 20 }, (_, at) => `${key}/${at}`));
  await publish(topic, ...sent);
  await Promise.all([arrived('a/19'), arrived('b/19')]);
  expect(ofKey('a', names())).toEqual(ofKey('a', sent));
  expect(ofKey('b', names())).toEqual(ofKey('b', sent));
});

test('a message that is not acknowledged comes again and holds back its key, and no other', async () => {
  const { topic, names, arrived } = await startPushing(
    (name, attempt) => (name === 'a/1' && attempt < 3 ? 503 : 204),
    ordered,
  );
  await publish(topic, 'a/1', 'a/2', 'a/3', 'b/1', 'b/2');
  await Promise.all([arrived('a/3'), arrived('b/2')]);
  expect(ofKey('a', names())).toEqual(['a/1', 'a/1', 'a/1', 'a/2', 'a/3']);
  expect(names().indexOf('b/2')).toBeLessThan(names().indexOf('a/1', names().indexOf('a/1') + 1));
});

test('without order, a message that is not acknowledged comes again and holds back nothing', async () => {
  const { topic, names, arrived } = await startPushing((name, attempt) =>
    name === 'a/1' && attempt < 2 ? 500 : 204,
  );
  await publish(topic, 'a/1', 'a/2');
  await arrived('a/1', 2);
  expect(names()).toHaveLength(3);
  expect(names().at(-1)).toBe('a/1');
});

const request = (name: string): ReconcileRequest => ({
  cluster: { project: 'prj', location: 'reg', name: 'c1' },
  kind: 'route',
  namespace: 'edge',
  name,
  cause: { insertId: 'i', method: 'm', principal: 'p', at: '2026-01-01T00:00:00Z' },
});

test('the functions’ own client publishes over REST, and each request waits for the one before of its object', async () => {
  const data = (name: string, uid: string) => serialiseReconcileRequest({ ...request(name), uid });
  const { topic, names, arrived } = await startPushing(
    (name, attempt) => (name === data('slow', '1') && attempt === 1 ? 503 : 204),
    ordered,
  );
  const tokens = { token: () => Promise.resolve('anything') };
  const options = { project: 'local-project', topic, region: 'us-central1', endpoint: emulator };
  const port = createRequests({ ...options, tokens, ...systemRuntime });
  await port.publish([
    { ...request('slow'), uid: '1' },
    { ...request('quick'), uid: '1' },
  ]);
  await port.publish([{ ...request('slow'), uid: '2' }]);
  await Promise.all([arrived(data('slow', '2')), arrived(data('quick', '1'))]);
  expect(names().filter((name) => name.includes('"slow"'))).toEqual(
    ['1', '1', '2'].map((uid) => data('slow', uid)),
  );
});
