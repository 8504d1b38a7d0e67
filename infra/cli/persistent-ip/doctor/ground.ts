import type { ClusterConfig, Config } from '../../../../functions/config.ts';
import type { KubernetesReads } from '../../../../functions/persistent-ip/ports.ts';
import type { Settings } from '../settings.ts';
import type { ClusterApi } from './cluster-api.ts';
import type { GoogleApi } from './google-api.ts';

/** What the checks of a deployment rest on. */
export interface Ground {
  readonly config: Config;
  readonly settings: Settings;
  readonly now: () => Date;
}

/** What the checks of one cluster rest on. */
export interface ClusterGround extends Ground {
  readonly cluster: ClusterConfig;
  readonly api: ClusterApi;
  readonly google: GoogleApi;
  readonly reads: KubernetesReads;
  /** Whom its API server takes the caller for; asked once. */
  readonly caller: (signal: AbortSignal) => Promise<Caller>;
}

export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
}

export const subjectOf = ({ name }: ClusterConfig): string => `cluster ${name}`;

/** What puts into a cluster what is missing there. */
export const installCommand = ({ config, settings }: Pick<Ground, 'config' | 'settings'>): string =>
  [
    `npm run install:cluster -- --context CONTEXT --service-account ${config.serviceAccount}`,
    ...(settings.inventory_service_account === undefined
      ? []
      : [`--inventory-service-account ${settings.inventory_service_account}`]),
  ].join(' ');
