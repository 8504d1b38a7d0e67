import { Failure } from '../persistent-ip/failure.ts';
import type { GatewayObservation } from '../persistent-ip/gateway-observation.ts';
import type { Gateway, GatewayClass, Route } from '../persistent-ip/objects.ts';
import type { ReadDependencies } from './dependencies.ts';
import { orRefusal } from './or-failure.ts';

/** What decisions about Gateways rest on, by list calls alone: it serves one Gateway as well as all of them. */
export interface ForGateways {
  readonly gateways: readonly Gateway[];
  readonly classes: readonly GatewayClass[];
  readonly routes: readonly Route[];
  readonly observe: (gateway: Gateway) => GatewayObservation;
}

export const observeForGateways = async ({
  kubernetes,
  compute,
  cluster,
  controllerName,
  deployment,
  runtime,
}: ReadDependencies): Promise<ForGateways> => {
  const [classes, gateways, routes, namespaces, addresses, clusterUid] = await Promise.all([
    kubernetes.gatewayClasses(),
    kubernetes.gateways(),
    kubernetes.routes(),
    kubernetes.namespaces(),
    orRefusal(compute.addresses()),
    kubernetes.clusterUid(),
  ]);
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
      routes,
      namespaces: byName,
    }),
  };
};
