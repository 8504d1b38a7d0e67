import { blocking, changedConditions, findCondition, stamp, type Verdict } from './conditions.ts';
import { secondOf } from './flap-protection.ts';
import { type Holder, type HolderRecord, sameHolder } from './holder-record.ts';
import type { Condition, Route, RouteStatus } from './objects.ts';

/** How long a node agent may take before `Ready` says what to check, milliseconds. Source: design/concepts.md. */
export const agentPatience = 120_000;

/** The two verdicts that are ours alone, and whom the status names. */
export interface StatusInput {
  readonly route: Route;
  readonly now: Date;
  readonly accepted: Verdict<'Accepted'>;
  readonly gcpReady: Verdict<'GCPReady'>;
  /** Whom `status.pods` names; `undefined`: nobody. */
  readonly named: Holder | undefined;
  /** Nobody is named only because Google Cloud is not ready for the Pod that is chosen. */
  readonly allocating: boolean;
  /** The holder record in Google Cloud. */
  readonly record: HolderRecord | undefined;
  /** Until when flapping keeps the addresses where they are. */
  readonly nextMove: Date | undefined;
}

/**
 * The whole status of a route. `DPV2Ready=True` is never ours to write: it is kept while generation and holder
 * stay, and reset to `Mutated` as soon as either changes, because a stale True would make the route look ready.
 * Source: design/concepts.md, *The datapath contract*.
 */
export const routeStatus = (input: StatusInput): RouteStatus => {
  const { route, accepted, gcpReady, named, now } = input;
  const dpv2Ready = dpv2Verdict(input);
  const verdicts = [accepted, gcpReady, dpv2Ready, readyVerdict(input, dpv2Ready)];
  return {
    pods: named === undefined ? [] : [named.pod],
    conditions: stamp(route.status.conditions, verdicts, route.metadata.generation, now),
  };
};

/**
 * The status as it stands, with `GCPReady` False: all that is left to say while Google Cloud refuses to be read. Whom it
 * names stays, because nobody knows better.
 */
export const keptStatus = (
  { status, metadata: { generation } }: Route,
  gcpReady: Verdict<'GCPReady'>,
  now: Date,
): RouteStatus => {
  const accepted = findCondition(status.conditions, 'Accepted');
  const { reason, message } = accepted?.status === 'False' ? accepted : gcpReady;
  const ready = { type: 'Ready', status: 'False', reason, message } as const;
  return { pods: status.pods, conditions: stamp(status.conditions, [gcpReady, ready], generation, now) };
};

/** Whether two statuses read the same. */
export const sameRouteStatus = (a: RouteStatus, b: RouteStatus): boolean =>
  JSON.stringify(a.pods) === JSON.stringify(b.pods) &&
  a.conditions.length === b.conditions.length &&
  changedConditions(a.conditions, b.conditions).length === 0;

type Dpv2 = Verdict<'DPV2Ready'>;

const dpv2Verdict = ({ route, accepted, named, allocating, record }: StatusInput): Dpv2 => {
  const type = 'DPV2Ready';
  const { conditions, pods } = route.status;
  const before = findCondition(conditions, type);
  if (named === undefined) {
    const untouched = before === undefined || before.reason === 'DPV2NotReady';
    return (allocating || accepted.status === 'False') && untouched && pods.length === 0
      ? {
          type,
          status: 'False',
          reason: 'DPV2NotReady',
          message: 'The node agents have not been told of a Pod yet',
        }
      : {
          type,
          status: 'False',
          reason: 'NoPodsFound',
          message: 'No Pod holds the addresses, so no node serves them',
        };
  }
  const sameGeneration =
    findCondition(conditions, 'Accepted')?.observedGeneration === route.metadata.generation;
  const sameName = pods.length === 1 && pods[0] === named.pod;
  const unchanged = sameGeneration && sameName && record !== undefined && sameHolder(record.holder, named);
  if (unchanged && before?.status === 'True') {
    return { type, status: 'True', reason: 'DPV2Ready', message: before.message };
  }
  if (unchanged && before?.reason === 'DPV2NotReady') {
    return { type, status: 'False', reason: 'DPV2NotReady', message: before.message };
  }
  return {
    type,
    status: 'False',
    reason: 'Mutated',
    message: `Waiting for the agent of node ${named.node} to serve Pod ${named.pod}`,
  };
};

const stay = (nextMove: Date | undefined): string =>
  nextMove === undefined
    ? ''
    : `, which have moved so often within a minute that they go to no other Pod before ${secondOf(nextMove)}, unless this one or its node goes`;

const readyVerdict = (
  { route, accepted, gcpReady, named, record, nextMove, now }: StatusInput,
  dpv2Ready: Dpv2,
): Verdict<'Ready'> => {
  const type = 'Ready';
  const first = [accepted, gcpReady, dpv2Ready].find((verdict) => verdict.status === 'False');
  if (first === undefined) {
    return {
      type,
      status: 'True',
      reason: 'ProgrammingComplete',
      message: `Pod ${named?.pod ?? ''} on node ${named?.node ?? ''} holds the addresses${stay(nextMove)}`,
    };
  }
  const message =
    first === dpv2Ready && named !== undefined && isSilent(dpv2Ready, { route, record, now })
      ? `No node agent has answered for more than two minutes: check that the cluster runs Dataplane V2 with persistent IP enabled and that Pod ${named.pod} has an IP`
      : first.message;
  return { type, status: 'False', reason: first.reason, message };
};

/**
 * Whether the agents have been asked for {@link agentPatience} and none has answered. They were asked when the holder was
 * named, and are asked anew when `DPV2Ready` turns False under it, as for a new generation. An agent's own error is an answer.
 */
const isSilent = (
  { reason }: Dpv2,
  { route: { status }, record, now }: Pick<StatusInput, 'route' | 'record' | 'now'>,
): boolean => {
  const before = findCondition(status.conditions, 'DPV2Ready');
  if (record === undefined || before?.status !== 'False' || reason === 'DPV2NotReady') return false;
  const asked = Math.max(Date.parse(record.written), Date.parse(before.lastTransitionTime) || 0);
  return now.getTime() - asked >= agentPatience;
};

/** Whether `Ready` says that no agent has answered: only then are its words not those of the condition that it repeats. */
const saysSilent = (conditions: readonly Condition[]): boolean => {
  const first = blocking(conditions);
  return first?.type === 'DPV2Ready' && findCondition(conditions, 'Ready')?.message !== first.message;
};

/** What the audit log is told of a status write. */
export interface Noteworthy {
  readonly conditions: readonly Condition[];
  /** `Ready` is among them because it now says that no agent has answered. */
  readonly agentSilent: boolean;
}

/**
 * The conditions whose status or reason is another one than before, and `Ready` when it begins to say that no agent has
 * answered, which changes its message alone.
 *
 * @param after is what {@link routeStatus} made
 */
export const noteworthy = (before: readonly Condition[], after: readonly Condition[]): Noteworthy => {
  const silent = saysSilent(after);
  const conditions = changedConditions(before, after).filter(({ type, status, reason, message }) => {
    const old = findCondition(before, type);
    const turned = old?.reason !== reason || old.status !== status;
    return turned || (type === 'Ready' && silent && old.message !== message);
  });
  return { conditions, agentSilent: silent && conditions.some(({ type }) => type === 'Ready') };
};
