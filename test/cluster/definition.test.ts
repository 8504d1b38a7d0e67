import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../infra/local/clock.ts';
import type { CloudCluster } from '../../infra/local/cluster.ts';
import { Identities } from '../../infra/local/identities.ts';
import { kubeconfigOf } from '../../infra/local/kubernetes/index.ts';
import type { ControlPlane } from './control-plane.ts';
import { openDoor, startGke } from './real-cluster.ts';

/** The CRD on an API server that has never seen it. What it defaults and refuses, `differential` holds. */
const file = (path: string): string => fileURLToPath(new URL(`../../infra/${path}`, import.meta.url));
const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gkeiproutes.networking.gke.io';
const identities = new Identities();
let controlPlane: ControlPlane;
let cluster: CloudCluster;
let folder: string;

beforeAll(async () => {
  controlPlane = await startGke({ controllers: false });
  cluster = await openDoor(controlPlane, { clock: systemClock, identities });
  folder = await mkdtemp(join(tmpdir(), 'definition-'));
  const door = await cluster.openHttps();
  await writeFile(
    join(folder, 'kubeconfig'),
    kubeconfigOf(door, [{ name: 'admin', groups: ['system:masters'] }]),
  );
});
afterAll(async () => {
  await cluster?.close();
  await controlPlane?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Definition {
  readonly metadata: { readonly resourceVersion: string };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

const read = async (): Promise<Definition | undefined> => {
  const response = await fetch(cluster.url + definition, {
    headers: { authorization: `Bearer ${identities.tokenOf('admin', ['system:masters'])}` },
  });
  return response.ok ? ((await response.json()) as Definition) : undefined;
};

const install = (...more: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const main = file('cli/install-cluster.ts');
    const to = ['--kubeconfig', join(folder, 'kubeconfig'), '--context', 'admin'];
    const args = [main, ...to, '--service-account', 'f@example.com', '--yes', ...more];
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(process.execPath, args, { env }, (_, out, err) => resolve(out + err));
  });

it('the command installs it where there is none: structural, its names accepted, and served', async () => {
  expect(await read()).toBeUndefined();
  expect(await install()).toContain('create CustomResourceDefinition gkeiproutes.networking.gke.io');
  await cluster.apply(readFileSync(file('kubernetes/crds/gkeiproutes.yaml'), 'utf8'));
  const { conditions } = (await read())?.status ?? { conditions: [] };
  const told = Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
  expect(told).toMatchObject({ NamesAccepted: 'True', Established: 'True' });
  expect(told).not.toHaveProperty('NonStructuralSchema');
});

it('one that GKE installed is left exactly as it is, for it serves our routes as well', async () => {
  expect(await install('--uninstall')).toContain('delete CustomResourceDefinition');
  await expect.poll(read, { timeout: 20_000 }).toBeUndefined();
  const theirs = parse(readFileSync(file('kubernetes/crds/gkeiproutes.yaml'), 'utf8')) as {
    metadata: Record<string, unknown>;
  };
  await cluster.apply(
    JSON.stringify({
      ...theirs,
      metadata: {
        name: theirs.metadata.name,
        labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' },
        annotations: theirs.metadata.annotations,
      },
    }),
  );
  const before = await read();
  expect(await install()).toMatch(/leave\s+CustomResourceDefinition gkeiproutes\.networking\.gke\.io/);
  expect(await read()).toEqual(before);
  expect(await install('--uninstall')).not.toMatch(/delete\s+CustomResourceDefinition gkeiproutes/);
  expect(await read()).toEqual(before);
});
