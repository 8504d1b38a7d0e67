import { readPushEnvelope } from '../events/push-envelope.ts';
import { objectKey, parseReconcileRequest } from '../events/reconcile-request.ts';
import { type PushOutcome, retryOf, unknownCluster } from './push-handler.ts';
import { reconcile } from './reconciler/reconcile.ts';
import type { Wiring } from './wiring.ts';

/** Clocks of Pub/Sub and of an instance may differ by this much, milliseconds. */
const clockSkew = 2_000;

/** One reconcile request, pushed in order of its object. */
export const onReconcileRequest = async (wiring: Wiring, body: unknown): Promise<PushOutcome> => {
  const envelope = readPushEnvelope(body);
  if (!envelope.ok) return { kind: 'refused', refusal: envelope.refusal };
  const parsed = parseReconcileRequest(envelope.value.data);
  if (!parsed.ok) return { kind: 'refused', refusal: parsed.refusal };
  const request = parsed.value;
  const deps = wiring.cluster(request.cluster);
  if (deps === undefined) return unknownCluster('cluster');
  const key = objectKey(request);
  // A burst is many requests for one object: one that was published before the last look began says nothing new.
  const began = deps.runtime.now().getTime();
  const lastLook = wiring.settledLooks.get(key) ?? Number.NEGATIVE_INFINITY;
  // One in the future was on a clock that has since been set right: nobody can say what it saw.
  if (lastLook <= began && Date.parse(envelope.value.publishTime) + clockSkew <= lastLook)
    return { kind: 'settled' };
  try {
    const outcome = await reconcile(deps, request);
    if (outcome.kind === 'unreadable') return { kind: 'retry', why: outcome.why };
    if (outcome.kind === 'settled') wiring.settledLooks.set(key, began);
    return { kind: 'settled' };
  } catch (error) {
    return retryOf(error);
  }
};
