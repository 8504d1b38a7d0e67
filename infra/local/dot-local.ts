import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { administrator } from './administrator.ts';
import type { LocalCloud } from './cloud.ts';
import { type KubeconfigUser, kubeconfigOf } from './kubernetes/index.ts';

/** The tenant of `manifests/tenant.yaml`. */
export const tenant = 'tenant@example.com';

/** What a second terminal needs: written when the local cloud is up, removed when it ends. */
export interface DotLocal {
  /** The file to `source`. */
  readonly env: string;
  readonly kubeconfig: string;
  remove(): void;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** The settings that point gcloud at the local Compute API, and nowhere else. */
export const gcloudSettings = (
  cloud: Pick<LocalCloud, 'compute' | 'project' | 'region'>,
  folder: string,
) => ({
  CLOUDSDK_CONFIG: join(folder, 'gcloud'),
  CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${cloud.compute.url}/compute/v1/`,
  CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
  CLOUDSDK_CORE_PROJECT: cloud.project,
  CLOUDSDK_COMPUTE_REGION: cloud.region,
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  // Not even a look whether this machine is a VM of Google's.
  CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
});

/**
 * Writes `kubeconfig` and `env` into `folder`: a context for the administrator (the current one), the tenant, the
 * functions and each node, by their user names.
 */
export const writeDotLocal = async (cloud: LocalCloud, folder: string): Promise<DotLocal> => {
  const door = await cloud.kubernetes.openHttps();
  const users: KubeconfigUser[] = [
    { name: administrator, groups: ['system:masters'] },
    { name: tenant, namespace: 'tenant' },
    cloud.serviceAccount,
    ...cloud.vms.map(({ name }) => ({ name: `system:node:${name}`, groups: ['system:nodes'] })),
  ];
  mkdirSync(folder, { recursive: true });
  const kubeconfig = join(folder, 'kubeconfig');
  const env = join(folder, 'env');
  // Whoever reads it can act as the administrator of this cloud, for as long as it is up.
  writeFileSync(kubeconfig, kubeconfigOf(door, users), { mode: 0o600 });
  const settings = { KUBECONFIG: kubeconfig, ...gcloudSettings(cloud, folder) };
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}`);
  writeFileSync(env, `${lines.join('\n')}\n`, { mode: 0o600 });
  return { env, kubeconfig, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
