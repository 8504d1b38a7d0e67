import { leftBehindEntry } from '../persistent-ip/audit.ts';
import { Failure, wordsOf } from '../persistent-ip/failure.ts';
import { onlyWritesRecord } from '../persistent-ip/plan-release.ts';
import { applyStages } from './apply-stages.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';
import { noteHolder } from './note-holder.ts';
import { type Identified, type LeftoversSeen, observeLeftovers } from './observe-leftovers.ts';
import { Patience } from './patience.ts';

/**
 * Lets go of what a route or Gateway has left behind that is gone: nothing held its resources back any more, or a
 * delivery whose time was over made one after the release had looked. As in every reconcile: observe, decide, apply, and
 * again, until nothing is left. What Google Cloud refuses for good is said once, and tried again at the next request.
 */
export const releaseLeftovers = async (
  deps: ClusterDependencies,
  request: Identified,
  deadline: Date,
): Promise<Outcome> => {
  const patience = new Patience(deps.runtime, deadline);
  const inLog = new Set<string>();
  let seen: LeftoversSeen | undefined;
  let refusedAt: Date | undefined;
  while (patience.goesOn()) {
    try {
      seen = await observeLeftovers(deps, request, refusedAt);
      patience.observed();
      if (seen === undefined) return { kind: 'settled' };
      // No status is left that could say whether the entry was written: it is written again before the record goes.
      await noteHolder(deps, seen.owner.identity, seen.record, inLog);
      if (seen.stages.length === 0) return { kind: 'settled' };
      deps.runtime.log('INFO', 'releases what is left of an object that is gone', {
        object: `${request.kind} ${request.namespace}/${request.name}`,
        uid: request.uid,
        steps: seen.stages.flat().map((step) => `${step.do} ${'neg' in step ? step.neg.name : step.name}`),
      });
      const { failure } = await applyStages(deps.compute, seen.stages, deadline);
      if (failure === undefined) {
        patience.applied();
        continue;
      }
      const verdict = await patience.spend(failure, 'apply');
      if (verdict === 'give-up') break;
      if (verdict === 'user' && onlyWritesRecord(seen.stages)) refusedAt = deps.runtime.now();
      else if (verdict === 'user') return await sayRefused(deps, seen, failure);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if ((await patience.spend(error, 'observe')) !== 'again') break;
    }
  }
  return patience.outcome();
};

const sayRefused = async (
  { audit: log, cluster, runtime }: ClusterDependencies,
  { owner, record }: LeftoversSeen,
  failure: Failure,
): Promise<Outcome> => {
  const { namespace, name } = owner.identity;
  const object = `${owner.kind} ${namespace}/${name}`;
  runtime.log('WARNING', 'cannot release what is left of an object that is gone', {
    object,
    code: failure.code,
    why: failure.message,
  });
  await log.write([
    leftBehindEntry(cluster.key, runtime.now(), {
      id: `${owner.identity.uid}-left-behind`,
      route: owner.identity,
      addresses: record?.addresses ?? [],
      outcome: `what is left of ${object}, which is gone, cannot be deleted: Google Cloud says ${wordsOf(failure)}`,
    }),
  ]);
  return { kind: 'settled' };
};
