import type { RouteObservation } from './observation.ts';

/** A VPC network and one of its subnetworks of the region; short names. */
export interface RouteNetwork {
  readonly network: string;
  readonly subnetwork: string;
}

/** The network of the interface on the nodes that receives the route's traffic. */
export const routeNetwork = ({ cluster }: Pick<RouteObservation, 'cluster'>): RouteNetwork => ({
  network: cluster.network,
  subnetwork: cluster.subnetwork,
});
