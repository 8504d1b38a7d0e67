import type { Condition, Route } from './objects.ts';
import type { VerdictOf, vocabulary } from './vocabulary.ts';

export type RouteConditionType = keyof (typeof vocabulary)['GKEIPRoute'];

/** A verdict about a route. */
export type Verdict<T extends RouteConditionType = RouteConditionType> = VerdictOf<'GKEIPRoute', T>;

/** A verdict about whatever object. */
export interface PlainVerdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export const findCondition = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find((c) => c.type === type);

/** Whether a route's condition is True for the spec as it is now. */
export const isTrueNow = (
  { status, metadata }: Pick<Route, 'status' | 'metadata'>,
  type: RouteConditionType,
): boolean => {
  const condition = findCondition(status.conditions, type);
  return condition?.status === 'True' && condition.observedGeneration === metadata.generation;
};

/** What `Ready` rests on, in the order in which it takes their reasons. Source: design/concepts.md, *Conditions of a GKEIPRoute*. */
const readyRestsOn = ['Accepted', 'GCPReady', 'DPV2Ready'];

/** The first condition of a route that keeps it from being `Ready`, whose reason `Ready` repeats. */
export const blocking = <C extends { readonly type: string; readonly status: string }>(
  conditions: readonly C[],
): C | undefined =>
  readyRestsOn
    .map((type) => conditions.find((condition) => condition.type === type))
    .find((condition) => condition !== undefined && condition.status !== 'True');

/**
 * Characters of a message. An API server refuses the whole status for one of more than 32,768, which a block with hundreds of
 * addresses that cannot be used comes to; sixteen addresses and their reasons have room.
 */
const longestMessage = 8_192;

const cut = (message: string): string =>
  message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1).toWellFormed()}…`;

/**
 * Stamps verdicts with the generation they speak of. `lastTransitionTime` moves only with `status`; conditions
 * of types that are not among the verdicts stay as they are.
 */
export const stamp = (
  before: readonly Condition[],
  verdicts: readonly PlainVerdict[],
  generation: number,
  now: Date,
): readonly Condition[] => {
  const stamped = verdicts.map((verdict): Condition => {
    const old = findCondition(before, verdict.type);
    const kept = old !== undefined && old.status === verdict.status;
    return {
      ...verdict,
      message: cut(verdict.message),
      observedGeneration: generation,
      lastTransitionTime: kept ? old.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`,
    };
  });
  const others = before.filter((c) => !verdicts.some((v) => v.type === c.type));
  return [...stamped, ...others];
};

/** Equal in all that a reader sees. */
export const sameCondition = (a: Condition | undefined, b: Condition | undefined): boolean =>
  a?.type === b?.type &&
  a?.status === b?.status &&
  a?.reason === b?.reason &&
  a?.message === b?.message &&
  a?.observedGeneration === b?.observedGeneration;

/** The conditions of `after` that read differently from those of `before`. */
export const changedConditions = (
  before: readonly Condition[],
  after: readonly Condition[],
): readonly Condition[] => after.filter((c) => !sameCondition(c, findCondition(before, c.type)));

/** Nobody is named yet, and our own operation runs. */
export const isAllocating = ({ status }: Pick<Route, 'status'>): boolean =>
  status.pods.length === 0 && findCondition(status.conditions, 'GCPReady')?.reason === 'GCPNotReady';
