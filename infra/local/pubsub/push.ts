import type { SignToken } from '../oidc/index.ts';
import { type Message, messageJson } from './message.ts';
import { type Held, Queue } from './queue.ts';
import type { Settings } from './settings.ts';
import { fail, type Subscription, type Surroundings } from './subscription.ts';

/** One attempt to push one message. */
export interface Delivery {
  readonly subscription: string;
  readonly message: Message;
  /** 1 for the first. */
  readonly attempt: number;
  /** The HTTP status; `timeout` after the ack deadline, `unreachable` when there was no answer. */
  readonly status: number | 'timeout' | 'unreachable';
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The request that carries a message: Pub/Sub's own envelope, or Eventarc's CloudEvent. */
export type Encode = (
  message: Message,
  context: { readonly subscription: string; readonly deliveryAttempt?: number },
) => { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/**
 * Pub/Sub's wrapped push body. Both spellings of two names are what the real service sends.
 * Source: Pub/Sub, "Receive push messages".
 */
export const wrapped: Encode = (message, { subscription, deliveryAttempt }) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    message: {
      ...messageJson(message),
      message_id: message.messageId,
      publish_time: message.publishTime,
    },
    subscription,
    ...(deliveryAttempt !== undefined && { deliveryAttempt }),
  }),
});

/** Source: Pub/Sub, "Receive push messages": the codes that acknowledge. */
export const acknowledging: ReadonlySet<Delivery['status']> = new Set([102, 200, 201, 202, 204]);

/**
 * How long one token is pushed with, ms: it is valid for an hour, and a signature costs more than the rest of a push.
 * Source: Pub/Sub, "Authentication for push subscriptions": a token may be up to an hour old.
 */
const tokenServes = 60_000;

export interface PushOptions extends Surroundings {
  readonly settings: Settings & Required<Pick<Settings, 'push'>>;
  readonly sign: SignToken | undefined;
  readonly encode: Encode;
  /** Pushes under way at once. */
  readonly concurrency: number;
  readonly onDelivery: (delivery: Delivery) => void;
}

/** Pushes a subscription's messages to its endpoint until each is acknowledged or dead. */
export class PushSubscription implements Subscription {
  readonly settings: PushOptions['settings'];
  readonly #options: PushOptions;
  readonly #queue: Queue;
  readonly #closing = new AbortController();
  #underWay = 0;
  #token: { readonly signed: Promise<string>; readonly at: number } | undefined;

  constructor(options: PushOptions) {
    this.#options = options;
    this.settings = options.settings;
    const { backoff, ordered } = options.settings;
    this.#queue = new Queue({ clock: options.clock, backoff, ordered, onReady: () => this.#pump() });
  }

  receive(message: Message): void {
    this.#queue.add(message);
  }

  get size(): number {
    return this.#queue.size;
  }

  close(): void {
    this.#closing.abort();
    this.#queue.clear();
  }

  #pump(): void {
    while (this.#underWay < this.#options.concurrency && !this.#closing.signal.aborted) {
      const held = this.#queue.take();
      if (held === undefined) return;
      this.#underWay += 1;
      void this.#deliver(held);
    }
  }

  async #deliver(held: Held): Promise<void> {
    const { clock, onDelivery, onSettled } = this.#options;
    const startedAt = clock.now();
    const status = await this.#post(held);
    this.#underWay -= 1;
    if (this.#closing.signal.aborted) return;
    // The record comes before the settling, so that a listener sees an attempt before the next one starts.
    onDelivery({
      subscription: this.settings.name,
      message: held.message,
      attempt: held.attempts,
      status,
      startedAt,
      endedAt: clock.now(),
    });
    if (acknowledging.has(status)) this.#queue.settle(held);
    else fail(this.#queue, this.settings, this.#options, held);
    this.#pump();
    onSettled();
  }

  /** One POST, at most as long as the ack deadline. */
  async #post(held: Held): Promise<Delivery['status']> {
    const { clock, encode } = this.#options;
    const { push, name, deadLetter, ackDeadline } = this.settings;
    const late = new AbortController();
    const cancel = clock.after(ackDeadline, () => late.abort());
    try {
      const { headers, body } = encode(held.message, {
        subscription: name,
        ...(deadLetter && { deliveryAttempt: held.attempts }),
      });
      const response = await fetch(push.endpoint, {
        method: 'POST',
        headers: { ...headers, ...(await this.#authorization()), 'user-agent': 'CloudPubSub-Google' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([late.signal, this.#closing.signal]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return late.signal.aborted ? 'timeout' : 'unreachable';
    } finally {
      cancel();
    }
  }

  async #authorization(): Promise<Record<string, string>> {
    const { oidc } = this.settings.push;
    if (oidc === undefined || this.#options.sign === undefined) return {};
    const at = this.#options.clock.now().getTime();
    if (this.#token === undefined || Math.abs(at - this.#token.at) > tokenServes)
      this.#token = { signed: this.#options.sign(oidc), at };
    return { authorization: `Bearer ${await this.#token.signed}` };
  }
}
