import type { IncomingHttpHeaders } from 'node:http';
import { causeOf } from '../events/cause.ts';
import { parseComputeEvent, readComputeCloudEvent } from '../events/compute-event.ts';
import { judgeComputeEvent } from '../events/judge-compute-event.ts';
import { readPushEnvelope } from '../events/push-envelope.ts';
import { expandComputeEvent } from './dispatch/expand-compute-event.ts';
import { type PushOutcome, retryOf } from './push-handler.ts';
import type { Wiring } from './wiring.ts';

/**
 * One audit entry of Compute Engine: delivered by Eventarc as a CloudEvent, or, of the system event log, by a sink's
 * push subscription.
 */
export const onComputeEvent = async (wiring: Wiring, cloudEvent: unknown): Promise<PushOutcome> => {
  const event = readEvent(cloudEvent);
  if (!event.ok) return { kind: 'refused', refusal: event.refusal };
  const verdict = judgeComputeEvent(event.value, wiring.judgement);
  if (verdict.kind === 'refuse') return { kind: 'refused', refusal: verdict.refusal };
  if (verdict.kind === 'drop') return { kind: 'settled' };
  const cause = causeOf(event.value);
  try {
    for (const deps of wiring.clustersOfProject(verdict.project))
      await deps.requests.publish(await expandComputeEvent(deps, verdict, cause));
    return { kind: 'settled' };
  } catch (error) {
    return retryOf(error);
  }
};

const readEvent = (body: unknown): ReturnType<typeof readComputeCloudEvent> => {
  if (typeof body !== 'object' || body === null || !('message' in body)) return readComputeCloudEvent(body);
  const envelope = readPushEnvelope(body);
  return envelope.ok ? parseComputeEvent(envelope.value.data) : envelope;
};

/**
 * The CloudEvent of a request: whole in the body (structured mode), or attributes in `ce-` headers and the data in the
 * body (binary mode, Eventarc's). Source: CloudEvents, *HTTP Protocol Binding*.
 */
export const cloudEventOf = (headers: IncomingHttpHeaders, body: unknown): unknown => {
  if (headers['ce-id'] === undefined) return body;
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice(3), value] as const] : [],
  );
  return { ...Object.fromEntries(attributes), data: body };
};
