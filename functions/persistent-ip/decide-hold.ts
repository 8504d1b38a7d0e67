import type { Acceptance } from './accept-route.ts';
import { type Candidate, choosePod, holderOf, matchingPods, placedPods } from './choose-pod.ts';
import type { Defeat } from './claims.ts';
import type { Stage } from './cloud.ts';
import { isTrueNow, type Verdict } from './conditions.ts';
import { type Decision, nobody, type Refusal, unaudited } from './decision.ts';
import { driftOf } from './drift.ts';
import { type Holding, withoutFlapping } from './flap-protection.ts';
import {
  busyVerdict,
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
  strangerVerdict,
  tooManyMovesMessage,
  withStandbys,
} from './gcp-ready.ts';
import type { Route } from './objects.ts';
import type { Delivery, RouteObservation } from './observation.ts';
import { recordOf } from './ownership.ts';
import { placeProblem, standbysAmong, unlistedProblem } from './plan-endpoints.ts';
import { type Goal, type HoldPlan, planHold } from './plan-hold.ts';
import { mustRebuild, planRelease } from './plan-release.ts';
import { routeStatus } from './route-status.ts';
import { sweepMethod } from './sweep-times.ts';
import { hasOurFinalizer, releaseFinalizer } from './whose-route.ts';

/**
 * Everybody who is in question, and who shall hold the addresses now. A Pod where the configuration lets no traffic arrive
 * has them only where there is no other: a node pool in a new zone must not take them from Pods that are served.
 */
export const chooseHolder = (
  o: RouteObservation,
): Holding & {
  readonly candidates: readonly Candidate[];
  /** Why the Pod that would come first does not get them. */
  readonly passedOver?: string;
} => {
  const candidates = placedPods(matchingPods(o.route, o.pods), o.nodes);
  const mode = o.route.reactionMode;
  const first = choosePod(mode, candidates);
  const passedOver = first && unlistedProblem(o, first);
  const listed = candidates.filter((candidate) => unlistedProblem(o, candidate) === undefined);
  const chosen = passedOver === undefined ? first : (choosePod(mode, listed) ?? first);
  const holding = withoutFlapping({
    now: o.now,
    mode,
    movesPerMinute: o.cluster.movesPerMinute,
    record: recordOf(o.cloud.backendService?.description ?? ''),
    candidates,
    chosen,
  });
  return { ...holding, candidates, ...(passedOver === undefined || chosen === first ? {} : { passedOver }) };
};

/** The route is accepted: its addresses are to be on the Pod that the rules choose. */
export const hold = (
  o: RouteObservation,
  acceptance: Extract<Acceptance, { accepted: true }>,
  defeat: Extract<Defeat, { by: 'stranger' }> | undefined,
  delivery: Delivery,
): Decision => {
  const { ips, gateways, scheme } = acceptance;
  const { candidates, chosen, nextMove, passedOver } = chooseHolder(o);
  const standbys = standbysAmong(o, candidates);
  const holder = chosen && holderOf(chosen);
  const accepted: Verdict<'Accepted'> = {
    type: 'Accepted',
    status: 'True',
    reason: 'Accepted',
    message: `The route is valid: ${ips.join(', ')}`,
  };
  if (mustRebuild(o, scheme)) return rebuild(o, accepted, delivery);
  const tidies = o.cause.method === sweepMethod;
  const goal = { ips, gateways, scheme, chosen, holder, standbys, tidies, nextMove, passedOver };
  return act(o, accepted, goal, delivery, defeat);
};

/** Not accepted, but it heals: nobody holds the addresses, and everything stays ready for the day it does. */
export const pause = (o: RouteObservation, accepted: Refusal, delivery: Delivery): Decision =>
  o.cloud.backendService === undefined
    ? {
        kind: 'act',
        status: nobody(o, accepted, nothingHeld),
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
  tidies: false,
  nextMove: undefined,
  passedOver: undefined,
  scheme: o.cloud.backendService?.scheme ?? 'EXTERNAL',
});

/** The scheme or the network has changed: teardown first; once nothing is left, everything is made anew. */
const rebuild = (o: RouteObservation, accepted: Verdict<'Accepted'>, delivery: Delivery): Decision => {
  const problem = failureVerdict(delivery);
  return {
    kind: 'act',
    status: nobody(o, accepted, problem ?? keepFailure(o, rebuilding)),
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
  // Only standbys come or go: that is no matter of the Pod that is served, nor of a route that waits for one.
  const spared = !plan.urgent && (goal.chosen !== undefined || o.cloud.backendService !== undefined);
  const problem =
    (spared ? undefined : failureVerdict(delivery)) ??
    foreignVerdict(plan.foreign) ??
    (stranger && strangerVerdict(stranger)) ??
    (misplaced === undefined ? undefined : misplacedVerdict(misplaced));
  const stopped = problem !== undefined || delivery.failure !== undefined;
  const stages = stopped ? [] : paused ? recordOnly(plan) : plan.stages;
  const urgent = paused ? stages.length > 0 : plan.urgent;
  const drift = driftOf(o, goal);
  const named = nameable(o, plan, stranger !== undefined) ? goal.holder : undefined;
  const gcpReady =
    problem ??
    (urgent
      ? keepFailure(o, drift === undefined ? busyVerdict(o, goal.holder) : driftVerdict(drift))
      : withStandbys(o, atRest(o, goal, paused), delivery, stages.length > 0));
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
      nextMove: goal.nextMove,
    }),
    stages,
    finalizers: holds ? withOurs(o.route) : o.route.metadata.finalizers,
    audit: unaudited(o, delivery),
  };
};

const atRest = (o: RouteObservation, goal: Goal, paused: boolean): Verdict<'GCPReady'> => {
  if (goal.holder !== undefined) return leading(goal.holder, goal.passedOver);
  return noPods(paused ? 'The route is not accepted: see the condition Accepted' : nobodyMessage(o, goal));
};

const nobodyMessage = (o: RouteObservation, { nextMove }: Goal): string =>
  nextMove === undefined ? noPodsMessage(o) : tooManyMovesMessage(nextMove);

/** Also where somebody has taken it off: what is held would stay in Google Cloud when the route goes. */
const withOurs = (route: Route): readonly string[] =>
  hasOurFinalizer(route) ? route.metadata.finalizers : [...route.metadata.finalizers, releaseFinalizer];

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
