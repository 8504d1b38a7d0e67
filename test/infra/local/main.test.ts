import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../infra/local/owner.ts';
import { tours } from '../../../infra/local/tour/tours.ts';

const main = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url));

/** `npm start -- ARGS`, to its end. */
const startIn = (
  cwd: string | undefined,
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { timeout: 60_000, cwd }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
const start = (...args: readonly string[]) => startIn(undefined, ...args);

const listen = async (port: number): Promise<Server> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/** A server on a port of which the next three are free: `npm start` takes four in a row and names one that is not. */
const busyBeforeFree = async (): Promise<Server> => {
  for (let tries = 0; tries < 50; tries += 1) {
    const server = await listen(0);
    const { port } = server.address() as AddressInfo;
    const next = await Promise.allSettled([1, 2, 3].map((offset) => listen(port + offset)));
    const free = next.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const one of free) one.close();
    await Promise.all(free.map((one) => once(one, 'close')));
    if (free.length === 3) return server;
    server.close();
  }
  throw new Error('no four ports in a row, of which three are free');
};

describe('npm start', () => {
  it('--help says what it takes', async () => {
    const { code, out } = await start('--help');
    expect(code).toBe(0);
    for (const option of ['--once', '--port', '--nodes', '--zones', '--no-tour'])
      expect(out).toContain(option);
  });

  it.each([
    ['an option that does not exist', ['--what'], /--what/],
    ['a tour that does not exist', ['--tour', 'x'], /--tour x: there is no such tour; there are main, /],
    ['a number that is none', ['--nodes', 'many'], /--nodes many is no whole number from 1 to 100/],
    ['a number out of range', ['--zones', '4'], /--zones 4 is no whole number from 1 to 3/],
  ])('%s is a clear error', async (_, args, message) => {
    const { code, err } = await start(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('--tour list names the tours', async () => {
    const { code, out } = await start('--tour', 'list');
    expect(code).toBe(0);
    for (const { name } of tours) expect(out).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  });

  it('does not take .local away from one that runs in the same folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'second-start-'));
    await mkdir(join(folder, '.local'));
    const pid = join(folder, '.local/pid');
    await writeFile(pid, String(process.pid));
    const { code, err } = await startIn(folder, '--no-tour');
    expect(code).toBe(2);
    expect(err).toContain(`another npm start (process ${process.pid}) runs in this folder`);
    expect(await readFile(pid, 'utf8')).toBe(String(process.pid));
    await rm(folder, { recursive: true });
  });

  it('a folder is nobody’s when the process that wrote it has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'left-'));
    await writeFile(join(folder, 'pid'), '1073741823');
    expect(ownerOf(folder)).toBeUndefined();
    await writeFile(join(folder, 'pid'), 'no number');
    expect(ownerOf(folder)).toBeUndefined();
    await writeFile(join(folder, 'pid'), String(process.ppid));
    expect(ownerOf(folder)).toBe(process.ppid);
    await rm(folder, { recursive: true });
  });

  it('a busy port is a clear error', async () => {
    const server = await busyBeforeFree();
    const { port } = server.address() as AddressInfo;
    const { code, err } = await start('--once', '--port', String(port));
    server.close();
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`port ${port} is busy`));
  });
});
