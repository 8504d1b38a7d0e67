import type { ConfigInput } from '../../functions/config.ts';
import type { Deployment } from './deployment.ts';
import { clusterNetwork } from './networks.ts';
import { cluster, deploymentName, project, pushIdentity, region, serviceAccount, topics } from './site.ts';

export interface Surroundings {
  readonly zones: readonly string[];
  readonly networkProject: string;
  readonly moreSubnetworks: readonly string[];
  readonly movesPerMinute: number | undefined;
  /** Absent: one process is all instances here, so ten thousand. */
  readonly computeCallsPerSecond?: number | undefined;
  /** Where the keys are that pushed tokens are signed with. */
  readonly jwksUrl: string;
  /** The Kubernetes API. */
  readonly endpoint: string;
  readonly endpoints: NonNullable<ConfigInput['endpoints']>;
}

/** The functions' configuration, as Terraform would write it. */
export const functionsConfig = (
  urls: Deployment['urls'],
  {
    zones,
    networkProject,
    moreSubnetworks,
    movesPerMinute,
    computeCallsPerSecond,
    jwksUrl,
    endpoint,
    endpoints,
  }: Surroundings,
): ConfigInput => ({
  deployment: deploymentName,
  project,
  serviceAccount,
  requestsTopic: topics.requests,
  requestsRegion: region,
  computeCallsPerSecond: computeCallsPerSecond ?? 10_000,
  ...(movesPerMinute === undefined ? {} : { movesPerMinute }),
  push: {
    audiences: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, [url]])),
    emails: [pushIdentity],
    jwksUrl,
  },
  clusters: [
    {
      ...cluster,
      region,
      zones: [...zones],
      networkProject,
      network: clusterNetwork.network,
      subnetwork: clusterNetwork.subnetwork,
      moreSubnetworks: [...moreSubnetworks],
      endpoint,
    },
  ],
  endpoints,
});
