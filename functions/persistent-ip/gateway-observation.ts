import type { Address } from './cloud.ts';
import type { Gateway, GatewayClass, Namespace, Route } from './objects.ts';
import type { ClusterFacts } from './observation.ts';

/** All that a decision about a Gateway rests on. */
export interface GatewayObservation {
  readonly now: Date;
  readonly controllerName: string;
  /** The name of this deployment, in every ownership record. */
  readonly deployment: string;
  readonly cluster: ClusterFacts;
  readonly clusterUid: string;
  readonly gateway: Gateway;
  /** The class it names; `undefined` when there is none of that name. */
  readonly gatewayClass: GatewayClass | undefined;
  /** Every reserved address of the region. */
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
}
