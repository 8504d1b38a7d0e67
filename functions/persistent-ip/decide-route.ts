import { type Acceptance, acceptRoute } from './accept-route.ts';
import { choosePod, holderOf, matchingPods, placedPods } from './choose-pod.ts';
import { type Defeat, defeatOf } from './claims.ts';
import type { Stage } from './cloud.ts';
import { isTrueNow, type Verdict } from './conditions.ts';
import { driftOf } from './drift.ts';
import {
  busyVerdict,
  cleanedUp,
  driftVerdict,
  failureVerdict,
  foreignVerdict,
  keepFailure,
  leading,
  misplacedVerdict,
  noPods,
  noPodsMessage,
  nothingHeld,
  rebuilding,
  refusedVerdict,
  releasing,
  strangerVerdict,
} from './gcp-ready.ts';
import type { HolderRecord } from './holder-record.ts';
import type { Route, RouteStatus } from './objects.ts';
import { type Delivery, ownerOf, type RouteObservation } from './observation.ts';
import { isOwnedBy, recordOf } from './ownership.ts';
import { placeProblem } from './plan-endpoints.ts';
import { type Goal, type HoldPlan, planHold } from './plan-hold.ts';
import { mustRebuild, planRelease } from './plan-release.ts';
import { isSettled } from './plan-service.ts';
import { routeNetwork } from './route-network.ts';
import { keptStatus, routeStatus } from './route-status.ts';
import { hasOurFinalizer, releaseFinalizer, stoppedSince, whoseRoute } from './whose-route.ts';

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
    };

/** The only place where the rules about a route meet. Pure and total. */
export const decideRoute = (o: RouteObservation, delivery: Delivery): Decision => {
  const whose = whoseRoute(o);
  if (whose === 'not-ours') {
    const since = stoppedSince(o);
    return {
      kind: 'leave',
      why: 'another controller serves this route',
      ...(since === undefined ? {} : { stoppedSince: since }),
    };
  }
  if (o.refusal !== undefined) return blind(o, o.refusal, whose);
  if (whose === 'let-go') return release(o, undefined, delivery);
  const acceptance = acceptRoute(o);
  if (!acceptance.accepted) return refused(o, acceptance.verdict, delivery);
  const defeat = o.contest && defeatOf(ownerOf(o), o.route, acceptance, o.contest, routeNetwork(o).network);
  if (defeat?.by === 'route') return release(o, lost(defeat), delivery);
  if (defeat?.by === 'absence') return release(o, absent(o, defeat), delivery);
  return hold(o, acceptance, defeat, delivery);
};

/** Nobody knows what is in Google Cloud: nothing is changed there, and a person is told what it refuses. */
const blind = (
  o: RouteObservation,
  refusal: NonNullable<RouteObservation['refusal']>,
  whose: 'ours' | 'let-go',
): Decision => {
  const gcpReady = refusedVerdict(refusal);
  if (whose === 'let-go') return { kind: 'leave', why: gcpReady.message };
  const { route, now } = o;
  const acceptance = acceptRoute(o);
  const status = acceptance.accepted
    ? keptStatus(route, gcpReady, now)
    : routeStatus({
        route,
        now,
        accepted: acceptance.verdict,
        gcpReady,
        named: undefined,
        allocating: false,
        record: undefined,
      });
  return { kind: 'act', status, stages: [], finalizers: route.metadata.finalizers, audit: undefined };
};

type Refusal = Extract<Verdict<'Accepted'>, { status: 'False' }>;

/** Reasons that heal by themselves: nothing is deleted and the leader stays. */
const healing: readonly Refusal['reason'][] = [
  'InvalidLabels',
  'GatewayNotAccepted',
  'NetworkNotFound',
  'NetworkNotReady',
];

const refused = (o: RouteObservation, verdict: Refusal, delivery: Delivery): Decision =>
  healing.includes(verdict.reason) ? pause(o, verdict, delivery) : release(o, verdict, delivery);

const lost = ({ winner, address }: Extract<Defeat, { by: 'route' }>): Refusal => ({
  type: 'Accepted',
  status: 'False',
  reason: 'InvalidAddresses',
  message: `${address} belongs to GKEIPRoute ${winner}, which came first: this route gets it when that one goes, or take another address`,
});

const absent = (o: RouteObservation, { address }: Extract<Defeat, { by: 'absence' }>): Refusal => ({
  type: 'Accepted',
  status: 'False',
  reason: 'InvalidAddresses',
  message: `${address} is no longer a reserved address of region ${o.cluster.region}: reserve it again, or take another address`,
});

/** Also where somebody has taken it off: what is held would stay in Google Cloud when the route goes. */
const withOurs = (route: Route): readonly string[] =>
  hasOurFinalizer(route) ? route.metadata.finalizers : [...route.metadata.finalizers, releaseFinalizer];

const withoutOurs = (finalizers: readonly string[]): readonly string[] =>
  finalizers.filter((finalizer) => finalizer !== releaseFinalizer);

const release = (o: RouteObservation, accepted: Refusal | undefined, delivery: Delivery): Decision => {
  const stages = planRelease(o);
  const deleting = o.route.metadata.deletionTimestamp !== undefined;
  const finalizers = o.route.metadata.finalizers;
  const busy = stages.length > 0 && delivery.failure === undefined;
  const done = deleting ? cleanedUp : nothingHeld;
  const gcpReady = failureVerdict(delivery) ?? (busy ? keepFailure(o, releasing) : done);
  return {
    kind: 'act',
    status:
      accepted &&
      routeStatus({
        route: o.route,
        now: o.now,
        accepted,
        gcpReady,
        named: undefined,
        allocating: false,
        record: undefined,
      }),
    stages: busy ? stages : [],
    finalizers: stages.length > 0 ? finalizers : withoutOurs(finalizers),
    audit: unaudited(o, delivery),
  };
};

/** Not accepted, but it heals: nobody holds the addresses, and everything stays ready for the day it does. */
const pause = (o: RouteObservation, accepted: Refusal, delivery: Delivery): Decision =>
  o.cloud.backendService === undefined
    ? {
        kind: 'act',
        status: routeStatus({
          route: o.route,
          now: o.now,
          accepted,
          gcpReady: nothingHeld,
          named: undefined,
          allocating: false,
          record: undefined,
        }),
        stages: [],
        finalizers: o.route.metadata.finalizers,
        audit: undefined,
      }
    : act(o, accepted, pausedGoal(o), delivery, undefined);

const pausedGoal = (o: RouteObservation): Goal => ({
  ips: recordOf(o.cloud.backendService?.description ?? '')?.addresses ?? [],
  gateways: [],
  chosen: undefined,
  holder: undefined,
  standbys: [],
  scheme: o.cloud.backendService?.scheme ?? 'EXTERNAL',
});

const hold = (
  o: RouteObservation,
  acceptance: Extract<Acceptance, { accepted: true }>,
  defeat: Extract<Defeat, { by: 'stranger' }> | undefined,
  delivery: Delivery,
): Decision => {
  const { ips, gateways, scheme } = acceptance;
  const candidates = placedPods(matchingPods(o.route, o.pods), o.nodes);
  const chosen = choosePod(o.route.reactionMode, candidates);
  const standbys = candidates.filter((candidate) => placeProblem(o, candidate) === undefined);
  const holder = chosen && holderOf(chosen);
  const accepted: Verdict<'Accepted'> = {
    type: 'Accepted',
    status: 'True',
    reason: 'Accepted',
    message: `The route is valid: ${ips.join(', ')}`,
  };
  if (mustRebuild(o, scheme)) return rebuild(o, accepted, delivery);
  return act(o, accepted, { ips, gateways, scheme, chosen, holder, standbys }, delivery, defeat);
};

/** The scheme or the network has changed: teardown first; once nothing is left, everything is made anew. */
const rebuild = (o: RouteObservation, accepted: Verdict<'Accepted'>, delivery: Delivery): Decision => {
  const problem = failureVerdict(delivery);
  return {
    kind: 'act',
    status: routeStatus({
      route: o.route,
      now: o.now,
      accepted,
      gcpReady: problem ?? keepFailure(o, rebuilding),
      named: undefined,
      allocating: false,
      record: undefined,
    }),
    stages: problem === undefined ? planRelease(o) : [],
    finalizers: withOurs(o.route),
    audit: unaudited(o, delivery),
  };
};

const act = (
  o: RouteObservation,
  accepted: Verdict<'Accepted'>,
  goal: Goal,
  delivery: Delivery,
  stranger: Extract<Defeat, { by: 'stranger' }> | undefined,
): Decision => {
  const plan = planHold(o, goal, delivery);
  const paused = accepted.status === 'False';
  const misplaced = goal.chosen && placeProblem(o, goal.chosen);
  const problem =
    failureVerdict(delivery) ??
    foreignVerdict(plan.foreign) ??
    (stranger && strangerVerdict(stranger)) ??
    (misplaced === undefined ? undefined : misplacedVerdict(misplaced));
  const stages = problem === undefined ? (paused ? recordOnly(plan) : plan.stages) : [];
  const urgent = paused ? stages.length > 0 : plan.urgent;
  const drift = driftOf(o, goal);
  const named = nameable(o, plan, stranger !== undefined) ? goal.holder : undefined;
  const gcpReady =
    problem ??
    (urgent
      ? keepFailure(o, drift === undefined ? busyVerdict(o, goal.holder) : driftVerdict(drift))
      : goal.holder === undefined
        ? noPods(paused ? 'The route is not accepted: see the condition Accepted' : noPodsMessage(o))
        : leading(goal.holder));
  const holds = stages.length > 0 || planRelease(o).length > 0;
  return {
    kind: 'act',
    status: routeStatus({
      route: o.route,
      now: o.now,
      accepted,
      gcpReady,
      named,
      allocating: goal.holder !== undefined && named === undefined,
      record: recordOf(o.cloud.backendService?.description ?? ''),
    }),
    stages,
    finalizers: holds ? withOurs(o.route) : o.route.metadata.finalizers,
    audit: unaudited(o, delivery),
  };
};

/**
 * The record in Google Cloud, unless the status says that its change is over, which it may only after the entry was
 * written. Whoever writes the entry again writes the same one.
 */
const unaudited = (o: RouteObservation, delivery: Delivery): HolderRecord | undefined => {
  const { backendService } = o.cloud;
  const record = isOwnedBy(ownerOf(o), backendService?.description)
    ? recordOf(backendService?.description ?? '')
    : undefined;
  const written = isSettled(o, record?.holder) || delivery.settledAt === backendService?.fingerprint;
  return written ? undefined : record;
};

/** While a route is paused only its record changes: nothing is made, moved or deleted. */
const recordOnly = (plan: HoldPlan): readonly Stage[] =>
  plan.stages
    .map((stage) => stage.filter((step) => step.do === 'patch-backend-service'))
    .filter((stage) => stage.length > 0);

/**
 * Whether `status.pods` may name the holder: once every address is ours, and while a rule that somebody deleted
 * from a live route is made again. At first allocation the refusal of a second rule is the lock, so nobody is
 * named before. Source: design/concepts.md, *Who gets an address that two routes claim*.
 */
const nameable = ({ route }: RouteObservation, plan: HoldPlan, disputed: boolean): boolean => {
  const live = isTrueNow(route, 'Accepted') && route.status.pods.length > 0;
  return plan.allocated || (live && !disputed);
};
