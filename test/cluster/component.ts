import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

export interface ComponentOptions {
  readonly binary: string;
  readonly name: ComponentName;
  readonly flags: Readonly<Record<string, string>>;
  /** Of the whole control plane; its log is written there. */
  readonly directory: string;
  /** Whether it serves; asked again and again until it does. */
  readonly isReady: () => Promise<boolean>;
}

/** One process of the control plane. */
export interface Component {
  readonly pid: number;
  /** Resolves when it serves. @throws Error with the end of its log when it ends instead, or takes a minute */
  readonly ready: Promise<void>;
  /** Ends it, and resolves when it is gone. What it holds lives no longer than the test: nothing is asked to finish. */
  stop(): Promise<void>;
}

const patienceMs = 60_000;
const pauseMs = 50;
const tailLines = 25;

/** Starts a process that ends with this one, however this one ends: its standard input is a pipe from here. */
export const startComponent = (options: ComponentOptions): Component => {
  const { binary, name, flags, directory, isReady } = options;
  const child: ChildProcess = spawn(
    binary,
    [name, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, CONTROL_PLANE_DIRECTORY: directory } },
  );
  const tail: string[] = [];
  const file = createWriteStream(join(directory, `${name}.log`));
  const keep = (chunk: Buffer): void => {
    file.write(chunk);
    tail.push(...chunk.toString().split('\n').filter(Boolean));
    tail.splice(0, tail.length - tailLines);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.stdin?.on('error', () => {});
  let serving = false;
  let over: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      over = error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      over = `ended with ${signal ?? code}`;
      file.end();
      // A control plane without one of its parts makes no sense of any test: whoever reads the output must know.
      if (serving) process.stderr.write(`${name} ${over}\n${tail.join('\n')}\n`);
      resolve();
    });
  });
  const failure = (what: string): Error => new Error(`${name} ${what}. Its last words:\n${tail.join('\n')}`);
  const wait = async (): Promise<void> => {
    const until = Date.now() + patienceMs;
    while (!(await isReady())) {
      if (over !== undefined) throw failure(over);
      if (Date.now() > until) throw failure('was not ready within a minute');
      await pause(pauseMs);
    }
    serving = true;
  };
  const ready = wait();
  // Whoever starts several awaits one after the other.
  ready.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready,
    stop: () => {
      serving = false;
      child.kill('SIGKILL');
      return ended;
    },
  };
};
