import type { Clock } from '../clock.ts';
import type { Identities } from '../identities.ts';
import { listen } from '../listen.ts';
import type { SignToken } from '../oidc/index.ts';
import type { JsonObject } from '../proto-json.ts';
import { Broker } from './broker.ts';
import type { Message, NewMessage } from './message.ts';
import type { Delivery, Encode } from './push.ts';
import { pubsubRoutes } from './routes.ts';

export type { Message, NewMessage } from './message.ts';
export type { Delivery, Encode } from './push.ts';

export interface PubSubOptions {
  readonly clock: Clock;
  readonly identities: Identities;
  readonly port?: number;
  /** Signs the tokens of push subscriptions that ask for one; without it pushes carry none. */
  readonly sign?: SignToken;
  /** Pushes under way at once, a subscription; 20 unless told. */
  readonly concurrency?: number;
  /** Deliveries remembered, the newest; 10,000 unless told. */
  readonly remembered?: number;
}

export interface PubSub {
  readonly url: string;
  /** Every attempt to push that has ended, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Calls `listener` after every attempt, before the next one of its message; the answer unsubscribes. */
  onDelivery(listener: (delivery: Delivery) => void): () => void;
  createTopic(name: string): void;
  /** @param encode another form of push than Pub/Sub's own: Eventarc's */
  createSubscription(name: string, subscription: JsonObject, encode?: Encode): void;
  /** Publishes without HTTP, as Google's own services do. */
  publish(topic: string, messages: readonly NewMessage[]): string[];
  /** Pushes messages again as they were (same id, same bytes), in the order given; resolves when all is idle. */
  replay(deliveries: readonly { readonly subscription: string; readonly message: Message }[]): Promise<void>;
  /** Messages that a subscription has not settled; `undefined` for one that is not there. */
  undelivered(subscription: string): number | undefined;
  /** Resolves when no push subscription holds a message: none waiting, none under way, none resting. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A Pub/Sub of its own on loopback: REST v1, push and pull. */
export const startPubSub = async (options: PubSubOptions): Promise<PubSub> => {
  const deliveries: Delivery[] = [];
  const listeners = new Set<(delivery: Delivery) => void>();
  let waiting: (() => void)[] = [];
  const wakeWhenIdle = (): void => {
    if (broker.unsettled > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const broker = new Broker({
    clock: options.clock,
    sign: options.sign,
    concurrency: options.concurrency ?? 20,
    onDelivery: (delivery) => {
      deliveries.push(delivery);
      if (deliveries.length > (options.remembered ?? 10_000)) deliveries.shift();
      for (const listener of listeners) listener(delivery);
    },
    onSettled: wakeWhenIdle,
  });
  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      wakeWhenIdle();
    });

  const { url, close } = await listen(pubsubRoutes(broker, options.identities), options.port);
  return {
    url,
    deliveries,
    onDelivery(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    createTopic: (name) => void broker.createTopic(name),
    createSubscription: (name, subscription, encode) =>
      void broker.createSubscription(name, subscription, encode),
    publish: (topic, messages) => broker.publish(topic, messages),
    replay(again) {
      for (const { subscription, message } of again) broker.redeliver(subscription, message);
      return idle();
    },
    undelivered: (subscription) => broker.undelivered(subscription),
    idle,
    close() {
      broker.close();
      return close();
    },
  };
};
