import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const page = readFileSync(file('docs/second-terminal.md'), 'utf8');

/** The page's shell blocks, each under the heading that it stands below. */
const blocks = [...page.matchAll(/^(#+ .*)$|^```sh\n([\s\S]*?)^```$/gm)].reduce<
  { title: string; script: string }[]
>((found, [, heading, script]) => {
  if (heading !== undefined) found.push({ title: heading.replace(/^#+ /, ''), script: '' });
  else if (script !== undefined) found.at(-1)!.script += script;
  return found;
}, []);

const missing = ['kubectl', 'gcloud'].filter(
  (tool) => spawnSync(tool, ['version', '--client']).error !== undefined,
);
if (missing.length > 0)
  process.stderr.write(
    `skipped: ${missing.join(' and ')} not installed, so docs/second-terminal.md was not tried\n`,
  );

describe.skipIf(missing.length > 0)('docs/second-terminal.md, run as it stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'second-terminal-'));
  let cloud: ChildProcess;
  let ended: Promise<unknown>;

  beforeAll(async () => {
    cloud = spawn(process.execPath, [file('infra/local/main.ts'), '--no-tour'], { cwd: folder });
    ended = once(cloud, 'exit');
    await new Promise<void>((resolve, reject) => {
      let out = '';
      cloud.stdout?.on('data', (data: Buffer) => {
        out += data.toString();
        if (out.includes('source .local/env')) resolve();
      });
      cloud.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${out}`)));
    });
  });
  afterAll(() => {
    cloud.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('every block does what it says, in the page’s order, in one shell', async () => {
    expect(blocks.filter(({ script }) => script !== '').length).toBeGreaterThan(5);
    const script = blocks
      .map(({ title, script: block }) => `echo '== ${title.replaceAll("'", '')}'\n${block}`)
      .join('\n');
    const shell = spawn('bash', ['-c', `set -euo pipefail\n${script}\necho '== done'`], {
      cwd: folder,
      env: { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
    });
    let out = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (data: Buffer) => {
        out += data.toString();
      });
    const [code] = (await once(shell, 'close')) as [number];
    expect(code, out).toBe(0);
    expect(out).toContain('== done');
    expect(out).toMatch(/nat +\d+\.\d+\.\d+\.\d+\/32 +nat-\S+ +True +ProgrammingComplete/);
    const at = 'projects/local-project/regions/us-central1/addresses';
    expect(out).toContain(`Required 'compute.addresses.create' permission for '${at}/theirs'`);
    expect(out).toContain(`Required 'compute.addresses.delete' permission for '${at}/mine'`);
    expect(out).toContain('No listener of Gateway edge/pool admits GKEIPRoutes of namespace tenant');
  }, 180_000);

  it('Ctrl-C ends at once and leaves nothing behind', async () => {
    expect(existsSync(join(folder, '.local', 'kubeconfig'))).toBe(true);
    cloud.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(folder, '.local'))).toBe(false);
  });
});
