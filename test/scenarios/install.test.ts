import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DotLocal, writeDotLocal } from '../../infra/local/dot-local.ts';
import { administrator, tenant } from '../../infra/local/people.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** `npm run install:cluster`, as a person runs it against a cluster that already serves addresses. */

const main = fileURLToPath(new URL('../../infra/cli/install-cluster.ts', import.meta.url));
let stage: Stage;
let local: DotLocal;

beforeEach(async () => {
  stage = await Stage.open();
  local = await writeDotLocal(stage.cloud, mkdtempSync(join(tmpdir(), 'install-')));
  stage.reserve('34.1.2.3');
});
afterEach(async () => {
  local.remove();
  await stage.close();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const all = [main, '--kubeconfig', local.kubeconfig, ...args];
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(process.execPath, all, { timeout: 60_000, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
const as = (context: string, ...more: readonly string[]) => run('--context', context, ...more);
const install = (...more: readonly string[]) =>
  as(administrator, '--service-account', stage.cloud.serviceAccount, ...more);

it('installs, finds nothing to do again, takes everything out, and serves routes after a second install', async () => {
  expect(await install('--yes')).toMatchObject({ code: 0, err: '' });
  expect((await install()).out).toContain('Nothing to do.');

  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  const refused = await as(administrator, '--uninstall', '--yes');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('edge/nat') });
  expect(refused.err).toContain('edge/pool');

  await stage.delete(paths.route('edge', 'nat'));
  await stage.gone(paths.route('edge', 'nat'));
  await stage.delete(paths.gateway('edge', 'pool'));
  await stage.gone(paths.gateway('edge', 'pool'));
  expect(await as(administrator, '--uninstall', '--yes')).toMatchObject({ code: 0, err: '' });
  const again = await install('--yes');
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toContain('create CustomResourceDefinition gkeiproutes.networking.gke.io');

  await stage.apply(gateway('pool', 'edge', ['34.1.2.3']), route('nat', 'edge', ['34.1.2.3']));
  await stage.ready('edge', 'nat', 'nat-1');
  // Five processes, each of which loads the Kubernetes client.
}, 120_000);

it('after it, the API server itself refuses what a condition would refuse later', async () => {
  await stage.apply(namespace('edge'));
  const create = (addresses: readonly object[], spec: object = {}) =>
    stage.admin.kubernetes('POST', paths.route('edge', '').slice(0, -1), {
      ...route('bad', 'edge', [], { ...spec, addresses }),
    });
  expect((await install('--yes')).code).toBe(0);
  const good = { type: 'gke.networking.io/cidr', value: '34.1.2.3/32' };
  // A policy counts some moments after it was made.
  await stage.refused(
    () => create([{ value: '34.1.2.3' }]),
    /34\.1\.2\.3 is not an IPv4 CIDR: write it with/,
  );
  await stage.refused(() => create(Array(17).fill(good)), /at most 16 addresses/);
  await stage.refused(() => create([good], { podSelector: {} }), /would select every Pod/);
  await create([good]);
  await stage.delete(paths.route('edge', 'bad'));
  await stage.gone(paths.route('edge', 'bad'));
});

it('an API server that asks for patience is asked again', async () => {
  stage.cloud.kubernetes.inject({
    match: { verb: 'patch', resource: 'clusterrolebindings' },
    answer: { code: 429, reason: 'TooManyRequests', message: 'storage is (re)initializing' },
  });
  const ran = await as(administrator, '--service-account', 'somebody@example.com', '--yes');
  expect(ran).toMatchObject({ code: 0, err: '' });
  const binding = await stage.admin.kubernetes(
    'GET',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/persistent-ip-functions',
  );
  expect(JSON.stringify(binding)).toContain('somebody@example.com');
});

it('--dry-run changes nothing', async () => {
  const { code, out } = await as(administrator, '--service-account', 'somebody@example.com', '--dry-run');
  expect(code).toBe(0);
  expect(out).toContain('update ClusterRoleBinding persistent-ip-functions');
  const binding = await stage.admin.kubernetes(
    'GET',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/persistent-ip-functions',
  );
  expect(JSON.stringify(binding)).not.toContain('somebody@example.com');
});

it.each([
  ['no context', [], 2, /name the cluster with --context; your kubeconfig has admin@example.com/],
  ['an unknown context', ['--context', 'x'], 2, /there is no context "x"/],
  ['no service account', ['--context', administrator], 2, /--service-account EMAIL/],
  ['no terminal to ask on', ['--context', administrator, '--service-account', 'a@b'], 2, /add --yes/],
])('%s is a clear error', async (_, args, code, words) => {
  expect(await run(...args)).toMatchObject({ code, err: expect.stringMatching(words) });
});

it('whoever may not install is told what is not allowed', async () => {
  const { code, err } = await as(tenant, '--service-account', 'a@b', '--yes');
  expect(code).toBe(1);
  expect(err).toMatch(/403: .*"tenant@example.com" cannot get/);
});
