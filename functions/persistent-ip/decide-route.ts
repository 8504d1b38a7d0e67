import { acceptRoute } from './accept-route.ts';
import { type Defeat, defeatOf } from './claims.ts';
import { hold, pause } from './decide-hold.ts';
import { release } from './decide-release.ts';
import { type Decision, nobody, type Refusal } from './decision.ts';
import { refusedVerdict } from './gcp-ready.ts';
import { type Delivery, ownerOf, type RouteObservation } from './observation.ts';
import { routeNetwork } from './route-network.ts';
import { keptStatus, sameRouteStatus } from './route-status.ts';
import { mayWrite, withSecondController } from './second-controller.ts';
import { isTurnOf, minutesBetweenFull } from './sweep-times.ts';
import { stoppedSince, whoseRoute } from './whose-route.ts';

export type { Decision } from './decision.ts';

/** The only place where the rules about a route meet. Pure and total. */
export const decideRoute = (o: RouteObservation, delivery: Delivery): Decision => {
  const decision = decideAlone(o, delivery);
  if (decision.kind === 'leave' || decision.status === undefined) return decision;
  const { pods, conditions } = decision.status;
  const status = { pods, conditions: withSecondController(o.route, conditions, o.now) };
  const writes = !sameRouteStatus(o.route.status, status);
  if (writes && !mayWrite(o.route, o.now, delivery.statusWrites ?? 0))
    return { kind: 'leave', why: 'another controller writes the status, too: a later delivery goes on' };
  return { ...decision, status };
};

/** For how long a sweep repeats the audit entry of a route that is left to GKE, milliseconds: three full runs. */
const repeated = 3 * minutesBetweenFull * 60_000;

/**
 * Whether a delivery would change anything, or owes the audit log an entry. That a route is left to GKE is written down
 * nowhere but in the log, which nobody reads back for it: what is young may not have been said, the rest is said again
 * when it is the route's turn.
 */
export const changesRoute = ({ route, now }: RouteObservation, decision: Decision): boolean => {
  if (decision.kind === 'leave') {
    const since = Date.parse(decision.stoppedSince ?? '');
    return now.getTime() - since < repeated || (!Number.isNaN(since) && isTurnOf(route.metadata.uid, now));
  }
  const { status, stages, finalizers, audit } = decision;
  return (
    stages.length > 0 ||
    audit !== undefined ||
    finalizers.length !== route.metadata.finalizers.length ||
    (status !== undefined && !sameRouteStatus(route.status, status))
  );
};

/** As if nobody else wrote on it. */
const decideAlone = (o: RouteObservation, delivery: Delivery): Decision => {
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
    : nobody(o, acceptance.verdict, gcpReady);
  return { kind: 'act', status, stages: [], finalizers: route.metadata.finalizers, audit: undefined };
};

/** Reasons that heal by themselves: nothing is deleted and the leader stays. */
const healing: readonly Refusal['reason'][] = [
  'InvalidLabels',
  'GatewayNotAccepted',
  'NetworkNotFound',
  'NetworkNotReady',
];

/** Whether what the route holds outlives this refusal. */
export const heals = (reason: string): boolean => healing.some((one) => one === reason);

const refused = (o: RouteObservation, verdict: Refusal, delivery: Delivery): Decision =>
  heals(verdict.reason) ? pause(o, verdict, delivery) : release(o, verdict, delivery);

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
