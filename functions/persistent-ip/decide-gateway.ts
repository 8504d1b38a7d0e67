import type { Address, Scheme, Stage } from './cloud.ts';
import { changedConditions, stamp } from './conditions.ts';
import { meaningOf, withDefaultAddress } from './gateway-class.ts';
import { acceptedVerdict, blindVerdict, goingVerdict, programmedVerdict } from './gateway-conditions.ts';
import type { GatewayObservation, Refusal } from './gateway-observation.ts';
import { listenerStatus } from './listener-status.ts';
import type { Gateway, GatewayStatus } from './objects.ts';
import { identityOf } from './observation.ts';
import { isReservedFor } from './ownership.ts';
import { asksForAddress, evaluatePool, type Pool } from './pool.ts';
import {
  planReserving,
  planReturning,
  type Reservations,
  sortReservations,
  sourceOf,
} from './reservations.ts';
import type { VerdictOf } from './vocabulary.ts';
import { releaseFinalizer } from './whose-route.ts';

/**
 * What to do now, in this order: the finalizer that must be there, the status, the stages. Then observe and decide
 * again; when there are no stages, the finalizer that may go goes.
 */
export interface GatewayDecision {
  /** `undefined`: not ours to write. */
  readonly status: GatewayStatus | undefined;
  readonly stages: readonly Stage[];
  /** Every finalizer that the Gateway must have while the stages run, or once there are none. */
  readonly finalizers: readonly string[];
}

/** @param failure what only a person can mend, of this delivery's last try */
export const decideGateway = (seen: GatewayObservation, failure?: Refusal): GatewayDecision => {
  const { gatewayClass } = seen;
  const o = gatewayClass ? { ...seen, gateway: withDefaultAddress(seen.gateway, gatewayClass) } : seen;
  const { gateway, cluster, deployment, clusterUid, addresses } = o;
  const standing = standingOf(o);
  if (o.refusal !== undefined) return blind(o, standing, o.refusal);
  const { accepted, leaving, scheme } = standing;
  const owner = { deployment, clusterUid, gateway: identityOf(cluster.key, gateway) };
  const count = leaving ? 0 : gateway.addresses.filter(asksForAddress).length;
  // What an entry has come to name is that entry's, and the entries of a deleted Gateway go with it.
  const entries = gateway.metadata.deletionTimestamp === undefined ? gateway : { ...gateway, addresses: [] };
  const ours = sortReservations(owner, entries, addresses, { scheme, count, region: cluster.region });
  // What cannot be accepted as it stands loses nothing that it has, until somebody mends it.
  const plain = (leaving || accepted?.status === 'True') && failure === undefined;
  const from = sourceOf(gateway, scheme, cluster.subnetwork);
  const reserving = plain && typeof from !== 'string' ? planReserving(owner, ours, addresses, from) : [];
  const returning = plain ? planReturning(ours) : [];
  const held = addresses.filter(({ description }) => isReservedFor(owner, description));
  return {
    status:
      accepted && (leaving ? goingStatus(o, held, failure) : statusOf(o, accepted, scheme, ours, failure)),
    stages: [[...reserving, ...returning]].filter((stage) => stage.length > 0),
    finalizers: finalizersOf(
      gateway,
      held.length > 0 || reserving.length > 0,
      accepted !== undefined && !leaving,
    ),
  };
};

/** Whether a decision would change anything at all. */
export const changesGateway = ({ status, metadata }: Gateway, decision: GatewayDecision): boolean =>
  decision.stages.length > 0 ||
  decision.finalizers.length !== metadata.finalizers.length ||
  (decision.status !== undefined && !sameGatewayStatus(status, decision.status));

/** What a Gateway is to us, addresses apart. */
interface Standing {
  /** `undefined`: not ours to write on. */
  readonly accepted: VerdictOf<'Gateway', 'Accepted'> | undefined;
  /** It asks for nothing any more: it is being deleted, or another controller's. */
  readonly leaving: boolean;
  readonly scheme: Scheme;
}

const standingOf = (o: GatewayObservation): Standing => {
  const { metadata } = o.gateway;
  const meaning = o.gatewayClass && meaningOf(o.gatewayClass, o.controllerName);
  const ours = meaning !== undefined && meaning.kind !== 'foreign';
  return {
    accepted: ours ? acceptedVerdict(o, meaning) : undefined,
    leaving: metadata.deletionTimestamp !== undefined || meaning?.kind === 'foreign',
    scheme: meaning?.kind === 'offered' ? meaning.scheme : 'EXTERNAL',
  };
};

/** The pool stays as it was, nothing is reserved or released, and a person is told what Google Cloud refuses. */
const blind = (o: GatewayObservation, { accepted, leaving }: Standing, refusal: Refusal): GatewayDecision => {
  const { gateway, cluster, now } = o;
  const { finalizers, generation } = gateway.metadata;
  // A Gateway that is being deleted is ours to write on as long as it waits for us.
  if (accepted === undefined || (leaving && !finalizers.includes(releaseFinalizer)))
    return { status: undefined, stages: [], finalizers };
  const verdicts = [accepted, blindVerdict(accepted, cluster.region, refusal)];
  const { addresses, conditions } = gateway.status;
  const status: GatewayStatus = {
    addresses: accepted.status === 'True' ? addresses : [],
    conditions: stamp(conditions, verdicts, generation, now),
    listeners: gateway.listeners.map((listener) => listenerStatus(o, listener, accepted)),
  };
  return { status, stages: [], finalizers };
};

/** Ours is there before the first address is reserved, and until the last one is deleted. */
const finalizersOf = ({ metadata }: Gateway, needed: boolean, mayAdd: boolean): readonly string[] => {
  const others = metadata.finalizers.filter((finalizer) => finalizer !== releaseFinalizer);
  const has = others.length < metadata.finalizers.length;
  if (!needed) return others;
  return has || !mayAdd ? metadata.finalizers : [...others, releaseFinalizer];
};

const statusOf = (
  o: GatewayObservation,
  accepted: VerdictOf<'Gateway', 'Accepted'>,
  scheme: Scheme,
  ours: Reservations,
  failure: Refusal | undefined,
): GatewayStatus => {
  const { gateway, cluster, addresses, now } = o;
  const pool: Pool =
    accepted.status === 'True'
      ? evaluatePool(gateway, { reserved: addresses, ours: ours.kept, region: cluster.region, scheme })
      : { held: [], problems: [] };
  const verdicts = [accepted, programmedVerdict(o, accepted, pool, ours, failure)];
  return {
    addresses: pool.held,
    conditions: stamp(gateway.status.conditions, verdicts, gateway.metadata.generation, now),
    listeners: gateway.listeners.map((listener) => listenerStatus(o, listener, accepted)),
  };
};

/** A Gateway that is being deleted and waits for its routes to let go of what we reserved for it. */
const goingStatus = (
  { gateway, now }: GatewayObservation,
  held: readonly Address[],
  failure: Refusal | undefined,
): GatewayStatus | undefined => {
  if (held.length === 0) return undefined;
  const verdict = goingVerdict(held, failure);
  const { status, metadata } = gateway;
  const conditions = stamp(status.conditions, [verdict], metadata.generation, now);
  return { ...status, addresses: [], conditions };
};

/** Whether two statuses read the same; times of transition follow from the conditions. */
export const sameGatewayStatus = (a: GatewayStatus, b: GatewayStatus): boolean =>
  JSON.stringify(a.addresses) === JSON.stringify(b.addresses) &&
  changedConditions(a.conditions, b.conditions).length === 0 &&
  a.listeners.length === b.listeners.length &&
  b.listeners.every((after) => {
    const before = a.listeners.find(({ name }) => name === after.name);
    return (
      before !== undefined &&
      before.attachedRoutes === after.attachedRoutes &&
      JSON.stringify(before.supportedKinds) === JSON.stringify(after.supportedKinds) &&
      changedConditions(before.conditions, after.conditions).length === 0
    );
  });
