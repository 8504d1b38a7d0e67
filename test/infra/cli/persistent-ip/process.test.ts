import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../../../../infra/cli/persistent-ip.js', import.meta.url));
const run = promisify(execFile);
const persistentIp = (...argv: readonly string[]) => run(process.execPath, [launcher, ...argv]);

describe('the program', () => {
  it('ends with an exit code and one line for a command line that means nothing', async () => {
    await expect(persistentIp('get', 'rutes')).rejects.toMatchObject({ code: 2, stdout: '' });
  });

  it('says its version', async () => {
    const { stdout } = await persistentIp('--version');
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says where it runs when it was installed as a package, where Node runs no TypeScript', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'installed-'));
    const copy = join(folder, 'node_modules/gke-persistent-ip/infra/cli/persistent-ip.js');
    await cp(launcher, copy);
    await writeFile(join(folder, 'node_modules/gke-persistent-ip/package.json'), '{"type": "module"}');
    await expect(run(process.execPath, [copy, '--help'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: persistent-ip runs in a clone of the repository.*\n$/),
    });
    await rm(folder, { recursive: true });
  });

  it.each(['zsh', 'bash', 'fish'])('writes a script that completes it in %s', async (shell) => {
    const { stdout } = await persistentIp('complete', shell);
    expect(stdout).toContain('persistent-ip complete --');
  });

  it('gives bash a script that bash accepts, and the words that may follow', async () => {
    const { stdout } = await persistentIp('complete', 'bash');
    await run('bash', ['-c', `${stdout}\ncomplete -p persistent-ip`]);
    expect((await persistentIp('complete', '--', 'get', '')).stdout).toMatch(
      /^routes\b.*\n^pools\b.*\n^addresses\b/m,
    );
    expect((await persistentIp('complete', '--', '')).stdout).toMatch(/^get\b[\s\S]*^doctor\b/m);
  });
});
