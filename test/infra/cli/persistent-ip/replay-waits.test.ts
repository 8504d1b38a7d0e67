import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { replayDeadLetters } from '../../../../infra/cli/replay/dead-letters.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const queue = {
  queue: 'q',
  deadLetters: 'projects/p/subscriptions/q-dead-letters',
  topic: 'projects/p/topics/q',
};

const replay = () =>
  replayDeadLetters([queue], {
    project: 'p',
    tokens: { token: () => Promise.resolve('tok') },
    endpoint: 'https://pubsub.test',
    before: new Date(),
    dryRun: false,
    limit: 10,
  });

it('a pull that waits for letters for ten seconds has found that there are none', async () => {
  let asked = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  vi.stubGlobal('fetch', (_url: string, { signal }: RequestInit) => {
    asked();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  const replayed = replay();
  await arrived;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await replayed).toEqual([{ queue: 'q', letters: [] }]);
});

it('a connection that breaks is no empty queue', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
  await expect(replay()).rejects.toThrow('fetch failed');
});
