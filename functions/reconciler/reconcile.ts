import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { ClusterDependencies, Outcome } from './dependencies.ts';
import { Patience } from './patience.ts';
import { reconcileClass } from './reconcile-class.ts';
import { reconcileGateway } from './reconcile-gateway.ts';
import { reconcileRoute } from './reconcile-route.ts';

/** What one delivery may take, milliseconds: less than the function's 60 s and the subscription's 70 s. */
export const budget = 50_000;

/**
 * Works on the object that a request names, until it stands as it must or the budget is spent; then a successor
 * request goes on, because a nacked message would hold its ordering key. Source: design/events.md.
 */
export const reconcile = async (deps: ClusterDependencies, request: ReconcileRequest): Promise<Outcome> => {
  const deadline = new Date(deps.runtime.now().getTime() + budget);
  const outcome = await reconcilers[request.kind](deps, request, deadline);
  if (outcome.kind === 'later') {
    deps.runtime.log('INFO', 'the budget is spent, a successor goes on', { ...request, why: outcome.why });
    await deps.requests.publish([request]);
  }
  return outcome;
};

/** A class: one pass, again on a conflict or a transient error. */
const insist = async (
  deps: ClusterDependencies,
  request: ReconcileRequest,
  deadline: Date,
): Promise<Outcome> => {
  const patience = new Patience(deps.runtime, deadline);
  while (patience.goesOn()) {
    try {
      return await reconcileClass(deps, request);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if ((await patience.spend(error, 'observe')) !== 'again') break;
    }
  }
  return patience.outcome();
};

const reconcilers = { class: insist, gateway: reconcileGateway, route: reconcileRoute } satisfies Record<
  ReconcileRequest['kind'],
  unknown
>;
