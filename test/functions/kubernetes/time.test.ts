import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onlyPlannedAnswers } from '../wire.ts';
import { cluster, failureOf, rawRoute } from './setup.ts';

onlyPlannedAnswers();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('no answer of the API server within 15 s is no knowledge, and is worth another try', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(
    (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      }),
  );
  const failed = failureOf(cluster([]).port.route('edge', 'nat'));
  await vi.advanceTimersByTimeAsync(14_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await failed).toMatchObject({ kind: 'retry', message: 'no answer within 15 s' });
});

it('a body that stays away is no answer either', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
    const body = new ReadableStream({
      start: (stream) => {
        init?.signal?.addEventListener('abort', () => stream.error(init.signal?.reason));
      },
    });
    return Promise.resolve(new Response(body));
  });
  const failed = failureOf(cluster([]).port.route('edge', 'nat'));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await failed).toMatchObject({ kind: 'retry', message: 'no answer within 15 s' });
});

it('an answer leaves no clock behind, which would keep the request for 15 s', async () => {
  const text = JSON.stringify(rawRoute);
  const headers = { 'content-type': 'application/json' };
  vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(new Response(text, { headers })));
  expect(await cluster([]).port.route('edge', 'nat')).toBeDefined();
  expect(vi.getTimerCount()).toBe(0);
});
