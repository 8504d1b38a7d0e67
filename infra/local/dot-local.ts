import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsVariable } from '../cli/persistent-ip/settings.ts';
import { accessTokenVariable, idTokenVariable } from '../cli/persistent-ip/tokens.ts';
import type { LocalCloud } from './cloud.ts';
import { type KubeconfigUser, kubeconfigOf } from './kubernetes/index.ts';
import { takeFolder } from './owner.ts';
import { administrator, tenant } from './people.ts';
import { clusterSink, deadLetters, deploymentName, readerAccount, topics } from './site.ts';

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

/** Milliseconds after which a new identity token is written: each is valid for an hour. */
const idTokenEveryMs = 30 * 60_000;

const command = fileURLToPath(new URL('../cli/persistent-ip.js', import.meta.url));

/**
 * What the command line needs: the outputs that Terraform would give, tokens of the administrator, and the command
 * itself under both of its names.
 */
const writeCommandLine = async (cloud: LocalCloud, folder: string) => {
  const outputs = {
    inventory_url: cloud.deployment.urls.inventory,
    configuration: cloud.configuration,
    inventory_service_account: readerAccount,
    topics: { 'cluster-events': topics.clusterEvents, requests: topics.requests, sweeps: topics.sweeps },
    dead_letter_subscriptions: {
      'cluster-events': deadLetters.clusterEvents,
      requests: deadLetters.requests,
      sweeps: deadLetters.sweeps,
    },
    subscriptions: {
      'cluster-events': cloud.subscriptions.clusterEvents,
      requests: cloud.subscriptions.requests,
      sweeps: cloud.subscriptions.sweeps,
    },
    sinks: { [`${cloud.project}/cluster-events`]: clusterSink },
    schedule: `projects/${cloud.project}/locations/${cloud.region}/jobs/${deploymentName}-sweep`,
    // What is not named here this cloud does not have.
    endpoints: {
      compute: cloud.compute.url,
      logging: cloud.logging.url,
      pubsub: cloud.pubsub.url,
      cloudfunctions: cloud.management,
      cloudresourcemanager: cloud.management,
      cloudscheduler: cloud.management,
      eventarc: cloud.management,
      monitoring: cloud.management,
    },
  };
  const settings = Object.entries(outputs).map(([name, value]) => [name, { value }]);
  const idToken = join(folder, 'id-token');
  const renew = async (): Promise<void> => {
    write(idToken, await cloud.sign({ audience: cloud.deployment.urls.inventory, email: administrator }));
  };
  await renew();
  const renewal = setInterval(() => void renew(), idTokenEveryMs).unref();
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['persistent-ip', 'kubectl-persistent_ip']) {
    rmSync(join(bin, name), { force: true });
    symlinkSync(command, join(bin, name));
  }
  return {
    variables: {
      [settingsVariable]: write(
        join(folder, 'persistent-ip.json'),
        JSON.stringify(Object.fromEntries(settings)),
      ),
      [idTokenVariable]: idToken,
      [accessTokenVariable]: write(
        join(folder, 'access-token'),
        cloud.identities.tokenOf(administrator, ['system:masters']),
      ),
    },
    bin,
    close: () => clearInterval(renewal),
  };
};

const writeEnv = (folder: string, settings: Readonly<Record<string, string>>, bin?: string): string => {
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  const path = bin === undefined ? '' : `export PATH=${quoted(bin)}:"$PATH"\n`;
  return write(join(folder, 'env'), lines.join('') + path);
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
  takeFolder(folder);
  const kubeconfig = write(join(folder, 'kubeconfig'), kubeconfigOf(door, users));
  const line = await writeCommandLine(cloud, folder);
  const env = writeEnv(
    folder,
    { KUBECONFIG: kubeconfig, ...gcloudSettings(cloud, folder), ...line.variables },
    line.bin,
  );
  const token = write(join(own, 'token'), cloud.identities.tokenOf(tenant));
  writeEnv(own, {
    KUBECONFIG: write(join(own, 'kubeconfig'), kubeconfigOf(door, [theTenant])),
    ...gcloudSettings(cloud, own, token),
  });
  return {
    env,
    kubeconfig,
    remove: () => {
      line.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
