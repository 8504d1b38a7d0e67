import type { Cause } from '../../../../../events/reconcile-request.ts';
import type { CloudStep } from '../../../../../functions/persistent-ip/cloud.ts';
import { type Decision, decideRoute } from '../../../../../functions/persistent-ip/decide-route.ts';
import type { Route } from '../../../../../functions/persistent-ip/objects.ts';
import type { Delivery, RouteObservation } from '../../../../../functions/persistent-ip/observation.ts';
import { deliveryFrom } from '../../../../../functions/persistent-ip/plan-service.ts';
import { sameRouteStatus } from '../../../../../functions/persistent-ip/route-status.ts';
import { applyStep } from '../../../cloud-in-memory.ts';
import type { World } from '../../../world.ts';
import { observe } from './observe.ts';

const begin = (observed: RouteObservation, failure?: Delivery['failure']): Delivery => ({
  ...deliveryFrom(observed),
  ...(failure && { failure }),
});

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
  readonly steps: readonly CloudStep[];
  /** Whether anything was written or done. */
  readonly changed: boolean;
}

const mostRounds = 20;

/** One delivery for one route: observed, decided, carried out, and again until a decision holds no step. */
export const deliverRoute = (world: World, key: string, why?: Cause): Delivered => {
  const steps: CloudStep[] = [];
  let delivery: Delivery | undefined;
  let changed = false;
  for (let round = 0; round < mostRounds; round++) {
    const route = world.routes.get(key);
    if (route === undefined) return { steps, changed };
    const observed = observe(world, route, why);
    delivery ??= begin(observed);
    const decision = decideRoute(observed, delivery);
    if (decision.kind === 'leave') return { steps, changed };
    const { status = route.status, stages, finalizers } = decision;
    if (finalizers.length > route.metadata.finalizers.length) {
      world.put({ ...route, metadata: { ...route.metadata, finalizers } });
      changed = true;
      continue;
    }
    const noted = !sameRouteStatus(route.status, status);
    const written = noted ? world.put({ ...route, status }) : route;
    const over = stages.length === 0;
    const letGo = over && finalizers.length < route.metadata.finalizers.length;
    changed ||= noted || !over || letGo;
    if (letGo) dropFinalizers(world, written, finalizers);
    if (over) return { steps, changed };
    for (const step of stages.flat()) {
      steps.push(step);
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
