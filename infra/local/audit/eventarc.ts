import type { Clock } from '../clock.ts';
import type { ComputeAudit } from '../compute/index.ts';
import type { SignToken } from '../oidc/index.ts';
import type { Delivery } from '../pubsub/index.ts';
import { PushSubscription } from '../pubsub/push.ts';
import { readSettings } from '../pubsub/settings.ts';
import { cloudEvent } from './cloud-event.ts';
import { computeEntry } from './compute-entry.ts';

export interface EventarcOptions {
  readonly clock: Clock;
  /** Whether a trigger exists for this very method: Eventarc knows no wildcard. */
  readonly hears: (method: string) => boolean;
  readonly target: string;
  readonly sign: SignToken;
  /** The triggers' service account. */
  readonly email: string;
  readonly onDelivery?: (delivery: Delivery) => void;
}

/** Eventarc's triggers for the Compute audit log. */
export interface Eventarc {
  /** Sends the event's entry to the target if a trigger names its method. */
  handle(event: ComputeAudit): void;
  /** Resolves when nothing is on its way or waits to be sent again. */
  idle(): Promise<void>;
  close(): void;
}

/** Source: Eventarc, *Retry events*: the subscription that a trigger makes; it has no dead letter and no order. */
const retryPolicy = { minimumBackoff: '10s', maximumBackoff: '600s' };

/**
 * Triggers for Compute audit events: those of the listed methods go to the target as CloudEvents in binary mode, with
 * a token for it. Eventarc delivers by a Pub/Sub push of its own, and so does this one.
 */
export const startEventarc = ({ clock, hears, target, sign, email, ...more }: EventarcOptions): Eventarc => {
  let waiting: (() => void)[] = [];
  const wakeWhenIdle = (): void => {
    if (push.size > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const settings = readSettings('projects/local/subscriptions/eventarc-compute-audit', {
    topic: 'projects/local/topics/eventarc-compute-audit',
    pushConfig: { pushEndpoint: target, oidcToken: { serviceAccountEmail: email, audience: target } },
    ackDeadlineSeconds: 600,
    retryPolicy,
  });
  const push = new PushSubscription({
    clock,
    settings: { ...settings, push: { endpoint: target, oidc: { email, audience: target } } },
    sign,
    encode: cloudEvent,
    concurrency: 20,
    publish: () => false,
    onDelivery: more.onDelivery ?? (() => {}),
    onSettled: wakeWhenIdle,
  });
  return {
    handle: (event) => {
      if (!hears(event.methodName)) return;
      const data = Buffer.from(JSON.stringify(computeEntry(event))).toString('base64');
      push.receive({ messageId: event.insertId, publishTime: clock.now().toISOString(), data });
    },
    idle: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        wakeWhenIdle();
      }),
    close: () => push.close(),
  };
};
