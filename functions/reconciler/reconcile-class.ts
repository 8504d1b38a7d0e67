import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { classConditions } from '../persistent-ip/gateway-class.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';

/** One delivery for one GatewayClass: its `Accepted`, then every Gateway that names it. */
export const reconcileClass = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
): Promise<Outcome> => {
  const [classes, gateways] = await Promise.all([
    deps.kubernetes.gatewayClasses(),
    deps.kubernetes.gateways(),
  ]);
  const gatewayClass = classes.find(({ metadata }) => metadata.name === request.name);
  const conditions = gatewayClass && classConditions(gatewayClass, deps.controllerName, deps.runtime.now());
  if (gatewayClass !== undefined && conditions !== undefined)
    await deps.kubernetes.writeClassConditions(gatewayClass, conditions);
  await deps.requests.publish(
    gateways
      .filter(({ className }) => className === request.name)
      .map(({ metadata }) => requestFor(deps.cluster.key, 'gateway', metadata, request.cause)),
  );
  return { kind: 'settled' };
};
