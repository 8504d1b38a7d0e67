import type { Address } from './cloud.ts';
import type { Gateway, GatewayClass, Namespace, Route } from './objects.ts';
import type { ClusterFacts, Delivery } from './observation.ts';

/** What only a person can mend, in Google Cloud's own code and text. */
export type Refusal = NonNullable<Delivery['failure']>;

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
  /** Google Cloud refuses to show them, which only a person can mend: then nothing of `addresses` is known. */
  readonly refusal?: Refusal;
  /** Every route that names it; others do not count. */
  readonly routes: readonly Route[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
}
