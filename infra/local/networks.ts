import type { LocalCompute } from './compute/index.ts';
import type { NodeSpec } from './nodes/index.ts';

/** The network of the cluster. */
export const clusterNetwork = { network: 'default', subnetwork: 'default', range: '10.128.0.0/20' };

/** A second network, in which every node has its second interface: what a Network of the cluster may stand for. */
export const dataplane = { network: 'dataplane-vpc', subnetwork: 'dataplane-subnet', range: '172.16.0.0/20' };

export interface NetworkOptions {
  readonly project: string;
  /** The project of the networks and subnetworks: with shared VPC the host project. */
  readonly networkProject: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** VMs that are nodes of the cluster, spread over the zones. */
  readonly nodes: number;
  /** Subnetworks of further node pools, in the cluster's network: nodes are spread over them too. */
  readonly moreSubnetworks: readonly string[];
}

/** Makes the networks of a local cloud, and in them the VMs that are to be nodes. */
export const makeNodes = (
  compute: Pick<LocalCompute, 'addNetwork' | 'addSubnetwork' | 'createInstance'>,
  { project, networkProject, region, zones, nodes, moreSubnetworks }: NetworkOptions,
): readonly NodeSpec[] => {
  for (const { network, subnetwork, range } of [clusterNetwork, dataplane]) {
    compute.addNetwork({ name: network, project: networkProject });
    compute.addSubnetwork({ name: subnetwork, network, range, project: networkProject });
  }
  const pools = [clusterNetwork.subnetwork, ...moreSubnetworks].map((name, i) => ({ name, octet: 128 + i }));
  for (const { name, octet } of pools.slice(1)) {
    const range = `10.${octet}.0.0/20`;
    compute.addSubnetwork({ name, network: clusterNetwork.network, range, project: networkProject });
  }
  const url = (subnetwork: string): string =>
    `projects/${networkProject}/regions/${region}/subnetworks/${subnetwork}`;
  return Array.from({ length: nodes }, (_, i) => {
    const zone = zones[i % zones.length] ?? `${region}-a`;
    const pool = pools[Math.floor(i / zones.length) % pools.length] ?? { name: 'default', octet: 128 };
    const name = `gke-local-pool-${i + 1}`;
    const ip = `10.${pool.octet}.0.${10 + i}`;
    compute.createInstance({
      name,
      zone,
      subnetwork: url(pool.name),
      ip,
      more: [{ subnetwork: url(dataplane.subnetwork), ip: `172.16.0.${10 + i}` }],
    });
    return { name, zone, ip, instance: name, project, podCidr: `10.4.${i}.0/24`, subnetwork: pool.name };
  });
};
