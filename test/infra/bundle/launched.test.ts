import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ConfigInput } from '../../../functions/config.ts';
import { makeBundle } from '../../../infra/bundle/bundle.ts';
import { load } from '../../../infra/bundle/loader/load.ts';
import { smoke } from '../../../infra/deploy/smoke.ts';
import { launch } from '../../../infra/local/launch.ts';
import { gateway, namespace, paths, pod, route } from '../../scenarios/objects.ts';
import { Stage } from '../../scenarios/stage.ts';

let folder: string;
let stage: Stage;
let rehearsal: string;
const said: string[] = [];

/** What the platform's build does with an archive: unpack, `npm ci` without development dependencies, `gcp-build`. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-'));
  const { archive } = await makeBundle();
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const options = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', ['ci', ...options], { cwd: folder });
  rehearsal = (await promisify(execFile)('npm', ['run', 'gcp-build'], { cwd: folder })).stdout;
  stage = await Stage.open({
    deploy: (deployment) =>
      launch({ folder })({ ...deployment, config: (urls) => configured(deployment.config(urls)) }),
    log: (severity, message, fields) => said.push(`${severity} ${message} ${JSON.stringify(fields ?? {})}`),
  });
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

/** As Terraform writes it, where Cloud Run checks the signatures of tokens; but one function is not configured. */
const configured = (config: ConfigInput): ConfigInput => {
  const { 'on-compute-event': _, ...audiences } = config.push.audiences;
  return { ...config, push: { ...config.push, audiences, platformAuthenticates: true } };
};

const push = (name: 'on-cluster-event' | 'on-compute-event', token?: string): Promise<Response> =>
  fetch(stage.cloud.deployment.urls[name], {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: '{}',
  });

it('the build rehearses first events, and what V8 compiled for them is in the image and taken', () => {
  expect(rehearsal).toMatch(/^rehearsal: functions\.onClusterEvent\.cache has \d+ bytes, after \d+ calls$/m);
  expect(rehearsal).toMatch(/^rehearsal: functions\.reconcile\.cache has \d+ bytes, after \d+ calls$/m);
  expect(rehearsal).not.toMatch(/answer|because of|not done/);
  expect(load(folder, 'reconcile').cache).toBe('used');
  expect(said.filter((line) => line.includes('compiles the functions anew'))).toEqual([]);
});

it('the archive, started as the platform starts it, allocates an address, moves it and releases it', async () => {
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
  );
  await stage.apply(pod('nat-1', 'edge', { node: 'gke-local-pool-1' }));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-3' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  await stage.delete(paths.route('edge', 'nat'));
  await stage.gone(paths.route('edge', 'nat'));
  expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'move', 'release']);
  expect(await stage.names(`/regions/${stage.cloud.region}/forwardingRules`)).toEqual([]);
  expect(await stage.names(`/regions/${stage.cloud.region}/backendServices`)).toEqual([]);
  expect(await stage.names('/global/firewalls')).toEqual([]);
  // Deletions are events of Compute, and one function is not configured.
  expect(said.filter((line) => !/^INFO|on-compute-event/.test(line))).toEqual([]);
});

it('nobody gets in without a token, and with one whose signature the platform has checked and removed', async () => {
  const { sign, deployment } = stage.cloud;
  const audience = deployment.urls['on-cluster-event'];
  const signed = await sign({ audience, email: stage.cloud.pushIdentity });
  const stripped = `${signed.split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED_BY_GOOGLE`;
  const another = await sign({ audience: 'https://example.com', email: stage.cloud.pushIdentity });
  const statuses = [undefined, another, stripped].map(
    async (token) => (await push('on-cluster-event', token)).status,
  );
  expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
});

it('the check after a deployment reads the inventory, as somebody who may', async () => {
  const { sign, deployment } = stage.cloud;
  const read: string[] = [];
  await smoke({
    url: deployment.urls.inventory,
    token: () => sign({ audience: deployment.urls.inventory, email: 'deploy@example.com' }),
    sleep: () => Promise.reject(new Error('it answers at once')),
    say: (text) => read.push(text),
  });
  expect(read).toEqual([expect.stringContaining('/v1/pools'), expect.stringContaining('/v1/routes')]);
});

it('a fault is told with the names of our own files', async () => {
  expect((await push('on-compute-event')).status).toBe(500);
  await vi.waitFor(() => expect(said.join('\n')).toMatch(/names no audience.*functions\/connect\.ts:\d+/s));
});
