import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy } from '../../../infra/deploy/deploy.ts';
import { smoke } from '../../../infra/deploy/smoke.ts';
import type { Terraform } from '../../../infra/terraform/program.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Terraform as a list of what it was asked; the command `failing` ends with an error. */
const recorded = (failing?: string) => {
  const asked: string[] = [];
  const terraform: Terraform = (_, ...args) => {
    asked.push(args.filter((arg) => arg !== '-no-color' && arg !== '-input=false').join(' '));
    return { good: args[0] !== failing, output: `${args[0]}\n` };
  };
  return { asked, terraform };
};
const options = (action: 'validate' | 'plan' | 'apply', terraform: Terraform) => ({
  action,
  settings: join(root, 'infra/deploy/example.json'),
  folder,
  archive: join(folder, '../functions.zip'),
  terraform,
  say: () => {},
});
const written = async () => JSON.parse(await readFile(join(folder, 'main.tf.json'), 'utf8'));

/** A program of infra/deploy: its exit code, and all that it says. */
const program =
  (file: string) =>
  (...args: readonly string[]) =>
    new Promise<[number, string]>((resolve) => {
      execFile(process.execPath, [join(root, 'infra/deploy', file), ...args], (error, out, err) =>
        resolve([typeof error?.code === 'number' ? error.code : 0, out + err]),
      );
    });

describe('deploy', () => {
  it('plans with the state in its bucket, without a lock, and changes nothing', async () => {
    const { asked, terraform } = recorded();
    deploy({ ...options('plan', terraform), stateBucket: 'state' });
    expect(asked).toEqual(['init', 'plan -lock=false -out=plan.tfplan']);
    expect(await written()).toMatchObject({
      terraform: { backend: { gcs: { bucket: 'state', prefix: 'persistent-ip' } } },
      module: { persistent_ip: { project: 'my-project', source_archive: '../functions.zip' } },
    });
  });

  it('applies the plan that it has shown, and no other', () => {
    const { asked, terraform } = recorded();
    deploy({ ...options('apply', terraform), stateBucket: 'state' });
    expect(asked).toEqual(['init', 'plan -out=plan.tfplan', 'apply plan.tfplan']);
  });

  it('applies nothing when planning fails', () => {
    const { asked, terraform } = recorded('plan');
    expect(() => deploy({ ...options('apply', terraform), stateBucket: 'state' })).toThrow(
      'apply was not done',
    );
    expect(asked).toEqual(['init', 'plan -out=plan.tfplan']);
  });

  it('validates without a state, and installs the provider only where it is missing', async () => {
    const { asked, terraform } = recorded();
    deploy(options('validate', terraform));
    expect(asked).toEqual(['get', 'validate']);
    expect(await written()).not.toHaveProperty('terraform');
    const fresh: string[] = [];
    deploy(
      options('validate', (_, ...args) => {
        fresh.push(args[0] ?? '');
        const good = args[0] !== 'validate' || fresh.includes('init');
        return { good, output: good ? '' : 'Error: Missing required provider' };
      }),
    );
    expect(fresh).toEqual(['get', 'validate', 'init', 'validate']);
  });

  it('says what is missing or malformed', async () => {
    const { terraform } = recorded();
    expect(() => deploy(options('plan', terraform))).toThrow('needs the bucket of the state');
    const settings = join(folder, 'settings.json');
    expect(() => deploy({ ...options('validate', terraform), settings })).toThrow(
      'cannot be read: --settings',
    );
    await writeFile(settings, '{');
    expect(() => deploy({ ...options('validate', terraform), settings })).toThrow('no JSON');
    await writeFile(settings, '{"project": "p"}');
    expect(() => deploy({ ...options('validate', terraform), settings })).toThrow('no project and region');
  });

  it('its command line says what it takes', async () => {
    const run = program('main.ts');
    expect(await run('--help')).toEqual([0, expect.stringContaining('--state-bucket')]);
    expect(await run('destroy', '--settings', 'x')).toEqual([2, expect.stringContaining('ACTION must be')]);
    expect(await run('plan', '--what')).toEqual([2, expect.stringContaining("'--what'")]);
  });
});

describe('smoke', () => {
  const serve = async (statuses: number[]) => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json' }).end('{"items":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pauses: number[] = [];
    const said: string[] = [];
    const run = smoke({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: () => Promise.resolve('t'),
      sleep: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      say: (text) => said.push(text),
    }).finally(() => server.close());
    return { run, seen, pauses, said };
  };

  it('reads pools and routes as somebody who may, again after a cold start', async () => {
    const { run, seen, pauses, said } = await serve([503]);
    await run;
    expect(seen).toEqual(['/v1/pools Bearer t', '/v1/pools Bearer t', '/v1/routes Bearer t']);
    expect(pauses).toEqual([2000]);
    expect(said).toHaveLength(2);
  });

  it('says whose token it needs when there is none', async () => {
    await expect(
      smoke({
        url: 'http://127.0.0.1:1',
        token: () => Promise.reject(new Error('no credentials')),
        sleep: () => Promise.resolve(),
        say: () => {},
      }),
    ).rejects.toThrow(/no identity token for .* \(no credentials\): run it as a service account/);
  });

  it('its command line refuses what is no URL, and without one reads nothing', async () => {
    const run = program('smoke-main.ts');
    expect(await run('inventory')).toEqual([2, expect.stringContaining('inventory is no URL')]);
    expect(await run('')).toEqual([0, expect.stringContaining('skipped')]);
  });

  it('fails with the answer when it stays so', async () => {
    const { run } = await serve(Array.from({ length: 6 }, () => 403));
    await expect(run).rejects.toThrow('GET /v1/pools: 403');
  });
});
