import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { conditionEntry, leftToGkeEntry } from '../persistent-ip/audit.ts';
import { findCondition } from '../persistent-ip/conditions.ts';
import { type Decision, decideRoute } from '../persistent-ip/decide-route.ts';
import { asBefore } from '../persistent-ip/dependants.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { Delivery, RouteObservation } from '../persistent-ip/observation.ts';
import { onlyWritesRecord } from '../persistent-ip/plan-release.ts';
import { deliveryFrom } from '../persistent-ip/plan-service.ts';
import { noteworthy, sameRouteStatus } from '../persistent-ip/route-status.ts';
import { hasOurFinalizer } from '../persistent-ip/whose-route.ts';
import { Announcements } from './announcements.ts';
import { applyStages } from './apply-stages.ts';
import { publishDependants, publishVanished } from './dependants.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';
import { noteHolder } from './note-holder.ts';
import { observeRoute } from './observe-route.ts';
import { Patience } from './patience.ts';
import { releaseLeftovers } from './release-leftovers.ts';

type Act = Extract<Decision, { kind: 'act' }>;

/** One delivery for one route; however it ends, the Events of what it did are sent. */
export const reconcileRoute = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
  deadline: Date,
): Promise<Outcome> => {
  const announcements = new Announcements(deps);
  try {
    return await deliver(deps, request, deadline, announcements);
  } finally {
    await announcements.sent();
  }
};

/**
 * Observe, decide, apply, and again, until a decision holds no step. The observation after its own PATCH is the second
 * look that `GCPReady` must not turn True without.
 * Whatever stops it leaves a state from which the same delivery, repeated, goes on.
 */
const deliver = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
  deadline: Date,
  announcements: Announcements,
): Promise<Outcome> => {
  const patience = new Patience(deps.runtime, deadline);
  const inLog = new Set<string>();
  let delivery: Delivery | undefined;
  let target = request;
  while (patience.goesOn()) {
    try {
      const seen = await observeRoute(deps, target);
      const { uid } = target;
      if (uid !== undefined && seen?.route.metadata.uid !== uid) {
        const left = await releaseLeftovers(deps, { ...target, uid }, deadline);
        if (left.kind !== 'settled') return left;
        await publishVanished(deps, request);
        if (seen === undefined) return { kind: 'settled' };
        // Another one has its name now: that one is looked at with what came free.
        target = { ...request, uid: seen.route.metadata.uid };
        delivery = undefined;
        continue;
      }
      if (seen === undefined) {
        await publishVanished(deps, request);
        return { kind: 'settled' };
      }
      patience.observed();
      target = { ...request, uid: seen.route.metadata.uid };
      delivery ??= deliveryFrom(seen);
      const { observed, decision } = await withFinalizers(deps, seen, delivery);
      if (decision.kind === 'leave') {
        deps.runtime.log('INFO', decision.why, { route: `${request.namespace}/${request.name}` });
        await sayLeft(deps, observed, decision);
        return { kind: 'settled' };
      }
      // Before `GCPReady` may say that the change is over: a crash in between repeats an identical entry.
      await noteHolder(deps, observed.route.metadata, decision.audit, inLog, (entry) =>
        announcements.begin(entry),
      );
      const { written, noted } = await report(deps, observed, decision, request, announcements);
      if (written !== observed.route)
        delivery = { ...delivery, statusWrites: (delivery.statusWrites ?? 0) + 1 };
      if (decision.stages.length === 0) {
        await noted();
        await dropFinalizers(deps, request, written, decision);
        return { kind: 'settled' };
      }
      const applying = applyStages(deps.compute, decision.stages, deadline);
      const noting = settle(noted());
      const applied = await applying;
      if (applied.written !== undefined) delivery = { ...delivery, written: applied.written };
      (await noting)();
      const before = asBefore(observed.route, observed.cloud.rules, decision.stages);
      if (before !== undefined) await publishDependants(deps, before, request.cause);
      if (applied.failure === undefined) {
        patience.applied();
        continue;
      }
      const verdict = await patience.spend(applied.failure, 'apply');
      if (verdict === 'give-up') break;
      if (verdict === 'user') {
        const { code, message } = applied.failure;
        delivery =
          decision.releases && onlyWritesRecord(decision.stages)
            ? { ...delivery, recordRefused: true }
            : { ...delivery, failure: { code, message } };
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if ((await patience.spend(error, 'observe')) !== 'again') break;
    }
  }
  return patience.outcome();
};

/** Once, in the audit log: on the route itself we write nothing. */
const sayLeft = async (
  { audit, cluster }: ClusterDependencies,
  { route, now }: RouteObservation,
  { stoppedSince }: Extract<Decision, { kind: 'leave' }>,
): Promise<void> => {
  if (stoppedSince === undefined) return;
  await audit.write([leftToGkeEntry(cluster.key, route.metadata, namedAddresses(route), stoppedSince, now)]);
};

const namedAddresses = ({ addresses }: Route): readonly string[] => addresses.map(({ value }) => value);

/** What was seen, and what it leads to. */
interface Decided {
  readonly observed: RouteObservation;
  readonly decision: Decision;
}

/**
 * A finalizer is there before the first Google Cloud resource. Where it had to be added, nothing is read again: the write
 * was fenced by what was observed, so nobody has written the route since, and everything else is as old as it was.
 */
const withFinalizers = async (
  deps: ClusterDependencies,
  observed: RouteObservation,
  delivery: Delivery,
): Promise<Decided> => {
  const decision = decideRoute(observed, delivery);
  const { route } = observed;
  if (decision.kind === 'leave' || decision.finalizers.length <= route.metadata.finalizers.length)
    return { observed, decision };
  const written = await deps.kubernetes.setRouteFinalizers(route, decision.finalizers);
  if (written === undefined)
    throw new Failure('stale', 'Gone', 0, 'the route went while its finalizer was added');
  const held = { ...observed, route: written };
  return { observed: held, decision: decideRoute(held, delivery) };
};

/** What became of the status. */
interface Reported {
  /** The route as it is now, if nobody else writes. */
  readonly written: Route;
  /** Writes the entry of what changed: beside the stages, because an address waits for those. */
  readonly noted: () => Promise<void>;
}

/** The status, only if it reads differently; whoever depends on `Accepted` is told before it changes. */
const report = async (
  deps: ClusterDependencies,
  { route, cluster, now }: RouteObservation,
  { status }: Act,
  request: ReconcileRequest,
  announcements: Announcements,
): Promise<Reported> => {
  const nothing = () => Promise.resolve();
  if (status === undefined || sameRouteStatus(route.status, status))
    return { written: route, noted: nothing };
  const before = findCondition(route.status.conditions, 'Accepted');
  const after = findCondition(status.conditions, 'Accepted');
  if (before?.status !== after?.status || before?.observedGeneration !== after?.observedGeneration)
    await publishDependants(deps, route, request.cause);
  const written = await deps.kubernetes.writeRouteStatus(route, status);
  const changed = noteworthy(route.status.conditions, status.conditions);
  if (changed.conditions.length === 0) return { written, noted: nothing };
  const addresses = namedAddresses(route);
  const entry = conditionEntry(cluster.key, written.metadata, addresses, changed, request.cause, now);
  const note = async () => {
    await deps.audit.write([entry]);
    announcements.begin(entry);
  };
  return { written, noted: note };
};

/** Waits without rejecting: what became of it is asked for later. */
const settle = async (work: Promise<void>): Promise<() => void> => {
  try {
    await work;
    return () => {};
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

/**
 * The last act of a release; the routes that wait for the addresses are told first. Fenced by what was observed: nobody
 * has made anything since, and no other finalizer has come.
 */
const dropFinalizers = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
  route: Route,
  { finalizers }: Act,
) => {
  if (!hasOurFinalizer(route) || finalizers.length >= route.metadata.finalizers.length) return;
  await publishDependants(deps, route, request.cause);
  await deps.kubernetes.setRouteFinalizers(route, finalizers);
};
