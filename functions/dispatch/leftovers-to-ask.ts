import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { Address } from '../persistent-ip/cloud.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { Failure, wordsOf } from '../persistent-ip/failure.ts';
import { findLeftovers, type Living, orphanedNow, type Unclear } from '../persistent-ip/leftovers.ts';
import { minutesBetweenFull } from '../persistent-ip/sweep-times.ts';
import type { SweepDependencies } from '../reconciler/dependencies.ts';
import { orFailure } from '../reconciler/or-failure.ts';
import type { ComputeListed } from '../reconciler/snapshot-compute.ts';
import type { Run } from './sweep-run.ts';

/** What a run found that has nobody any more. */
export interface LeftoversFound {
  /** For the objects that are gone: the reconciler looks by itself whether they are, and lets go. */
  readonly requests: readonly ReconcileRequest[];
  readonly unclear: readonly Unclear[];
  /** Why something could not be listed: of that nothing is known. */
  readonly unlisted: readonly string[];
}

export const nothingLeft: LeftoversFound = { requests: [], unclear: [], unlisted: [] };

/**
 * Each run that lists asks for what it finds: one sweep later nothing is left, unless Google Cloud refuses it for good.
 * @param listed before `living`, so that what is new has its object there
 * @param listAddresses later: an address whose Gateway is not among the living costs a look, which finds the Gateway
 */
export const leftoversToAsk = async (
  { deployment, cluster, runtime }: SweepDependencies,
  listed: ComputeListed | Failure,
  listAddresses: () => Promise<readonly Address[]>,
  { clusterUid, ...living }: Living & { readonly clusterUid: string },
  { cause }: Pick<Run, 'cause'>,
): Promise<LeftoversFound> => {
  if (listed instanceof Failure) return { ...nothingLeft, unlisted: [wordsOf(listed)] };
  const { key, region } = cluster;
  const reserved = await orFailure(listAddresses());
  const isKnown = !(reserved instanceof Failure);
  const { orphaned, unclear } = findLeftovers(
    { deployment, cluster: key, region, clusterUid },
    { ...listed, addresses: isKnown ? reserved : [] },
    living,
  );
  const now = orphanedNow(orphaned, Math.floor(runtime.now().getTime() / (minutesBetweenFull * 60_000)));
  return {
    requests: now.map(({ kind, identity }) => requestFor(key, kind, identity, cause)),
    unclear,
    unlisted: isKnown ? [] : [wordsOf(reserved)],
  };
};
