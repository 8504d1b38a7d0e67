import type { Claim, Refusal } from './acceptance.ts';
import { hasStandby, holdingOf, holdingPod, sameHolding } from './choice.ts';
import { acceptedOf, usedByStranger } from './claims.ts';
import { whoseIs } from './classes.ts';
import { type ARoute, type Cluster, type Holding, keyOf, type Past, type RoutePast } from './cluster.ts';
import { fits, placeOf, rangesOf } from './exposure.ts';

/** What one decision says of a route: its status, and what it makes of Google Cloud when it is carried out. */
export interface Expected {
  pods: string[];
  /** `Status/Reason` by type. */
  conditions: Record<'Accepted' | 'GCPReady' | 'DPV2Ready' | 'Ready', string>;
  then: Left;
  /** A Pod is about to hold the addresses: `GCPReady` is True once that is done. */
  busy: boolean;
}

/** What is left when the steps are done, beside the status. */
export type Left = Omit<RoutePast, 'pods' | 'conditions'> & { ips: string[] };

export const noPast: RoutePast = {
  finalizer: false,
  made: false,
  place: '',
  ranges: undefined,
  pods: [],
  conditions: new Map(),
  record: undefined,
  last: '',
  moved: 0,
  had: [],
  leader: '',
  attached: [],
};

/** "`MissingParentRefs`, `GatewayNotFound`, `Unattachable`, `InvalidAddresses`: full release." And deletion. */
const releases = (refusal: Refusal): boolean =>
  ['MissingParentRefs', 'GatewayNotFound', 'Unattachable', 'InvalidAddresses', 'Mutated'].includes(refusal);

const rulesOf = (past: Past, route: ARoute): string[] =>
  past.rules.filter(({ by }) => by === keyOf(route)).map(({ ip }) => ip);

const hasSame = (a: string[], b: string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** One route in one moment: what each sentence below speaks of. */
class Moment {
  readonly cluster: Cluster;
  readonly past: Past;
  readonly route: ARoute;
  readonly before: RoutePast;
  readonly held: string[];
  /** `GCPFailed`: a step was refused for good. */
  readonly refused: string | undefined;

  constructor(cluster: Cluster, past: Past, route: ARoute, failed: boolean) {
    this.cluster = cluster;
    this.past = past;
    this.route = route;
    this.before = past.routes.get(keyOf(route)) ?? noPast;
    this.held = rulesOf(past, route);
    this.refused = failed ? 'False/GCPFailed' : undefined;
  }

  /** "a resource with our name but not our record is `GCPFailed` with a message, never overwritten." */
  get squatted(): string | undefined {
    return this.cluster.squatted.includes(keyOf(this.route)) ? 'False/GCPFailed' : undefined;
  }

  get failing(): string | undefined {
    return this.squatted ?? this.refused;
  }

  /**
   * While our own operation runs. A failure that a person must mend stays readable until it is mended, not only until the
   * next try: the specification has no word on it.
   */
  busy(reason: 'GCPNotReady' | 'Mutated'): string {
    const gcp = this.before.conditions.get('GCPReady');
    const kept = gcp?.reason === 'GCPFailed' && gcp.generation === this.route.generation;
    return kept ? 'False/GCPFailed' : `False/${reason}`;
  }

  get stays(): Left {
    const { pods: _, conditions: __, ...left } = this.before;
    return { ...left, ips: this.held };
  }

  get nothing(): Left {
    const { pods: _, conditions: __, ...left } = noPast;
    return { ...left, ips: [] };
  }

  say(accepted: string, gcp: string, pods: string[], dpv2: string, then: Left, busy = false): Expected {
    // "`Ready`: `ProgrammingComplete`; the reason of the first of the other three that is not True"
    let ready = 'True/ProgrammingComplete';
    for (const one of [dpv2, gcp, accepted])
      if (!one.startsWith('True/')) ready = `False/${one.split('/')[1]}`;
    return {
      pods,
      conditions: { Accepted: accepted, GCPReady: gcp, DPV2Ready: dpv2, Ready: ready },
      then,
      busy,
    };
  }
}

/** `DPV2Ready` while nobody is named. */
const unnamed = ({ pods, conditions }: RoutePast): string => {
  // "`NoPodsFound` (we emptied `status.pods`)"
  if (pods.length > 0 || conditions.get('DPV2Ready')?.reason === 'NoPodsFound') return 'False/NoPodsFound';
  // "`DPV2NotReady` (never accepted, ...)"
  return 'False/DPV2NotReady';
};

/** `undefined`: no word of ours on this route. `failed`: Google Cloud refused a step for good. */
export const decisionOf = (
  cluster: Cluster,
  past: Past,
  route: ARoute,
  failed = false,
): Expected | undefined => {
  const moment = new Moment(cluster, past, route, failed);
  if (whoseIs(cluster, route, moment.before.finalizer) !== 'ours') return undefined;
  const verdict = acceptedOf(cluster, past, route);
  return typeof verdict === 'string' ? refusedRoute(moment, verdict) : acceptedRoute(moment, verdict);
};

const refusedRoute = (moment: Moment, refusal: Refusal): Expected => {
  const { before, refused, failing, nothing, stays } = moment;
  const accepted = `False/${refusal}`;
  // "What losing `Accepted` does: `status.pods` is always emptied."
  const say = (gcp: string, then: Left) => moment.say(accepted, gcp, [], unnamed(before), then);
  // "then sets `GCPReady=False/CleanupComplete` and drops the finalizer"
  if (refusal === 'Mutated')
    return say(refused ?? (before.made ? moment.busy('GCPNotReady') : 'False/CleanupComplete'), nothing);
  // "full release"; "`GCPNotReady` (our own operation runs, or nothing was ever made)". The finalizer has then nothing left
  // to guard.
  if (releases(refusal))
    return say(refused ?? (before.made ? moment.busy('GCPNotReady') : 'False/GCPNotReady'), nothing);
  // "nothing is deleted and the leader stays", but "the holder record says nobody": until it does, "our own operation
  // runs". What was made and led to a Pod is then without one.
  let gcp = 'False/GCPNotReady';
  if (before.record === null) gcp = 'False/NoPodsFound';
  else if (before.record !== undefined) gcp = moment.busy('GCPNotReady');
  return say(failing ?? gcp, { ...stays, record: before.record === undefined ? undefined : null });
};

const acceptedRoute = (moment: Moment, claim: Claim): Expected => {
  const { cluster, route, before, failing, nothing } = moment;
  // "A change of scheme, network or subnetwork cannot be patched: the same teardown, then everything anew,
  // `GCPReady=False/GCPNotReady` meanwhile."
  if (before.made && !fits(before.place, placeOf(cluster, route, claim)))
    return moment.say('True/Accepted', failing ?? moment.busy('GCPNotReady'), [], 'False/NoPodsFound', {
      ...nothing,
      finalizer: true,
    });
  const pod = holdingPod(cluster, route, before);
  return pod === undefined ? podless(moment, claim) : served(moment, claim, holdingOf(pod));
};

/**
 * "No eligible Pod: `status.pods: []`, `Ready=False/NoPodsFound`, the addresses stay reserved for the route. The leader
 * stays where it is, and the holder record says nobody."
 */
const podless = (moment: Moment, claim: Claim): Expected => {
  const { cluster, past, route, before, held, stays } = moment;
  const stranger = usedByStranger(past, claim) ? 'False/GCPFailed' : undefined;
  const exists = before.record !== undefined;
  const ranges = rangesOf(route, claim);
  const complete =
    !exists || (before.record === null && hasSame(held, claim.ips) && before.ranges === ranges);
  // What is refused then is a standby: nothing that the route lacks while it waits for a Pod.
  const failing = moment.squatted ?? (exists && complete ? undefined : moment.refused) ?? stranger;
  // "a finalizer is on the route before the first Google Cloud resource": a standby's endpoint needs a NEG.
  const prepares = failing === undefined && hasStandby(cluster, route);
  const where = placeOf(cluster, route, claim).replace(/^\w+/, '');
  // "`GCPNotReady` (our own operation runs ...)" while the record still says somebody.
  const own = complete ? 'False/NoPodsFound' : moment.busy('GCPNotReady');
  return moment.say('True/Accepted', failing ?? own, [], 'False/NoPodsFound', {
    ...stays,
    ...(exists && failing === undefined ? { ips: claim.ips, had: claim.ips, ranges, record: null } : {}),
    made: before.made || prepares,
    finalizer: before.finalizer || prepares,
    place: before.place === '' && prepares ? where : before.place,
  });
};

const served = (moment: Moment, claim: Claim, holding: Holding): Expected => {
  const { cluster, past, route, before, held, refused, squatted, stays } = moment;
  const stranger = usedByStranger(past, claim);
  const was = before.conditions.get('Accepted');
  // "at first allocation `status.pods` stays empty until every forwarding rule exists under our record". A live route of
  // which a rule was taken away, or which gets an address more because its pool grew, allocates nothing for the first time;
  // an edit of its spec may claim what another route claims at the same moment, so that does.
  const live =
    before.pods.length > 0 && was?.status === 'True' && was.generation === route.generation && !stranger;
  const pods = live || claim.ips.every((ip) => held.includes(ip)) ? [holding.pod] : [];
  // "whenever the holder changes or a new generation is seen we reset it to `False/Mutated`"
  const dpv2 = before.conditions.get('DPV2Ready');
  const same =
    sameHolding(before.record, holding) && before.pods[0] === pods[0] && was?.generation === route.generation;
  const datapath =
    pods.length === 0 ? unnamed(before) : same && dpv2 ? `${dpv2.status}/${dpv2.reason}` : 'False/Mutated';
  const ranges = rangesOf(route, claim);
  const complete =
    hasSame(held, claim.ips) &&
    sameHolding(before.record, holding) &&
    before.leader === holding.node &&
    before.ranges === ranges;
  // "*The leader is right, nothing to do* is final only if `GCPReady` was True when the delivery began"
  const over = complete && before.conditions.get('GCPReady')?.status === 'True';
  // What is refused then is the attachment of a standby, "so that the next holder's node is there before it is needed": the
  // Pod that is served does not need it.
  const failing = squatted ?? (over ? undefined : refused);
  if (failing !== undefined || stranger)
    return moment.say('True/Accepted', 'False/GCPFailed', pods, datapath, stays);
  const own = moment.busy(drifted(moment, claim, holding) ? 'Mutated' : 'GCPNotReady');
  const then = {
    ips: claim.ips,
    had: claim.ips,
    record: holding,
    last: holding.uid,
    moved: before.moved + (before.last === '' || before.last === holding.uid ? 0 : 1),
    leader: holding.node,
    attached: before.attached,
    made: true,
    place: placeOf(cluster, route, claim),
    ranges,
    finalizer: true,
  };
  return moment.say('True/Accepted', over ? 'True/GCPReady' : own, pods, datapath, then, !over);
};

/**
 * "`Mutated` (drift found, repair not done)": something is not as we had left it. Where a person or the rules want something
 * else than before, "our own operation runs".
 */
const drifted = ({ before, route, held }: Moment, { ips }: Claim, holding: Holding): boolean => {
  const { conditions, record, ranges, had, leader } = before;
  const gcp = conditions.get('GCPReady');
  if (gcp?.generation !== route.generation || !sameHolding(record, holding)) return false;
  if (gcp.status !== 'True' && gcp.reason !== 'Mutated') return false;
  return (
    ranges === undefined ||
    leader !== holding.node ||
    ips.some((ip) => had.includes(ip) && !held.includes(ip))
  );
};
