import { causeOf } from '../events/cause.ts';
import { judgeClusterEvent } from '../events/judge-cluster-event.ts';
import { parseClusterEvent } from '../events/log-entry.ts';
import { readPushEnvelope } from '../events/push-envelope.ts';
import { type PushOutcome, retryOf, unknownCluster } from './push-handler.ts';
import type { Wiring } from './wiring.ts';

/** One audit entry of a cluster, pushed by Pub/Sub: judged, turned into reconcile requests, published. */
export const onClusterEvent = async (wiring: Wiring, body: unknown): Promise<PushOutcome> => {
  const envelope = readPushEnvelope(body);
  if (!envelope.ok) return { kind: 'refused', refusal: envelope.refusal };
  const event = parseClusterEvent(envelope.value.data);
  if (!event.ok) return { kind: 'refused', refusal: event.refusal };
  const verdict = judgeClusterEvent(event.value, wiring.judgement);
  if (verdict.kind === 'refuse') return { kind: 'refused', refusal: verdict.refusal };
  if (verdict.kind === 'drop') return { kind: 'settled' };
  const deps = wiring.cluster(event.value.cluster);
  if (deps === undefined) return unknownCluster('resource.labels');
  try {
    // Most entries end before this line, and an instance that drops them loads no rules.
    const { expandClusterEvent } = await import('./dispatch/expand-cluster-event.ts');
    await deps.requests.publish(await expandClusterEvent(deps, verdict, causeOf(event.value)));
    return { kind: 'settled' };
  } catch (error) {
    return retryOf(error);
  }
};
