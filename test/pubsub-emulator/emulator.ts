import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { listen } from '../../infra/local/listen.ts';
import { gcloudEnvironment } from '../gcloud.ts';

/** The official Pub/Sub emulator, in processes of its own. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends it and its Java child, and resolves when both are gone. */
  stop(): Promise<void>;
}

const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** Why the emulator cannot be started here and what to do about it, or `undefined`. */
export const whyNot = (): string | undefined => {
  if (!runs('java', '-version')) return 'there is no Java (Debian: apt-get install default-jre-headless)';
  if (!runs('gcloud', 'version'))
    return 'there is no gcloud (https://cloud.google.com/sdk/docs/install, then the component pubsub-emulator)';
  return undefined;
};

/**
 * Runs a command in a process group of its own until standard input ends, as it does however the process at the
 * pipe's other end ends; then ends the group and waits until it is gone.
 */
const untilInputEnds = `
set -m
"$@" </dev/null &
exec >/dev/null 2>&1
cat
kill -TERM -- -$!
for _ in {1..100}; do
  kill -0 -- -$! || exit 0
  sleep 0.05
done
kill -KILL -- -$!`;

const patienceMs = 90_000;
const serving = /Server started, listening on \d+$/;
/** Its main thread is over; its process and gcloud live on. */
const failing = /^\[pubsub\] Exception in thread "main"/;
const portTaken = /BindException/;

/**
 * Resolves when it serves, and reads on: it writes ten lines a request, and a full pipe would stop it.
 * @throws Error with the end of its output when it fails, ends or takes too long
 */
const untilServing = (output: Readable): Promise<void> =>
  new Promise((resolve, reject) => {
    const tail: string[] = [];
    const fail = (): void =>
      reject(new Error(`the Pub/Sub emulator did not start. Its last words:\n${tail.join('\n')}`));
    const timer = setTimeout(fail, patienceMs);
    createInterface({ input: output })
      .on('line', (line) => {
        tail.push(line);
        tail.splice(0, tail.length - 25);
        if (serving.test(line)) resolve();
        if (failing.test(line)) fail();
        if (serving.test(line) || failing.test(line)) clearTimeout(timer);
      })
      .on('close', () => {
        clearTimeout(timer);
        fail();
      });
  });

const freePort = async (): Promise<number> => {
  const { port, close } = await listen(() => {});
  await close();
  return port;
};

/**
 * Starts it on a free port of the loopback interface. It does not say which port it chose if it may choose, so
 * another one is tried when somebody else was quicker.
 * @throws Error with the end of its output when it does not serve
 */
export const startEmulator = async (tries = 3): Promise<Emulator> => {
  const directory = await mkdtemp(join(tmpdir(), 'pubsub-emulator-'));
  const port = await freePort();
  const command = ['gcloud', 'beta', 'emulators', 'pubsub', 'start'];
  const flags = [`--host-port=127.0.0.1:${port}`, `--data-dir=${directory}`];
  const { stdin, stderr, gone } = supervise([...command, ...flags], directory);
  const stop = async (): Promise<void> => {
    stdin.end();
    await gone;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilServing(stderr);
  } catch (error) {
    await stop();
    if (tries > 1 && error instanceof Error && portTaken.test(error.message)) return startEmulator(tries - 1);
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, stop };
};

const supervise = (command: readonly string[], configuration: string) => {
  // Detached: a Ctrl-C for this process group ends the emulator by the pipe, after this process.
  const child = spawn('bash', ['-c', untilInputEnds, 'bash', ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: gcloudEnvironment(configuration),
  });
  return { stdin: child.stdin, stderr: child.stderr, gone: once(child, 'exit') };
};
