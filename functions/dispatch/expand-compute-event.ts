import type { ComputeResource } from '../../events/compute-event.ts';
import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { stemOfRoute } from '../persistent-ip/observation.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';
import { routesOfNode } from './expand-cluster-event.ts';

type Known = Pick<ClusterDependencies, 'cluster' | 'kubernetes'>;

/**
 * The objects of one cluster that a change in Compute may concern: a VM's Pods, or the route whose name the
 * resource carries. Which route that is follows from the routes, never from the resource's own text.
 */
export const expandComputeEvent = async (
  deps: Known,
  resource: ComputeResource,
  cause: Cause,
): Promise<readonly ReconcileRequest[]> => {
  const { kubernetes, cluster } = deps;
  const route = ({ metadata }: { metadata: Parameters<typeof requestFor>[2] }) =>
    requestFor(cluster.key, 'route', metadata, cause);
  switch (resource.kind) {
    case 'instance':
      return (await routesOfNode(deps, resource.name)).map(route);
    case 'backend-service':
    case 'forwarding-rule':
      return (await kubernetes.routes())
        .filter((one) => isNameOf(stemOfRoute(cluster.key, one), resource.name))
        .map(route);
    case 'address':
      // An address is known to us by its number, the event by its name: every pool of the region is looked at.
      return (await kubernetes.gateways()).map(({ metadata }) =>
        requestFor(cluster.key, 'gateway', metadata, cause),
      );
  }
};

/** Backend services are named by the stem, rules by the stem and the address. */
const isNameOf = (stem: string, name: string): boolean => name === stem || name.startsWith(`${stem}-`);
