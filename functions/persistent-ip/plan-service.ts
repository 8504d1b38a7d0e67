import type { Candidate } from './choose-pod.ts';
import type { BackendService, CloudStep, Leader, NegRef, Scheme } from './cloud.ts';
import { findCondition } from './conditions.ts';
import { movesAfter } from './flap-protection.ts';
import { type Holder, type HolderRecord, type IdleNodes, sameHolder } from './holder-record.ts';
import { type Delivery, ownerOf, type RouteObservation } from './observation.ts';
import { describe, recordOf } from './ownership.ts';
import { type Endpoint, endpointOf, sameNeg } from './plan-endpoints.ts';
import { sameIdle, withIdle } from './plan-idle.ts';
import { routeNetwork } from './route-network.ts';

/** Who shall hold the addresses. */
export interface Choice {
  readonly ips: readonly string[];
  readonly chosen: Candidate | undefined;
  readonly holder: Holder | undefined;
  readonly scheme: Scheme;
}

/**
 * The backend service: made with its leader and the holder record, patched when the leader, the record or the list
 * of NEGs must change. A move is this one PATCH.
 * @param idle the nodes that the record is to call idle, while its holder stays
 */
export const planService = (
  o: RouteObservation,
  stem: string,
  { ips, holder, chosen, scheme }: Choice,
  endpoints: readonly Endpoint[],
  idle: IdleNodes | undefined,
  delivery: Delivery,
): { steps: CloudStep[]; urgent: boolean } => {
  const owner = ownerOf(o);
  const seen = o.cloud.backendService;
  const leader = leaderOf(o, stem, chosen);
  const backends = wantedBackends(seen, endpoints);
  if (seen === undefined) {
    if (leader === undefined) return { steps: [], urgent: false };
    const { network } = routeNetwork(o);
    const record = newRecord(o, undefined, holder, ips, '');
    const description = describe(owner, record);
    return {
      steps: [
        { do: 'create-backend-service', name: stem, scheme, network, backends, leader, record, description },
      ],
      urgent: true,
    };
  }
  const written = recordOf(seen.description);
  const sameRecord = written !== undefined && sameHolder(written.holder, holder);
  const leads = leader === undefined || isLeader(o, seen, leader);
  const confirmed =
    isSettled(o, holder) || delivery.written === seen.description || delivery.settledAt === seen.fingerprint;
  const urgent = !sameRecord || !leads || !confirmed;
  const grows = backends.length > seen.backends.length;
  if (!urgent && !grows && sameIdle(written?.idle, idle)) return { steps: [], urgent };
  const record =
    written !== undefined && sameRecord
      ? withIdle({ ...written, written: o.now.toISOString() }, idle)
      : newRecord(o, written, holder, ips, seen.fingerprint);
  const step: CloudStep = {
    do: 'patch-backend-service',
    name: stem,
    fingerprint: seen.fingerprint,
    ...(leader === undefined ? {} : { leader }),
    ...(grows ? { backends } : {}),
    record,
    description: describe(owner, record),
  };
  return { steps: [step], urgent };
};

/** The endpoint that must lead while this Pod holds the addresses. */
export const leaderOf = (o: RouteObservation, stem: string, chosen: Choice['chosen']): Leader | undefined => {
  const place = chosen === undefined ? undefined : endpointOf(o, stem, chosen)[0];
  return place && { neg: place.neg, instance: place.instance };
};

/** The leader counts only while its endpoint is attached: a VM recreated under its name is not. */
export const isLeader = (o: RouteObservation, seen: BackendService, wanted: Leader): boolean =>
  seen.leader !== undefined &&
  seen.leader.instance === wanted.instance &&
  sameNeg(seen.leader.neg, wanted.neg) &&
  o.cloud.negs.some((neg) => sameNeg(neg, wanted.neg) && neg.endpoints.includes(wanted.instance));

const wantedBackends = (
  seen: BackendService | undefined,
  endpoints: readonly Endpoint[],
): readonly NegRef[] => {
  const all: NegRef[] = [...(seen?.backends ?? [])];
  for (const { neg } of endpoints) if (!all.some((other) => sameNeg(other, neg))) all.push(neg);
  return all;
};

/** The fingerprint of a backend service whose last change the status calls over. */
const settledAt = (o: RouteObservation): string | undefined => {
  const { backendService } = o.cloud;
  const record = recordOf(backendService?.description ?? '');
  return record !== undefined && isSettled(o, record.holder) ? backendService?.fingerprint : undefined;
};

/** A delivery that begins with this observation. */
export const deliveryFrom = (o: RouteObservation): Delivery => {
  const fingerprint = settledAt(o);
  return fingerprint === undefined ? {} : { settledAt: fingerprint };
};

/**
 * Whether the status already says that the last change is over. Otherwise another delivery's PATCH may be on
 * its way, and *nothing to do* must be said by a PATCH of the same leader with the fingerprint.
 * Source: design/google-cloud.md, *Concurrency and idempotency*.
 */
export const isSettled = (
  { route }: Pick<RouteObservation, 'route'>,
  holder: Holder | undefined,
): boolean => {
  const gcp = findCondition(route.status.conditions, 'GCPReady');
  const { pods } = route.status;
  return holder === undefined
    ? gcp?.reason === 'NoPodsFound' && pods.length === 0
    : gcp?.status === 'True' && pods.length === 1 && pods[0] === holder.pod;
};

/**
 * A new change of holder; its texts are cut so that a description always holds it.
 * @param written the record that it replaces
 */
export const newRecord = (
  { now, cause }: Pick<RouteObservation, 'now' | 'cause'>,
  written: HolderRecord | undefined,
  holder: Holder | undefined,
  ips: readonly string[],
  replaced: string,
): HolderRecord => ({
  holder,
  before: written?.holder,
  at: now.toISOString(),
  cause: {
    insertId: cause.insertId.slice(0, 36),
    method: cause.method.slice(0, 64),
    principal: cause.principal.slice(0, 64),
    at: cause.at.slice(0, 32),
  },
  replaced,
  written: now.toISOString(),
  addresses: ips,
  changes: (written?.changes ?? 0) + 1,
  moves: movesAfter(written, holder, now),
});
