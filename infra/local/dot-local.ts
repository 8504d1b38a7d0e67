import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCloud } from './cloud.ts';
import { type KubeconfigUser, kubeconfigOf } from './kubernetes/index.ts';
import { administrator, tenant } from './people.ts';

/** What a second terminal needs: written when the local cloud is up, removed when it ends. */
export interface DotLocal {
  /** The file to `source`. */
  readonly env: string;
  readonly kubeconfig: string;
  remove(): void;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/**
 * The settings that point gcloud at the local Compute API, and nowhere else.
 * @param tokenFile holds the token of whom gcloud is; without one it sends none, and is the administrator
 */
export const gcloudSettings = (
  cloud: Pick<LocalCloud, 'compute' | 'project' | 'region'>,
  folder: string,
  tokenFile?: string,
) => ({
  CLOUDSDK_CONFIG: join(folder, 'gcloud'),
  CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${cloud.compute.url}/compute/v1/`,
  ...(tokenFile === undefined
    ? { CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true' }
    : { CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'false', CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: tokenFile }),
  CLOUDSDK_CORE_PROJECT: cloud.project,
  CLOUDSDK_COMPUTE_REGION: cloud.region,
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  // Not even a look whether this machine is a VM of Google's.
  CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
});

const write = (file: string, text: string): string => {
  // Whoever reads it can act as its user, for as long as this cloud is up.
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

const writeEnv = (folder: string, settings: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return write(join(folder, 'env'), lines.join(''));
};

/**
 * Writes `kubeconfig` and `env` into `folder`: a context for the administrator (the current one), the tenant, the
 * functions and each node, by their user names. In `tenant/` are the same for a shell whose kubectl and gcloud are
 * the tenant.
 */
export const writeDotLocal = async (cloud: LocalCloud, folder: string): Promise<DotLocal> => {
  const door = await cloud.kubernetes.openHttps();
  const theTenant = { name: tenant, namespace: 'tenant' };
  const users: KubeconfigUser[] = [
    { name: administrator, groups: ['system:masters'] },
    theTenant,
    cloud.serviceAccount,
    ...cloud.vms.map(({ name }) => ({ name: `system:node:${name}`, groups: ['system:nodes'] })),
  ];
  const own = join(folder, 'tenant');
  mkdirSync(own, { recursive: true });
  const kubeconfig = write(join(folder, 'kubeconfig'), kubeconfigOf(door, users));
  const env = writeEnv(folder, { KUBECONFIG: kubeconfig, ...gcloudSettings(cloud, folder) });
  const token = write(join(own, 'token'), cloud.identities.tokenOf(tenant));
  writeEnv(own, {
    KUBECONFIG: write(join(own, 'kubeconfig'), kubeconfigOf(door, [theTenant])),
    ...gcloudSettings(cloud, own, token),
  });
  return { env, kubeconfig, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
