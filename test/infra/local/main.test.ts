import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tours } from '../../../infra/local/tour/tours.ts';

const main = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url));

/** `npm start -- ARGS`, to its end. */
const start = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });

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

  it('a busy port is a clear error', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, err } = await start('--once', '--port', String(port));
    server.close();
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`port ${port} is busy`));
  });
});
