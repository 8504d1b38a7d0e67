import { findCondition } from './conditions.ts';
import { type Decision, nobody, type Refusal, unaudited } from './decision.ts';
import { cleanedUp, failureVerdict, keepFailure, nothingHeld, releasing } from './gcp-ready.ts';
import type { HolderRecord } from './holder-record.ts';
import { type Delivery, ownerOf, type RouteObservation } from './observation.ts';
import { isOwnedBy, recordOf } from './ownership.ts';
import { lastRecord, planRelease } from './plan-release.ts';
import { releaseFinalizer } from './whose-route.ts';

/**
 * Everything is let go, and the finalizer with the last of it.
 * @param accepted `undefined`: the status is not ours to write
 */
export const release = (o: RouteObservation, accepted: Refusal | undefined, delivery: Delivery): Decision => {
  const { recordRefused = false } = delivery;
  const stages = planRelease(o, recordRefused);
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
    audit: recordRefused ? unwritten(o) : unaudited(o, delivery),
    releases: true,
  };
};

/**
 * The record that Google Cloud has refused, for the audit log alone. Its time is that of the status that says so, which
 * stays the same for every delivery that goes on with the release: entries that come again are copies.
 */
const unwritten = (o: RouteObservation): HolderRecord | undefined => {
  const { backendService: service } = o.cloud;
  if (!isOwnedBy(ownerOf(o), service?.description)) return undefined;
  const before = Date.parse(recordOf(service?.description ?? '')?.at ?? '');
  const accepted = findCondition(o.route.status.conditions, 'Accepted');
  const since = accepted?.status === 'False' ? Date.parse(accepted.lastTransitionTime) : Number.NaN;
  const said = Number.isNaN(since) ? o.now.getTime() : since;
  return lastRecord(service, { cause: o.cause, now: new Date(Math.max(said, before + 1)) });
};

const withoutOurs = (finalizers: readonly string[]): readonly string[] =>
  finalizers.filter((finalizer) => finalizer !== releaseFinalizer);
