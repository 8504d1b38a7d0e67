import { isGatewayRef } from '../persistent-ip/admission.ts';
import type { Address } from '../persistent-ip/cloud.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { GatewayObservation } from '../persistent-ip/gateway-observation.ts';
import type { Gateway, GatewayClass, Route } from '../persistent-ip/objects.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ObservationDependencies, ReadDependencies } from './dependencies.ts';
import { orRefusal } from './or-failure.ts';
import { type ClusterListed, listCluster } from './snapshot-kubernetes.ts';

/** What decisions about Gateways rest on, by list calls alone: it serves one Gateway as well as all of them. */
export interface ForGateways {
  readonly gateways: readonly Gateway[];
  readonly classes: readonly GatewayClass[];
  readonly routes: readonly Route[];
  readonly observe: (gateway: Gateway) => GatewayObservation;
}

export const observeForGateways = async (deps: ReadDependencies): Promise<ForGateways> => {
  const [listed, addresses] = await Promise.all([
    listCluster(deps.kubernetes),
    orRefusal(deps.compute.addresses()),
  ]);
  return forGateways(deps, listed, addresses);
};

/** @param addresses the region's reserved ones, or why Google Cloud refuses to show them */
export const forGateways = (
  { cluster, controllerName, deployment, runtime }: ObservationDependencies,
  { classes, gateways, routes, namespaces, clusterUid }: ClusterListed,
  addresses: readonly Address[] | Failure,
): ForGateways => {
  const naming = Map.groupBy(routes.flatMap(withEach), ({ gateway }) => gateway);
  const byName = new Map(namespaces.map((one) => [one.metadata.name, one]));
  return {
    gateways,
    classes,
    routes,
    observe: (gateway) => ({
      now: runtime.now(),
      controllerName,
      deployment,
      cluster,
      clusterUid,
      gateway,
      gatewayClass: classes.find(({ metadata }) => metadata.name === gateway.className),
      ...(addresses instanceof Failure
        ? { addresses: [], refusal: { code: addresses.code, message: addresses.message } }
        : { addresses }),
      routes: (naming.get(gatewayKey(gateway.metadata)) ?? []).map(({ route }) => route),
      namespaces: byName,
    }),
  };
};

/** A route with each Gateway that it names, once. */
const withEach = (route: Route): readonly { readonly gateway: string; readonly route: Route }[] =>
  [...new Set(route.parentRefs.filter(isGatewayRef).map(gatewayKey))].map((gateway) => ({ gateway, route }));
