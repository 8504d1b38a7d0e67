import type { CloudStep } from '../../../../functions/persistent-ip/cloud.ts';
import { type Decision, decideRoute } from '../../../../functions/persistent-ip/decide-route.ts';
import type { Route } from '../../../../functions/persistent-ip/objects.ts';
import type { Delivery, RouteObservation } from '../../../../functions/persistent-ip/observation.ts';
import { settledAt } from '../../../../functions/persistent-ip/plan-service.ts';
import { sameRouteStatus } from '../../../../functions/persistent-ip/route-status.ts';
import { applyStep } from '../../cloud-in-memory.ts';
import type { World } from '../../world.ts';
import { observe } from './observe.ts';

const begin = (observed: RouteObservation, failure?: Delivery['failure']): Delivery => {
  const fingerprint = settledAt(observed);
  return { ...(fingerprint === undefined ? {} : { settledAt: fingerprint }), ...(failure && { failure }) };
};

/** A delivery's first decision; `undefined`: the route is left alone. */
export const decideOnce = (
  world: World,
  key: string,
  failure?: Delivery['failure'],
): Extract<Decision, { kind: 'act' }> | undefined => {
  const route = world.routes.get(key);
  if (route === undefined) return undefined;
  const observed = observe(world, route);
  const decision = decideRoute(observed, begin(observed, failure));
  return decision.kind === 'leave' ? undefined : decision;
};

export interface Delivered {
  /** What the first decision said; `undefined`: it left the route alone. */
  readonly first: Extract<Decision, { kind: 'act' }> | undefined;
  readonly steps: readonly CloudStep[];
  readonly changed: boolean;
}

const mostRounds = 20;

/** One delivery for one route: observed, decided, carried out, and again until a decision holds no step. */
export const deliverRoute = (world: World, key: string, failure?: Delivery['failure']): Delivered => {
  let first: Delivered['first'];
  let delivery: Delivery | undefined;
  let changed = false;
  const steps: CloudStep[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const route = world.routes.get(key);
    if (route === undefined) return { first, steps, changed };
    const observed = observe(world, route);
    const fingerprint = settledAt(observed);
    delivery ??= {
      ...(fingerprint === undefined ? {} : { settledAt: fingerprint }),
      ...(failure && { failure }),
    };
    const decision = decideRoute(observed, delivery);
    if (decision.kind === 'leave') return { first, steps, changed };
    first ??= decision;
    if (decision.finalizers.length > route.metadata.finalizers.length) {
      world.put({ ...route, metadata: { ...route.metadata, finalizers: decision.finalizers } });
      changed = true;
      continue;
    }
    let written = route;
    if (decision.status !== undefined && !sameRouteStatus(route.status, decision.status)) {
      written = world.put({ ...route, status: decision.status });
      changed = true;
    }
    if (decision.stages.length === 0) {
      if (decision.finalizers.length < route.metadata.finalizers.length) {
        changed = true;
        dropFinalizers(world, written, decision.finalizers);
      }
      return { first, steps, changed };
    }
    for (const step of decision.stages.flat()) {
      steps.push(step);
      changed = true;
      applyStep(world, step, `f${steps.length}-${world.routes.get(key)?.metadata.resourceVersion}`);
      if ('record' in step) delivery = { ...delivery, written: step.description };
    }
  }
  throw new Error(`${key} still has steps after ${mostRounds} decisions`);
};

const dropFinalizers = (world: World, route: Route, finalizers: readonly string[]): void => {
  if (finalizers.length === 0 && route.metadata.deletionTimestamp !== undefined)
    world.routes.delete(`${route.metadata.namespace}/${route.metadata.name}`);
  else world.put({ ...route, metadata: { ...route.metadata, finalizers } });
};
