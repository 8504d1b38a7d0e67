import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { freePort, startFunction } from '../../../infra/local/launch.ts';
import type { Image } from './image.ts';

export interface FirstEvent {
  /** From the start of the process to the end of its first answer, milliseconds. */
  readonly ms: number;
  /** Resident after that answer, and at most until then, MB of 1,000,000 bytes. */
  readonly residentMB: number;
  readonly peakMB: number;
}

export interface Launch {
  readonly image: Image;
  readonly name: string;
  /** Environment variables, given the function's own address. */
  readonly settings: (url: string) => Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the push. */
  readonly body: object;
}

/** Milliseconds between two tries to get in. */
const patience = 3;

const megabytes = (pid: number, field: 'VmRSS' | 'VmHWM'): number => {
  const kibibytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
};

/** @throws Error with what the process wrote, when it ends */
const pushed = async (
  url: string,
  launch: Launch,
  child: ChildProcess,
  written: string[],
): Promise<number> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${launch.name} ended:\n${written.join('')}`);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...launch.headers },
        body: JSON.stringify(launch.body),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      await setTimeout(patience);
    }
  }
};

/** Starts a function in a fresh copy of its image and pushes one event to it. @throws Error when it is not acknowledged */
export const firstEvent = async (launch: Launch): Promise<FirstEvent> => {
  const { image, name, settings } = launch;
  image.refresh();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const written: string[] = [];
  const began = performance.now();
  const child = startFunction({ folder: image.folder, name, port, settings: settings(url) });
  child.stdout?.on('data', (text) => written.push(String(text)));
  child.stderr?.on('data', (text) => written.push(String(text)));
  try {
    const status = await pushed(url, launch, child, written);
    const ms = performance.now() - began;
    if (status !== 204) throw new Error(`${name} answered ${status}:\n${written.join('')}`);
    const pid = child.pid ?? 0;
    return { ms, residentMB: megabytes(pid, 'VmRSS'), peakMB: megabytes(pid, 'VmHWM') };
  } finally {
    const exit = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await exit;
  }
};
