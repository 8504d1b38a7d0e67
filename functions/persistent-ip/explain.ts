import { type Candidate, eligiblePods, placeOf, rank, whyNotMatching } from './choose-pod.ts';
import type { CloudStep } from './cloud.ts';
import { type Calls, callsOf } from './compute-call.ts';
import { chooseHolder } from './decide-hold.ts';
import { type Decision, decideRoute } from './decide-route.ts';
import { secondOf } from './flap-protection.ts';
import type { Condition, Pod } from './objects.ts';
import type { RouteObservation } from './observation.ts';
import { recordOf } from './ownership.ts';
import { unlistedProblem } from './plan-endpoints.ts';
import { routeRemedy } from './remedies.ts';

/** A Pod that the selector selects, and what the rules say of it. */
export interface PodExplained {
  readonly pod: string;
  readonly uid: string;
  readonly node: string | null;
  readonly chosen: boolean;
  readonly why: string;
}

export interface ConditionExplained extends Condition {
  /** null: nothing that we know of. */
  readonly whatToDo: string | null;
}

/** What the rules say of a route as it was observed. */
export interface Explanation {
  /** `leave`: the route is not ours to serve, or not now; `why` says which. */
  readonly verdict: 'act' | 'leave';
  readonly why: string | null;
  /** Whom Google Cloud's record names; null: nobody. */
  readonly holder: { readonly pod: string; readonly uid: string; readonly node: string } | null;
  /** In the order in which the rules prefer them; those that are out of the question last. */
  readonly pods: readonly PodExplained[];
  /** As they would be written now. */
  readonly conditions: readonly ConditionExplained[];
  /** The changes of Google Cloud that would be made now: stage after stage, those of one stage side by side. */
  readonly stages: readonly (readonly CloudStep[])[];
  /** The same as people read them: each by the name of the method and of the resource. */
  readonly calls: Calls;
}

/** What the reconciler would see, say and do now. It decides nothing: all of it is `decideRoute`'s and what that rests on. */
export const explainRoute = (o: RouteObservation): Explanation => explainDecision(o, decideRoute(o, {}));

/** The same of a decision that was made about the route as it was observed. */
export const explainDecision = (o: RouteObservation, decision: Decision): Explanation => {
  const acts = decision.kind === 'act';
  const stages = acts ? decision.stages : [];
  const conditions = (acts ? decision.status : undefined)?.conditions ?? o.route.status.conditions;
  const holder = recordOf(o.cloud.backendService?.description ?? '')?.holder;
  return {
    verdict: decision.kind,
    why: acts ? null : decision.why,
    holder: holder === undefined ? null : { pod: holder.pod, uid: holder.uid, node: holder.node },
    pods: explainPods(o, conditions),
    conditions: conditions.map((each) => ({ ...each, whatToDo: routeRemedy(each, conditions) ?? null })),
    stages,
    calls: callsOf(stages),
  };
};

const explainPods = (o: RouteObservation, conditions: readonly Condition[]): readonly PodExplained[] => {
  const { candidates, chosen, nextMove } = chooseHolder(o);
  const order = eligiblePods(o.route.reactionMode, candidates);
  const refused = conditions.find(({ type, status }) => type === 'Accepted' && status === 'False');
  const eligible = order.map((candidate): PodExplained => {
    const isChosen = refused === undefined && candidate.pod.metadata.uid === chosen?.pod.metadata.uid;
    if (refused !== undefined)
      return explained(candidate.pod, false, `the route is not accepted (${refused.reason})`);
    if (isChosen && nextMove !== undefined)
      return explained(
        candidate.pod,
        true,
        `the addresses stay here until ${secondOf(nextMove)}: they moved too often`,
      );
    if (isChosen) return explained(candidate.pod, true, 'it is the first in the order of the rules');
    if (nextMove !== undefined)
      return explained(
        candidate.pod,
        false,
        `the addresses moved too often: they go to no other Pod before ${secondOf(nextMove)}`,
      );
    return explained(candidate.pod, false, unlistedProblem(o, candidate) ?? whyBehind(candidate, chosen));
  });
  const listed = new Set(eligible.map(({ uid }) => uid));
  const others = o.pods
    .filter(({ metadata }) => !listed.has(metadata.uid))
    .map((pod) => explained(pod, false, whyNotEligible(o, pod)));
  return [...eligible, ...others];
};

const explained = ({ metadata, nodeName }: Pod, chosen: boolean, why: string): PodExplained => ({
  pod: metadata.name,
  uid: metadata.uid,
  node: nodeName ?? null,
  chosen,
  why,
});

/** By the rules' own tests, in their order; what is left is a Pod that is not Ready. */
const whyNotEligible = (o: RouteObservation, pod: Pod): string => {
  const mismatch = whyNotMatching(o.route, pod);
  if (mismatch !== undefined) return mismatch;
  const place = placeOf(pod, o.nodes);
  return typeof place === 'string' ? place : 'it is not Ready';
};

const whyBehind = (candidate: Candidate, chosen: Candidate | undefined): string => {
  if (chosen === undefined) return 'nobody holds the addresses now';
  if (rank(candidate) === rank(chosen)) return `Pod ${chosen.pod.metadata.name} is newer`;
  const ends = candidate.pod.metadata.deletionTimestamp !== undefined;
  return candidate.node.ready !== 'True'
    ? `its Node ${candidate.node.name} is not ready`
    : ends
      ? 'it is terminating'
      : 'it is behind in the order of the rules';
};
