import { isDefaultNetwork } from './networks.ts';
import type { RouteObservation } from './observation.ts';

/** A VPC network and one of its subnetworks of the region; short names, of the project that the network is of. */
export interface RouteNetwork {
  readonly network: string;
  readonly subnetwork: string;
}

/**
 * The network of the interface on the nodes that receives the route's traffic. Empty names while the route's Network or
 * parameter set is not there: such a route is not accepted, and nothing is made for it.
 */
export const routeNetwork = ({
  route,
  cluster,
  network,
}: Pick<RouteObservation, 'route' | 'cluster' | 'network'>): RouteNetwork =>
  isDefaultNetwork(route.network)
    ? { network: cluster.network, subnetwork: cluster.subnetwork }
    : { network: network?.params?.vpc ?? '', subnetwork: network?.params?.vpcSubnet ?? '' };
