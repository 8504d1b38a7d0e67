import type { Stage } from './cloud.ts';
import type { Verdict } from './conditions.ts';
import type { HolderRecord } from './holder-record.ts';
import type { RouteStatus } from './objects.ts';
import { type Delivery, ownerOf, type RouteObservation } from './observation.ts';
import { isOwnedBy, recordOf } from './ownership.ts';
import { isSettled } from './plan-service.ts';
import { routeStatus } from './route-status.ts';

/**
 * What to do now, in this order: the finalizer that must be there, the audit entry of a change that is over, the
 * status, the stages. Then observe and decide again; when there are no stages, the delivery is over and the
 * finalizer that may go goes.
 */
export type Decision =
  | {
      readonly kind: 'leave';
      readonly why: string;
      /** The audit log's entry of it is due, with this time. */
      readonly stoppedSince?: string;
    }
  | {
      readonly kind: 'act';
      /** `undefined`: not ours to write. */
      readonly status: RouteStatus | undefined;
      readonly stages: readonly Stage[];
      /** Every finalizer that the route must have while the stages run, or once there are none. */
      readonly finalizers: readonly string[];
      /** The last change of holder, while its entry may not be written yet: the next PATCH overwrites the record. */
      readonly audit: HolderRecord | undefined;
      /** Everything is let go: what Google Cloud refuses of the record keeps nothing back. */
      readonly releases?: true;
    };

/** Why a route is not accepted. */
export type Refusal = Extract<Verdict<'Accepted'>, { status: 'False' }>;

/** The status while nobody holds the addresses, for a reason that `Accepted` or `GCPReady` says. */
export const nobody = (
  { route, now }: RouteObservation,
  accepted: Verdict<'Accepted'>,
  gcpReady: Verdict<'GCPReady'>,
): RouteStatus =>
  routeStatus({
    route,
    now,
    accepted,
    gcpReady,
    named: undefined,
    allocating: false,
    record: undefined,
    nextMove: undefined,
  });

/**
 * The record in Google Cloud, unless the status says that its change is over, which it may only after the entry was
 * written. Whoever writes the entry again writes the same one.
 */
export const unaudited = (o: RouteObservation, delivery: Delivery): HolderRecord | undefined => {
  const { backendService } = o.cloud;
  const record = isOwnedBy(ownerOf(o), backendService?.description)
    ? recordOf(backendService?.description ?? '')
    : undefined;
  const written = isSettled(o, record?.holder) || delivery.settledAt === backendService?.fingerprint;
  return written ? undefined : record;
};
