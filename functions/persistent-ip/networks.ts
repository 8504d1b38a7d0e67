import { findCondition } from './conditions.ts';
import type { Network, NetworkParamSet, Route } from './objects.ts';

/** Names of the network that every Pod has; no Network object is read for them. */
export const isDefaultNetwork = (name: string): boolean => name === 'default' || name === 'pod-network';

/** A Network with the parameter set that it names. */
export interface SeenNetwork extends Network {
  /** `undefined` when it does not exist. */
  readonly params: NetworkParamSet | undefined;
}

/** The Networks of a cluster by name, each with its parameter set. */
export const networksByName = (
  networks: readonly Network[],
  paramSets: readonly NetworkParamSet[],
): ReadonlyMap<string, SeenNetwork> =>
  new Map(
    networks.map((network) => {
      const params = paramSets.find(({ metadata }) => metadata.name === network.paramSet);
      return [network.metadata.name, { ...network, params }];
    }),
  );

export interface NetworkProblem {
  readonly reason: 'NetworkNotFound' | 'NetworkNotReady';
  readonly message: string;
}

/**
 * Why a route cannot use its network. One that is being deleted counts as not ready: as soon as it is gone, an Accepted
 * route on it would stop the node agents. Source: design/concepts.md, *Network*, *The datapath contract*.
 */
export const networkProblem = (
  { network: name }: Route,
  network: SeenNetwork | undefined,
): NetworkProblem | undefined => {
  if (isDefaultNetwork(name)) return undefined;
  if (network === undefined)
    return {
      reason: 'NetworkNotFound',
      message: `Network "${name}" does not exist: create it, or correct spec.network`,
    };
  const notReady = (why: string): NetworkProblem => ({
    reason: 'NetworkNotReady',
    message: `Network "${name}" ${why}`,
  });
  if (network.metadata.deletionTimestamp !== undefined)
    return notReady('is being deleted: take another network, or create it anew');
  if (network.type !== 'L3' && network.type !== 'Device')
    return notReady(`is of type ${network.type}: persistent IP addresses need one of type L3 or Device`);
  const ready = findCondition(network.conditions, 'Ready');
  if (ready?.status !== 'True')
    return notReady(`is not ready: ${ready?.message || 'wait for its condition Ready to be True'}`);
  if (network.paramSet === undefined)
    return notReady('names no GKENetworkParamSet: name one in its spec.parametersRef');
  if (network.params === undefined)
    return notReady(`names GKENetworkParamSet "${network.paramSet}", which does not exist: create it`);
  if (network.params.vpc === '' || network.params.vpcSubnet === '')
    return notReady(
      `has no VPC: set spec.vpc and spec.vpcSubnet of GKENetworkParamSet "${network.paramSet}" (a network attachment cannot be used)`,
    );
  return undefined;
};
