import type { Condition } from './objects.ts';

/** Why the first three conditions are False, in the order in which `Ready` asks for them. */
const failures = {
  Accepted: [
    'MissingParentRefs',
    'GatewayNotFound',
    'GatewayNotAccepted',
    'Unattachable',
    'InvalidAddresses',
    'InvalidLabels',
    'NetworkNotFound',
    'NetworkNotReady',
    'Mutated',
  ],
  GCPReady: ['GCPNotReady', 'GCPFailed', 'NoPodsFound', 'Mutated', 'CleanupComplete'],
  DPV2Ready: ['DPV2NotReady', 'NoPodsFound', 'Mutated'],
} as const;

/**
 * Every condition of a GKEIPRoute with its reasons per status.
 * Source: design/concepts.md, *Conditions of a GKEIPRoute*; docs/conditions.md says what a user does about each.
 */
export const routeReasons = {
  Accepted: { True: 'Accepted', False: failures.Accepted },
  GCPReady: { True: 'GCPReady', False: failures.GCPReady },
  DPV2Ready: { True: 'DPV2Ready', False: failures.DPV2Ready },
  /** False for the reason of the first of the other three that is not True. */
  Ready: {
    True: 'ProgrammingComplete',
    False: [...failures.Accepted, ...failures.GCPReady, ...failures.DPV2Ready],
  },
} as const;

type RouteReasons = typeof routeReasons;

export type RouteConditionType = keyof RouteReasons;

/** A verdict before it is stamped with generation and time. */
export type Verdict<T extends RouteConditionType = RouteConditionType> = T extends RouteConditionType
  ?
      | {
          readonly type: T;
          readonly status: 'True';
          readonly reason: RouteReasons[T]['True'];
          readonly message: string;
        }
      | {
          readonly type: T;
          readonly status: 'False';
          readonly reason: RouteReasons[T]['False'][number];
          readonly message: string;
        }
  : never;

/** The same for objects whose vocabulary is the Gateway API's. */
export interface PlainVerdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

export const findCondition = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find((c) => c.type === type);

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
