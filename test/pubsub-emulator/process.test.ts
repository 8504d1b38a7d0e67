import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from './emulator.ts';

/** A connection to the Java process: it closes when that process ends, and not before. */
const watch = async (
  url: string,
): Promise<{ readonly socket: Socket; readonly closed: Promise<unknown> }> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return { socket, closed: once(socket.resume(), 'close') };
};

test('an emulator that is stopped is gone with its Java child', async () => {
  const { url, stop } = await startEmulator();
  const { closed } = await watch(url);
  await stop();
  await closed;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('an emulator that has written more than a pipe holds still answers', async () => {
  const { url, stop } = await startEmulator();
  onTestFinished(stop);
  const name = (at: number) => `projects/local-project/topics/topic-${at}`;
  const headers = { 'content-type': 'application/json' };
  const create = (at: number) => fetch(`${url}/v1/${name(at)}`, { method: 'PUT', headers, body: '{}' });
  for (let at = 0; at < 400; at += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, one) => create(at + one)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
  }
});

test('an emulator ends with the process that started it, even if that one is killed', async () => {
  const script = `
    import { startEmulator } from '${join(import.meta.dirname, 'emulator.ts')}';
    console.log((await startEmulator()).url);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
  const { closed } = await watch(url);
  starter.kill('SIGKILL');
  await closed;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
