import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { names } from '../persistent-ip/admission.ts';
import { decideGateway, sameGatewayStatus } from '../persistent-ip/decide-gateway.ts';
import { type GatewaySurroundings, routesNaming, routesOutOfStep } from '../persistent-ip/dependants.ts';
import type { GatewayStatus } from '../persistent-ip/objects.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';
import { observeOthersNetworks } from './observe-networks.ts';

/**
 * One delivery for one Gateway: its status, then the routes that depend on it. Every route that names it is told
 * when the Gateway itself was written (also annotations count, which bump no generation) or its status changed;
 * otherwise only those that are out of step with it.
 */
export const reconcileGateway = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
): Promise<Outcome> => {
  const { kubernetes, compute, cluster, controllerName, runtime } = deps;
  const { cause } = request;
  const [gateway, classes, gateways, routes, namespaces, addresses] = await Promise.all([
    kubernetes.gateway(request.namespace, request.name),
    kubernetes.gatewayClasses(),
    kubernetes.gateways(),
    kubernetes.routes(),
    kubernetes.namespaces(),
    compute.addresses(),
  ]);
  const naming = routesNaming(cluster.key, routes, request, cause);
  if (gateway === undefined) {
    await deps.requests.publish(naming);
    return { kind: 'settled' };
  }
  const byName = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
  const status = decideGateway({
    now: runtime.now(),
    controllerName,
    region: cluster.region,
    gateway,
    gatewayClass: classes.find(({ metadata }) => metadata.name === gateway.className),
    addresses,
    routes,
    namespaces: byName,
  });
  const networks = await observeOthersNetworks(
    kubernetes,
    routes.filter(({ parentRefs }) => parentRefs.some((ref) => names(ref, gateway))),
  );
  const changed = status !== undefined && !sameGatewayStatus(gateway.status, status);
  if (changed) await kubernetes.writeGatewayStatus(gateway, status);
  const written = { ...gateway, status: status ?? gateway.status };
  const surroundings: GatewaySurroundings = {
    cluster: cluster.key,
    controllerName,
    classes,
    gateways: new Map([...gateways, written].map((one) => [gatewayKey(one.metadata), one])),
    namespaces: byName,
    networks,
    routes,
  };
  const all =
    (changed && offersChanged(gateway.status, written.status)) || cause.method.includes('.gateways.');
  await deps.requests.publish(all ? naming : routesOutOfStep(surroundings, written, cause));
  return { kind: 'settled' };
};

/** A change that only counts attached routes concerns no route. */
const offersChanged = (before: GatewayStatus, after: GatewayStatus): boolean =>
  JSON.stringify([before.addresses, before.conditions]) !==
  JSON.stringify([after.addresses, after.conditions]);
