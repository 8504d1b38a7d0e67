import { Failure } from '../persistent-ip/failure.ts';
import { isDefaultNetwork, networksByName, type SeenNetwork } from '../persistent-ip/networks.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { KubernetesReads } from '../persistent-ip/ports.ts';

type Networks = ReadonlyMap<string, SeenNetwork>;

const none: Networks = new Map();

/**
 * The Networks that routes name, as far as they exist. Nothing is read for routes of the default network: a cluster
 * without the CRDs serves those.
 */
export const observeNetworks = async (
  kubernetes: Pick<KubernetesReads, 'networks' | 'networkParamSets'>,
  routes: readonly Route[],
): Promise<Networks> => {
  if (routes.every(({ network }) => isDefaultNetwork(network))) return none;
  const [networks, paramSets] = await Promise.all([kubernetes.networks(), kubernetes.networkParamSets()]);
  return networksByName(networks, paramSets);
};

/**
 * The same for routes that another object's fate depends on: on a cluster without the CRDs (404) none of them can be
 * Accepted, and that must not keep the others waiting.
 */
export const observeOthersNetworks = async (
  kubernetes: Pick<KubernetesReads, 'networks' | 'networkParamSets'>,
  routes: readonly Route[],
): Promise<Networks> => {
  try {
    return await observeNetworks(kubernetes, routes);
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return none;
    throw error;
  }
};
