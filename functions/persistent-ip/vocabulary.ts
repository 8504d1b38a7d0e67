/** Why the first three conditions of a route are False, in the order in which `Ready` asks for them. */
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
 * Every condition of every object that we write, with its reasons per status: one that is not here does not compile.
 * Those of the Gateway API's objects are the Gateway API's own words.
 * Source: design/concepts.md, *Conditions of a GKEIPRoute*; docs/conditions.md says what a user does about each.
 */
export const vocabulary = {
  GKEIPRoute: {
    Accepted: { True: ['Accepted'], False: failures.Accepted },
    GCPReady: { True: ['GCPReady'], False: failures.GCPReady },
    DPV2Ready: { True: ['DPV2Ready'], False: failures.DPV2Ready },
    /** False for the reason of the first of the other three that is not True. */
    Ready: {
      True: ['ProgrammingComplete'],
      False: [...failures.Accepted, ...failures.GCPReady, ...failures.DPV2Ready],
    },
    /** Only there while somebody else writes the status, too. */
    SecondController: { True: ['StatusRewritten'], False: [] },
  },
  Gateway: {
    Accepted: { True: ['Accepted'], False: ['InvalidParameters', 'Unsupported', 'UnsupportedAddress'] },
    Programmed: {
      True: ['Programmed'],
      False: ['Invalid', 'AddressNotUsable', 'AddressNotAssigned', 'Pending'],
    },
  },
  Listener: {
    Accepted: { True: ['Accepted'], False: ['Invalid'] },
    ResolvedRefs: { True: ['ResolvedRefs'], False: ['InvalidRouteKinds'] },
    Programmed: { True: ['Programmed'], False: ['Invalid'] },
    /** Names are unique by the schema, and two listeners never speak of one thing. */
    Conflicted: { True: [], False: ['NoConflicts'] },
  },
  GatewayClass: {
    Accepted: { True: ['Accepted'], False: ['Unsupported', 'InvalidParameters'] },
  },
} as const;

type Vocabulary = typeof vocabulary;
type Reasons = { readonly True: readonly string[]; readonly False: readonly string[] };

/** What a condition of type `T` may say. */
type Says<T, R> = R extends Reasons
  ?
      | {
          readonly type: T;
          readonly status: 'True';
          readonly reason: R['True'][number];
          readonly message: string;
        }
      | {
          readonly type: T;
          readonly status: 'False';
          readonly reason: R['False'][number];
          readonly message: string;
        }
  : never;

/** A verdict about an object of kind `K`, before it is stamped with generation and time. */
export type VerdictOf<
  K extends keyof Vocabulary,
  T extends keyof Vocabulary[K] = keyof Vocabulary[K],
> = T extends keyof Vocabulary[K] ? Says<T, Vocabulary[K][T]> : never;
