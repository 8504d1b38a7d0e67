import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { negName, stemOf } from '../persistent-ip/names.ts';
import type { CloudSeen } from '../persistent-ip/observation.ts';
import type { ObservationDependencies } from './dependencies.ts';

/** What is known while Google Cloud refuses to be read. */
export const nothing: CloudSeen = { backendService: undefined, rules: [], firewall: undefined, negs: [] };

/**
 * All that carries the route's name. One round for the default network; NEGs of another one's subnetwork, which is not
 * known yet, cost one more, and so do those of a zone that is not configured.
 */
export const observeCloud = async (
  { compute, cluster }: ObservationDependencies,
  { namespace, name }: ReconcileRequest,
  uid: string,
): Promise<CloudSeen> => {
  const stem = stemOf({ cluster: cluster.key, namespace, name, uid });
  const subnetworks = [cluster.subnetwork, ...cluster.moreSubnetworks];
  const negsOf = (zone: string) =>
    compute.negsNamed(
      zone,
      stem,
      subnetworks.map((subnetwork) => negName(stem, zone, subnetwork)),
    );
  const [backendService, rules, firewall, negs] = await Promise.all([
    compute.backendService(stem),
    compute.forwardingRulesNamed([stem]),
    compute.firewall(stem),
    Promise.all(cluster.zones.map(negsOf)),
  ]);
  // A zone that the configuration lists no more: its groups go with the route, and nobody else would find them.
  const zones = new Set(backendService?.backends.map(({ zone }) => zone));
  const unlisted = [...zones].filter((zone) => !cluster.zones.includes(zone));
  const strays = await Promise.all(unlisted.map(negsOf));
  return { backendService, rules, firewall, negs: [...negs, ...strays].flat() };
};
