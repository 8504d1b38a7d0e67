import { isGatewayRef } from '../persistent-ip/admission.ts';
import type { Gateway, Route } from '../persistent-ip/objects.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ObservationDependencies } from './dependencies.ts';

/** The Gateways that exist among a route's parents. */
export const observeGateways = async (
  { kubernetes }: ObservationDependencies,
  route: Route,
): Promise<ReadonlyMap<string, Gateway>> => {
  const refs = new Map(route.parentRefs.filter(isGatewayRef).map((ref) => [gatewayKey(ref), ref]));
  const found = await Promise.all(
    [...refs.values()].map(({ namespace, name }) => kubernetes.gateway(namespace, name)),
  );
  return new Map(
    found.flatMap((gateway) => (gateway === undefined ? [] : [[gatewayKey(gateway.metadata), gateway]])),
  );
};
