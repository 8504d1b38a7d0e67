import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sendOnce } from '../../../functions/google-cloud/call-options.ts';
import { computeClients } from '../../../functions/google-cloud/compute-clients.ts';
import { restOptions } from '../../../functions/google-cloud/rest-options.ts';
import { compute, failureOf, tokens } from './setup.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Whatever is on its way has come, and the clock has gone on. */
const pass = async (ms: number): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

/** A server that takes a request and says nothing; the connection breaks when the caller gives up. */
const silence = () => {
  let asked = 0;
  vi.stubGlobal('fetch', (_url: string, { signal }: RequestInit) => {
    asked += 1;
    return new Promise((_, reject) => {
      const giveUp = () => reject(signal?.reason);
      if (signal?.aborted) giveUp();
      signal?.addEventListener('abort', giveUp);
    });
  });
  return { asked: () => asked };
};

it('a request that nobody answers is given up after ten seconds, and sent four times', async () => {
  const { asked } = silence();
  const { port } = compute([]);
  const failing = failureOf(port.backendService('b'));
  await pass(9_999);
  expect(asked()).toBe(1);
  await pass(1);
  expect(asked()).toBe(2);
  for (let more = 0; more < 3; more++) await pass(10_000);
  expect(await failing).toMatchObject({
    kind: 'retry',
    status: 0,
    code: 'noAnswer',
    message: 'no answer within 10 s',
  });
  expect(asked()).toBe(4);
});

it('an answer whose body does not end is given up as well', async () => {
  vi.stubGlobal('fetch', (_url: string, { signal }: RequestInit) => {
    const body = new ReadableStream({
      start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
    });
    return Promise.resolve(new Response(body));
  });
  const { port } = compute([]);
  const failing = failureOf(port.firewall('f'));
  for (let attempt = 0; attempt < 4; attempt++) await pass(10_000);
  expect(await failing).toMatchObject({ kind: 'retry', message: 'no answer within 10 s' });
});

it('an answered request is forgotten at once, however long it might have taken', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ items: [{ name: 'pip-1' }] })));
  const clients = computeClients(restOptions('prj', tokens));
  const ask = async () => {
    const [found] = await sendOnce((options) =>
      clients.forwardingRules().list({ project: 'prj', region: 'reg' }, { ...options, autoPaginate: false }),
    );
    expect(found).toMatchObject([{ name: 'pip-1' }]);
    return new WeakRef(found);
  };
  const answer = await ask();
  expect(vi.getTimerCount()).toBe(0);
  // A weak reference holds on to what was made in the same turn.
  await new Promise(setImmediate);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  expect(answer.deref()).toBeUndefined();
});
