import type { Clock } from '../clock.ts';
import type { Message, NewMessage } from './message.ts';
import type { Held, Queue } from './queue.ts';
import type { Settings } from './settings.ts';

/** What every subscription, pushed or pulled, shares with the broker. */
export interface Surroundings {
  readonly clock: Clock;
  /** Publishes to the dead-letter topic; false when there is no such topic. */
  readonly publish: (topic: string, message: NewMessage) => boolean;
  /** Called whenever the subscription may have become idle. */
  readonly onSettled: () => void;
}

/** A subscription as the broker sees it. */
export interface Subscription {
  readonly settings: Settings;
  receive(message: Message): void;
  /** Messages not acknowledged. */
  readonly size: number;
  close(): void;
}

/**
 * What a failed delivery does: back into the queue, or, with the last attempt, to the dead-letter topic, and the
 * key goes on. Without that topic the message is retried for ever.
 * Source: Pub/Sub, "Dead-letter topics": the attributes of a forwarded message.
 */
export const fail = (queue: Queue, settings: Settings, around: Surroundings, held: Held): void => {
  const { deadLetter } = settings;
  if (
    deadLetter !== undefined &&
    held.attempts >= deadLetter.maxAttempts &&
    around.publish(deadLetter.topic, forwarded(held, settings.name))
  )
    queue.settle(held);
  else queue.putBack(held);
};

const forwarded = ({ message, attempts }: Held, subscription: string): NewMessage => {
  const [, project = '', , name = ''] = subscription.split('/');
  return {
    ...(message.data && { data: message.data }),
    ...(message.orderingKey && { orderingKey: message.orderingKey }),
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: name,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime,
    },
  };
};
