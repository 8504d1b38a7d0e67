import { acceptRoute } from './accept-route.ts';
import { defeatOf } from './claims.ts';
import { findCondition } from './conditions.ts';
import { chooseHolder } from './decide-hold.ts';
import { decideRoute, heals } from './decide-route.ts';
import { type Explanation, explainDecision } from './explain.ts';
import type { RouteStatus } from './objects.ts';
import { ownerOf, type RouteObservation } from './observation.ts';
import { isOwnedBy } from './ownership.ts';
import { mustRebuild } from './plan-release.ts';
import { routeNetwork } from './route-network.ts';
import { whoseRoute } from './whose-route.ts';

/**
 * What a look at an object comes to.
 * - `served`: it gets what it asks for
 * - `waits`: it is valid, and gets it without anybody touching it when a Pod is there, or when another route goes
 * - `refused`: somebody must change something; the conditions say what
 * - `left`: it is not ours to serve
 */
export type Outcome = 'served' | 'waits' | 'refused' | 'left';

/** Another claim that stands before the route's own. */
export interface Conflict {
  readonly address: string;
  /** `GKEIPRoute NAMESPACE/NAME`, or a forwarding rule that is not ours. */
  readonly with: string;
}

/** What the rules say of a route, and what that comes to. */
export interface Forecast extends Explanation {
  readonly outcome: Outcome;
  readonly because: string;
  /** Who would hold the addresses; null: nobody. */
  readonly wouldHold: { readonly pod: string; readonly uid: string; readonly node: string } | null;
  readonly conflict: Conflict | null;
  /** Addresses that it holds in Google Cloud and would let go of. */
  readonly givesUp: readonly string[];
  /** What follows once the stages are done. Only one round is known for sure: each delivery looks anew. */
  readonly next: string;
  /** As it would be written now; `undefined`: not ours to write. */
  readonly status: RouteStatus | undefined;
}

export const forecastRoute = (o: RouteObservation): Forecast => {
  const decision = decideRoute(o, {});
  const explanation = explainDecision(o, decision);
  const { conditions } = explanation;
  const accepted = findCondition(conditions, 'Accepted');
  const gcpReady = findCondition(conditions, 'GCPReady');
  const conflict = conflictOf(o);
  const chosen = explanation.pods.find((pod) => pod.chosen);
  const outcome = outcomeOf(explanation, conflict, chosen !== undefined);
  const served = outcome === 'served' && chosen !== undefined;
  const wouldHold = served ? { pod: chosen.pod, uid: chosen.uid, node: chosen.node ?? '' } : null;
  const told = { ...explanation, outcome, conflict, wouldHold, givesUp: givenUp(o, explanation) };
  return {
    ...told,
    because: served
      ? becauseServed(told)
      : (explanation.why ??
        (accepted?.status === 'True' ? whyNobody(o, outcome, gcpReady?.message) : (accepted?.message ?? ''))),
    next: nextOf(o, told),
    status: decision.kind === 'act' ? decision.status : undefined,
  };
};

const outcomeOf = (
  { verdict, conditions }: Explanation,
  conflict: Conflict | null,
  isChosen: boolean,
): Outcome => {
  if (verdict === 'leave') return 'left';
  if (findCondition(conditions, 'Accepted')?.status !== 'True')
    return conflict === null ? 'refused' : 'waits';
  if (findCondition(conditions, 'GCPReady')?.reason === 'GCPFailed') return 'refused';
  return isChosen ? 'served' : 'waits';
};

type Told = Omit<Forecast, 'because' | 'next' | 'status'>;

const becauseServed = ({ holder, wouldHold }: Told): string => {
  const pod = `Pod ${wouldHold?.pod ?? ''} on node ${wouldHold?.node ?? ''}`;
  if (holder === null) return `${pod} would get the addresses`;
  return holder.uid === wouldHold?.uid
    ? `${pod} would keep the addresses`
    : `the addresses would move from Pod ${holder.pod} to ${pod}`;
};

/** While a record still says that somebody holds the addresses, `GCPReady` speaks of that. */
const whyNobody = (o: RouteObservation, outcome: Outcome, message = ''): string =>
  outcome === 'waits' && o.pods.length === 0
    ? 'no Pod of the namespace has the labels that spec.podSelector asks for'
    : message;

/** Who stands before the route: as the decision itself found it. */
const conflictOf = (o: RouteObservation): Conflict | null => {
  if (o.refusal !== undefined || o.contest === undefined || whoseRoute(o) !== 'ours') return null;
  const acceptance = acceptRoute(o);
  if (!acceptance.accepted) return null;
  const defeat = defeatOf(ownerOf(o), o.route, acceptance, o.contest, routeNetwork(o).network);
  if (defeat === undefined || defeat.by === 'absence') return null;
  const { address } = defeat;
  return {
    address,
    with: defeat.by === 'route' ? `GKEIPRoute ${defeat.winner}` : `forwarding rule ${defeat.rule}`,
  };
};

const givenUp = (o: RouteObservation, { verdict, conditions }: Explanation): readonly string[] => {
  if (verdict === 'leave' || o.refusal !== undefined) return [];
  const owner = ownerOf(o);
  const held = o.cloud.rules.filter(({ description }) => isOwnedBy(owner, description)).map(({ ip }) => ip);
  const said = findCondition(conditions, 'Accepted');
  if (said?.status !== 'True') return heals(said?.reason ?? '') ? [] : held;
  const acceptance = acceptRoute(o);
  return acceptance.accepted ? held.filter((ip) => !acceptance.ips.includes(ip)) : [];
};

const nextOf = (o: RouteObservation, told: Told): string => {
  const { outcome, conflict, wouldHold, holder, stages, givesUp } = told;
  const { metadata } = o.route;
  switch (outcome) {
    case 'left':
      return 'Nothing: this deployment does not touch it.';
    case 'served': {
      const acceptance = acceptRoute(o);
      if (acceptance.accepted && mustRebuild(o, acceptance.scheme))
        return 'When all that it holds is gone, everything is made anew for its scheme and network, and nobody holds the addresses meanwhile.';
      const agent = `the agent of node ${wouldHold?.node ?? ''} answers with DPV2Ready, and Ready turns True`;
      const edited = (findCondition(o.route.status.conditions, 'Accepted')?.observedGeneration ?? 0) > 0;
      if (holder === null)
        return `When that is done status.pods names Pod ${wouldHold?.pod ?? ''}, ${agent}.`;
      const other =
        chooseHolder(o).candidates.length > 1 ? ' Nodes of the other Pods follow as standbys.' : '';
      if (stages.length === 0 && metadata.generation === generationOf(o)) return `Nothing changes.${other}`;
      return `${edited && metadata.generation !== generationOf(o) ? 'Traffic is interrupted for some seconds, until' : 'Then'} ${agent}.${other}`;
    }
    case 'waits':
      if (conflict !== null)
        return `It gets ${conflict.address} without being touched when ${conflict.with} lets go of it.`;
      return 'The addresses are reserved for the route, and the first Pod that may hold them gets them.';
    case 'refused':
      return givesUp.length === 0
        ? 'It is looked at again as soon as something that it depends on changes.'
        : `Everything that it holds is released: ${givesUp.join(', ')} will be free for others.`;
  }
};

/** The generation that the live status speaks of. */
const generationOf = ({ route }: RouteObservation): number | undefined =>
  findCondition(route.status.conditions, 'Accepted')?.observedGeneration;
