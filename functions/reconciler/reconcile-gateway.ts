import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { names } from '../persistent-ip/admission.ts';
import { decideGateway, type GatewayDecision, sameGatewayStatus } from '../persistent-ip/decide-gateway.ts';
import { type GatewaySurroundings, routesNaming, routesOutOfStep } from '../persistent-ip/dependants.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { GatewayObservation } from '../persistent-ip/gateway-observation.ts';
import type { Gateway, GatewayStatus } from '../persistent-ip/objects.ts';
import type { Delivery } from '../persistent-ip/observation.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import { applyStages } from './apply-stages.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';
import { type ForGateways, observeForGateways } from './observe-for-gateways.ts';
import { observeOthersNetworks } from './observe-networks.ts';
import { Patience } from './patience.ts';
import { releaseLeftovers } from './release-leftovers.ts';

/** All that a look at a Gateway found; also when the Gateway itself is gone. */
interface Seen extends ForGateways {
  readonly gateway: Gateway | undefined;
}

/**
 * One delivery for one Gateway: its finalizer, its status, the routes that depend on it, the addresses that we reserve
 * for it; and again, until there is nothing to reserve or release. Whatever stops it leaves a state from which the same
 * delivery, repeated, goes on.
 */
export const reconcileGateway = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
  deadline: Date,
): Promise<Outcome> => {
  const patience = new Patience(deps.runtime, deadline);
  let failure: Delivery['failure'];
  /** Of which something may be left although it is gone. */
  let { uid } = request;
  while (patience.goesOn()) {
    try {
      const seen = await look(deps, request);
      patience.observed();
      const { gateway } = seen;
      if (uid !== undefined && gateway?.metadata.uid !== uid) {
        const left = await releaseLeftovers(deps, { ...request, uid }, deadline);
        if (left.kind !== 'settled') return left;
        uid = undefined;
      }
      if (gateway === undefined) {
        await deps.requests.publish(routesNaming(deps.cluster.key, seen.routes, request, request.cause));
        return { kind: 'settled' };
      }
      const observed = seen.observe(gateway);
      const decision = decideGateway(observed, failure);
      if (decision.finalizers.length > gateway.metadata.finalizers.length) {
        await deps.kubernetes.setGatewayFinalizers(gateway, decision.finalizers);
        continue;
      }
      const written = await report(deps, request, seen, observed, decision);
      if (decision.stages.length === 0) {
        // Fenced by what was observed: nobody has asked for an address since.
        if (decision.finalizers.length < gateway.metadata.finalizers.length)
          await deps.kubernetes.setGatewayFinalizers(written, decision.finalizers);
        return { kind: 'settled' };
      }
      const applied = await applyStages(deps.compute, decision.stages, deadline);
      if (applied.failure === undefined) {
        patience.applied();
        continue;
      }
      const verdict = await patience.spend(applied.failure, 'apply');
      if (verdict === 'give-up') break;
      if (verdict === 'user') failure = { code: applied.failure.code, message: applied.failure.message };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if ((await patience.spend(error, 'observe')) !== 'again') break;
    }
  }
  return patience.outcome();
};

const look = async (deps: ClusterDependencies, { namespace, name }: ReconcileRequest): Promise<Seen> => {
  const [gateway, around] = await Promise.all([
    deps.kubernetes.gateway(namespace, name),
    observeForGateways(deps),
  ]);
  return { ...around, gateway };
};

/**
 * The status, only if it reads differently; then the routes. Every route that names the Gateway is told when the
 * Gateway itself was written (also annotations count, which bump no generation) or its status changed; otherwise only
 * those that are out of step with it.
 */
const report = async (
  { kubernetes, cluster, controllerName, requests }: ClusterDependencies,
  request: ReconcileRequest,
  { classes, gateways, routes }: Seen,
  { gateway, namespaces }: GatewayObservation,
  { status }: GatewayDecision,
): Promise<Gateway> => {
  const { cause } = request;
  const changed = status !== undefined && !sameGatewayStatus(gateway.status, status);
  const written = changed ? await kubernetes.writeGatewayStatus(gateway, status) : gateway;
  const naming = routes.filter(({ parentRefs }) => parentRefs.some((ref) => names(ref, gateway)));
  const networks = await observeOthersNetworks(kubernetes, naming);
  const surroundings: GatewaySurroundings = {
    cluster: cluster.key,
    controllerName,
    classes,
    gateways: new Map([...gateways, written].map((one) => [gatewayKey(one.metadata), one])),
    namespaces,
    networks,
    routes,
  };
  const all =
    (changed && offersChanged(gateway.status, written.status)) || cause.method.includes('.gateways.');
  await requests.publish(
    all ? routesNaming(cluster.key, routes, request, cause) : routesOutOfStep(surroundings, written, cause),
  );
  return written;
};

/** A change that only counts attached routes concerns no route. */
const offersChanged = (before: GatewayStatus, after: GatewayStatus): boolean =>
  JSON.stringify([before.addresses, before.conditions]) !==
  JSON.stringify([after.addresses, after.conditions]);
