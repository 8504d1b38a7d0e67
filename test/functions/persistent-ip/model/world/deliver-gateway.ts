import {
  decideGateway,
  type GatewayDecision,
  sameGatewayStatus,
} from '../../../../../functions/persistent-ip/decide-gateway.ts';
import { Failure } from '../../../../../functions/persistent-ip/failure.ts';
import type { Gateway } from '../../../../../functions/persistent-ip/objects.ts';
import type { Delivery } from '../../../../../functions/persistent-ip/observation.ts';
import { applyStep } from '../../../cloud-in-memory.ts';
import { facts } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { controllerName } from '../cluster.ts';

const mostRounds = 20;

/** What is decided about a Gateway. */
export const decideOnGateway = (
  world: World,
  gateway: Gateway,
  failure?: Delivery['failure'],
): GatewayDecision =>
  decideGateway(
    {
      now: world.now,
      controllerName,
      deployment: 'test',
      cluster: facts,
      clusterUid: 'cluster-uid',
      gateway,
      gatewayClass: world.classes.find(({ metadata }) => metadata.name === gateway.className),
      addresses: world.reserved,
      routes: [...world.routes.values()],
      namespaces: world.namespaces,
    },
    failure,
  );

/** One delivery for one Gateway; whether anything changed. */
export const deliverGateway = (world: World, key: string): boolean => {
  let changed = false;
  for (let round = 0; round < mostRounds; round++) {
    const gateway = world.gateways.get(key);
    if (gateway === undefined) return changed;
    const decision = decideOnGateway(world, gateway);
    const { finalizers, stages } = decision;
    const withFinalizers = { ...gateway, metadata: { ...gateway.metadata, finalizers } };
    if (finalizers.length > gateway.metadata.finalizers.length) {
      changed = true;
      world.gateways.set(key, withFinalizers);
      continue;
    }
    const status = decision.status ?? gateway.status;
    if (!sameGatewayStatus(gateway.status, status)) {
      changed = true;
      world.gateways.set(key, { ...gateway, status });
    }
    if (stages.length === 0) {
      if (finalizers.length === gateway.metadata.finalizers.length) return changed;
      if (finalizers.length > 0 || gateway.metadata.deletionTimestamp === undefined)
        world.gateways.set(key, { ...withFinalizers, status });
      else world.gateways.delete(key);
      return true;
    }
    try {
      for (const step of stages.flat()) applyStep(world, step, `g${round}`);
      changed = true;
    } catch (error) {
      // An address that is still in use: a later delivery deletes it.
      if (error instanceof Failure && error.kind === 'retry') return changed;
      throw error;
    }
  }
  throw new Error(`${key} still has steps after ${mostRounds} decisions`);
};
