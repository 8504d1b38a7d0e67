import { findCondition, type Verdict } from './conditions.ts';
import { secondOf } from './flap-protection.ts';
import type { Holder } from './holder-record.ts';
import type { Delivery, RouteObservation } from './observation.ts';

/** What `GCPReady` says in each situation. Source: design/concepts.md, *Conditions of a GKEIPRoute*. */

export const nothingHeld: Verdict<'GCPReady'> = {
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPNotReady',
  message: 'Nothing is held in Google Cloud',
};

export const cleanedUp: Verdict<'GCPReady'> = {
  type: 'GCPReady',
  status: 'False',
  reason: 'CleanupComplete',
  message: 'Everything in Google Cloud is released',
};

/** @param passedOver why a Pod that comes before the holder cannot have the addresses */
export const leading = ({ node }: Holder, passedOver?: string): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'True',
  reason: 'GCPReady',
  message:
    passedOver === undefined
      ? `The leader is node ${node}`
      : `The leader is node ${node}; a Pod that comes before its Pod cannot have the addresses: ${passedOver}`,
});

/**
 * Everything is as it must be for the Pod that holds the addresses, if one does. Nodes that the next one might need, or
 * that nothing needs any more, are another matter: where Google Cloud refuses them, the message says so until it does not.
 * @param pending steps for them are planned, so that nobody knows yet
 */
export const withStandbys = (
  { route }: RouteObservation,
  verdict: Verdict<'GCPReady'>,
  { failure }: Delivery,
  pending: boolean,
): Verdict<'GCPReady'> => {
  const before = findCondition(route.status.conditions, 'GCPReady');
  if (failure !== undefined)
    return {
      ...verdict,
      message: `${verdict.message}; nodes beside it could not be prepared for the next move, or let go: Google Cloud refused (${failure.code}): ${failure.message}`,
    };
  return pending && before?.reason === verdict.reason ? { ...verdict, message: before.message } : verdict;
};

export const releasing: Verdict<'GCPReady'> = {
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPNotReady',
  message: 'The addresses are being released',
};

export const rebuilding: Verdict<'GCPReady'> = {
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPNotReady',
  message:
    'The route has moved to another scheme or network, which cannot be changed in place: everything is torn down and made anew',
};

/** A failure of this delivery, in Google Cloud's own code and text. */
export const failureVerdict = ({ failure }: Delivery): Verdict<'GCPReady'> | undefined =>
  failure && refusedVerdict(failure);

export const refusedVerdict = ({ code, message }: NonNullable<Delivery['failure']>): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPFailed',
  message: `Google Cloud refused (${code}): ${message}`,
});

/** Resources with our names that are somebody else's. */
export const foreignVerdict = (foreign: readonly string[]): Verdict<'GCPReady'> | undefined =>
  foreign.length === 0
    ? undefined
    : {
        type: 'GCPReady',
        status: 'False',
        reason: 'GCPFailed',
        message: `${foreign.join(', ')} has the name of this route's resource but not its ownership record: rename or delete it`,
      };

/** An address that a stranger's forwarding rule uses. */
export const strangerVerdict = ({
  rule,
  address,
}: {
  rule: string;
  address: string;
}): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPFailed',
  message: `${address} is in use by forwarding rule ${rule}, which is not ours: delete that rule or take another address`,
});

/** The chosen Pod's Node is where no traffic can arrive. */
export const misplacedVerdict = (message: string): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPFailed',
  message,
});

export const noPods = (message: string): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'NoPodsFound',
  message,
});

export const noPodsMessage = ({ route }: RouteObservation): string =>
  route.reactionMode === 'Exists'
    ? 'No Pod that the selector selects is scheduled on a Node: the addresses stay reserved for this route'
    : 'No Pod that the selector selects is Ready: the addresses stay reserved for this route';

/** A Pod is there to take the addresses, and they have moved too often. */
export const tooManyMovesMessage = (nextMove: Date): string =>
  `No Pod holds the addresses: they have moved so often within a minute that no Pod gets them before ${secondOf(nextMove)}`;

export const busyVerdict = (o: RouteObservation, holder: Holder | undefined): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPNotReady',
  message:
    holder === undefined
      ? 'Google Cloud is being told that no Pod holds the addresses'
      : `The addresses are on their way to Pod ${holder.pod} on node ${holder.node}${o.cloud.backendService === undefined ? ' for the first time' : ''}`,
});

/** Somebody changed what the status called done. */
export const driftVerdict = (what: string): Verdict<'GCPReady'> => ({
  type: 'GCPReady',
  status: 'False',
  reason: 'Mutated',
  message: `Google Cloud was changed by somebody else: ${what}; it is being repaired`,
});

/** A failure that a person must mend stays readable until it is mended, not only until the next try. */
export const keepFailure = (o: RouteObservation, verdict: Verdict<'GCPReady'>): Verdict<'GCPReady'> => {
  const before = findCondition(o.route.status.conditions, 'GCPReady');
  return before?.reason === 'GCPFailed' && before.observedGeneration === o.route.metadata.generation
    ? { type: 'GCPReady', status: 'False', reason: 'GCPFailed', message: before.message }
    : verdict;
};
