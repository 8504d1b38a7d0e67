import { readPushEnvelope } from '../events/push-envelope.ts';
import type { Cause } from '../events/reconcile-request.ts';
import { scopeAt, sweepCluster } from './dispatch/sweep-cluster.ts';
import { Failure } from './persistent-ip/failure.ts';
import { sweepMethod } from './persistent-ip/sweep-times.ts';
import type { PushOutcome } from './push-handler.ts';
import type { Wiring } from './wiring.ts';

/** Minutes between two runs that look at every route. */
const fullEveryMinutes = 5;

/**
 * One run of the sweep, started by Cloud Scheduler through Pub/Sub. The attribute `scope: all` asks for every route at
 * any minute. A cluster that cannot be read does not keep the others from being swept.
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
  const failures: string[] = [];
  for (const deps of wiring.clusters()) {
    const scope = attributes.scope === 'all' ? 'asked' : scopeAt(deps.runtime.now(), fullEveryMinutes);
    try {
      const { requests, longestUnreadySeconds } = await sweepCluster(deps, scope, cause);
      await deps.requests.publish(requests);
      deps.runtime.log('INFO', 'swept', {
        cluster: deps.cluster.key.name,
        scope,
        requests: requests.length,
        longestUnreadySeconds,
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(`${deps.cluster.key.name}: ${error.code}: ${error.message}`);
    }
  }
  return failures.length === 0 ? { kind: 'settled' } : { kind: 'retry', why: failures.join('; ') };
};
