import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { builtControlPlane } from './build.ts';
import { startComponent } from './component.ts';

const program = `
  import { builtControlPlane } from '${import.meta.dirname}/build.ts';
  import { startControlPlane } from '${import.meta.dirname}/control-plane.ts';
  const { binary } = await builtControlPlane();
  const { directory, pids } = await startControlPlane(binary);
  console.log(JSON.stringify({ directory, pids }));
  process.stdin.resume();
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const startedBy = async (parent: ChildProcess): Promise<{ directory: string; pids: number[] }> => {
  const { stdout } = parent;
  if (stdout === null) throw new Error('a program without output');
  const [line] = (await once(createInterface(stdout), 'line')) as [string];
  return JSON.parse(line) as { directory: string; pids: number[] };
};

it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'no process and no file outlives whoever started them, though it ended by %s',
  async (signal) => {
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { directory, pids } = await startedBy(parent);
    expect(pids.filter(isAlive)).toHaveLength(4);
    expect(existsSync(directory)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    // They are nobody's children now: whether they are gone can only be asked.
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false);
  },
);

it('a part that does not start says why', async () => {
  const { binary } = await builtControlPlane();
  const directory = await mkdtemp(join(tmpdir(), 'etcd-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const etcd = startComponent({
    binary,
    name: 'etcd',
    flags: {
      'data-dir': '/dev/null/etcd',
      'listen-client-url': 'http://127.0.0.1',
      'listen-peer-url': 'x',
    },
    directory,
    isReady: () => Promise.resolve(false),
  });
  await expect(etcd.ready).rejects.toThrow(/etcd ended with 1\. Its last words:\n.*missing port in address/s);
});
