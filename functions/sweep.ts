import { readPushEnvelope } from '../events/push-envelope.ts';
import type { Cause } from '../events/reconcile-request.ts';
import { reportUnclear } from './dispatch/report-unclear.ts';
import { scopeAt, sweepCluster } from './dispatch/sweep-cluster.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import { type SweepScope, sweepMethod } from './persistent-ip/sweep-times.ts';
import type { PushOutcome } from './push-handler.ts';
import type { Wiring } from './wiring.ts';

/** What a run over all clusters may take until it decides no more, milliseconds: less than the function's time-out of 300 s. */
const budget = 240_000;

const scopes: ReadonlyMap<string, SweepScope> = new Map([
  ['all', 'asked'],
  ['full', 'full'],
]);

/** In one log line. */
const mostReasons = 5;

/**
 * One run of the sweep, started by Cloud Scheduler through Pub/Sub. The attribute `scope: all` asks the reconciler for
 * every object, and `scope: full` for a full run, at any minute. A cluster that cannot be read does not keep the others from being swept.
 */
export const onSweep = async (wiring: Wiring, body: unknown): Promise<PushOutcome> => {
  const envelope = readPushEnvelope(body);
  if (!envelope.ok) return { kind: 'refused', refusal: envelope.refusal };
  const { messageId, attributes, publishTime } = envelope.value;
  const cause: Cause = {
    insertId: messageId,
    method: sweepMethod,
    principal: wiring.judgement.ownPrincipal,
    at: publishTime,
  };
  const deadline = new Date(wiring.runtime.now().getTime() + budget);
  const failures: string[] = [];
  for (const deps of wiring.clusters()) {
    const scope = scopes.get(attributes.scope ?? '') ?? scopeAt(deps.runtime.now());
    try {
      const { requests, longestUnreadySeconds, undecided, unclear } = await sweepCluster(deps, {
        scope,
        cause,
        deadline,
      });
      if (undecided.length > 0)
        deps.runtime.log('WARNING', 'asked for what could not be decided about by lists', {
          cluster: deps.cluster.key.name,
          why: undecided.slice(0, mostReasons),
        });
      await deps.requests.publish(requests);
      if (scope !== 'minute') await reportUnclear(deps, unclear, wiring.reported);
      deps.runtime.log('INFO', 'swept', {
        cluster: deps.cluster.key.name,
        scope,
        requests: requests.length,
        longestUnreadySeconds,
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(`${deps.cluster.key.name}: ${wordsOf(error)}`);
    }
  }
  return failures.length === 0 ? { kind: 'settled' } : { kind: 'retry', why: failures.join('; ') };
};
