import type { ClusterKey } from '../events/reconcile-request.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import type { ClusterSeen } from './persistent-ip/inventory.ts';
import type { ClusterDependencies } from './reconciler/dependencies.ts';

/** What could be read of some clusters, and why not the others. */
export interface Looked {
  readonly seen: readonly ClusterSeen[];
  readonly unreadable: readonly { readonly cluster: ClusterKey; readonly why: string }[];
}

/** Reads pools and routes of each; one that cannot be read does not hide the others. */
export const lookAtClusters = async (clusters: readonly ClusterDependencies[]): Promise<Looked> => {
  const looked = await Promise.all(clusters.map(look));
  return {
    seen: looked.flatMap((one) => ('why' in one ? [] : [one])),
    unreadable: looked.flatMap((one) => ('why' in one ? [one] : [])),
  };
};

type Unreadable = Looked['unreadable'][number];

const look = async ({
  cluster,
  controllerName,
  kubernetes,
}: ClusterDependencies): Promise<ClusterSeen | Unreadable> => {
  try {
    const [classes, gateways, routes] = await Promise.all([
      kubernetes.gatewayClasses(),
      kubernetes.gateways(),
      kubernetes.routes(),
    ]);
    return { cluster: cluster.key, controllerName, classes, gateways, routes };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { cluster: cluster.key, why: `${cluster.key.name}: ${wordsOf(error)}` };
  }
};
