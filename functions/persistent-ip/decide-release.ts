import { type Decision, nobody, type Refusal, unaudited } from './decision.ts';
import { cleanedUp, failureVerdict, keepFailure, nothingHeld, releasing } from './gcp-ready.ts';
import type { Delivery, RouteObservation } from './observation.ts';
import { planRelease } from './plan-release.ts';
import { releaseFinalizer } from './whose-route.ts';

/**
 * Everything is let go, and the finalizer with the last of it.
 * @param accepted `undefined`: the status is not ours to write
 */
export const release = (o: RouteObservation, accepted: Refusal | undefined, delivery: Delivery): Decision => {
  const stages = planRelease(o);
  const deleting = o.route.metadata.deletionTimestamp !== undefined;
  const finalizers = o.route.metadata.finalizers;
  const busy = stages.length > 0 && delivery.failure === undefined;
  const done = deleting ? cleanedUp : nothingHeld;
  const gcpReady = failureVerdict(delivery) ?? (busy ? keepFailure(o, releasing) : done);
  return {
    kind: 'act',
    status: accepted && nobody(o, accepted, gcpReady),
    stages: busy ? stages : [],
    finalizers: stages.length > 0 ? finalizers : withoutOurs(finalizers),
    audit: unaudited(o, delivery),
  };
};

const withoutOurs = (finalizers: readonly string[]): readonly string[] =>
  finalizers.filter((finalizer) => finalizer !== releaseFinalizer);
