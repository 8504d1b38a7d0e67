import { type Held, Queue } from '../../../infra/local/pubsub/queue.ts';
import type { Engine } from '../engine/engine.ts';

/** A message as it was published. */
export interface Message {
  /** What it is about, for its fate and for the story. */
  readonly label: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

/** How one push ended for Pub/Sub: any answer but a 2xx, and none at all, is a nack. */
export type Answer = 'ack' | 'nack';

/** One attempt to push one message. */
export interface Push {
  readonly label: string;
  /** As `readPushEnvelope` takes it. */
  readonly body: object;
}

export interface SubscriptionOptions {
  readonly name: string;
  readonly ordered: boolean;
  /** How long a message travels, milliseconds. */
  readonly latency: readonly [least: number, most: number];
  /** Of 100 messages, how many never arrive. */
  readonly lostPercent: number;
  push(push: Push): Promise<Answer>;
}

/** The deployment's own settings: infra/terraform, infra/local/messaging.ts. */
const ackDeadline = 70_000;
const backoff = { min: 1_000, max: 30_000 };
const maxAttempts = 10;

/**
 * One topic with its one push subscription: with ordering, one outstanding message a key; a nack or no answer brings
 * the message again, later and later, and at last to the dead letters. Any message may be lost, late, or come twice,
 * also at the same time; without a key also in another order.
 */
export class Subscription {
  readonly #engine: Engine;
  readonly #options: SubscriptionOptions;
  readonly #queue: Queue;
  readonly #labels = new Map<string, number>();
  #serial = 0;
  #travelling = 0;
  #extra = 0;
  deadLetters = 0;

  constructor(engine: Engine, options: SubscriptionOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#queue = new Queue({
      clock: engine.time,
      backoff,
      ordered: options.ordered,
      onReady: () => this.#pump(),
    });
  }

  /** Messages that are not settled, and pushes that are under way. */
  get size(): number {
    return this.#queue.size + this.#travelling + this.#extra;
  }

  publish(message: Message): void {
    const { fates, story, time, faultPercent } = this.#engine;
    const nth = (this.#labels.get(message.label) ?? 0) + 1;
    this.#labels.set(message.label, nth);
    const label = `${this.#options.name} ${message.label}#${nth}`;
    if (fates.strikes(`${label} is lost`, this.#options.lostPercent)) {
      story.count(`fault: message of ${this.#options.name} lost`);
      story.tell('fault', `lost: ${label}`);
      return;
    }
    this.#serial += 1;
    const published = {
      messageId: String(this.#serial),
      publishTime: time.now().toISOString(),
      ...message,
      label,
    };
    const delayed = fates.strikes(`${label} is delayed`, faultPercent);
    if (delayed) {
      story.count(`fault: message of ${this.#options.name} delayed`);
      story.tell('fault', `delayed: ${label}`);
    }
    const ms = fates.within(`${label} travels`, delayed ? ([5_000, 90_000] as const) : this.#options.latency);
    this.#later(ms, () => this.#queue.add(published));
  }

  #later(ms: number, task: () => void): void {
    this.#travelling += 1;
    this.#engine.time.after(this.#options.ordered ? 0 : ms, () => {
      this.#travelling -= 1;
      task();
    });
  }

  #pump(): void {
    for (let held = this.#queue.take(); held !== undefined; held = this.#queue.take()) this.#deliver(held);
  }

  #deliver(held: Held): void {
    const { fates, story, time, faultPercent } = this.#engine;
    const message = held.message as unknown as Published;
    const label = `${message.label} try ${held.attempts}`;
    // With ordering the key waits while its message travels.
    const travel = this.#options.ordered ? fates.within(`${label} travels`, this.#options.latency) : 0;
    let over = false;
    const end = (answer: Answer): void => {
      if (over) return;
      over = true;
      deadline();
      this.#settle(held, message, label, answer);
    };
    const deadline = time.after(travel + ackDeadline, () => end('nack'));
    const push = (name: string, heard: (answer: Answer) => void): void => {
      void this.#options.push({ label: name, body: this.#body(message, held.attempts) }).then(heard);
    };
    time.after(travel, () => {
      push(label, (answer) => {
        if (!fates.strikes(`${label}: acknowledgement lost`, faultPercent / 4)) end(answer);
        else story.count('fault: acknowledgement lost');
      });
    });
    if (!fates.strikes(`${label} comes twice at once`, faultPercent)) return;
    story.count(`fault: message of ${this.#options.name} twice at once`);
    story.tell('fault', `twice at once: ${label}`);
    this.#extra += 1;
    time.after(travel + fates.between(`${label} twin`, 0, 3_000), () =>
      push(`${label} twin`, () => {
        this.#extra -= 1;
      }),
    );
  }

  #settle(held: Held, message: Published, label: string, answer: Answer): void {
    const { fates, story, faultPercent } = this.#engine;
    if (answer === 'ack') {
      this.#queue.settle(held);
      if (!fates.strikes(`${label} comes again`, faultPercent / 2)) return;
      story.count(`fault: message of ${this.#options.name} again`);
      story.tell('fault', `again, although acknowledged: ${label}`);
      this.#later(fates.between(`${label} again`, 100, 60_000), () => {
        this.#queue.add({ ...message, label: `${message.label} again` } as never);
      });
      return;
    }
    if (held.attempts < maxAttempts) {
      this.#queue.putBack(held);
      return;
    }
    this.#queue.settle(held);
    this.deadLetters += 1;
    story.count(`dead letters of ${this.#options.name}`);
    story.tell('dead letter', message.label);
  }

  #body({ messageId, publishTime, data, attributes, orderingKey }: Published, attempt: number): object {
    return {
      message: {
        messageId,
        publishTime,
        attributes,
        data: Buffer.from(data).toString('base64'),
        ...(orderingKey === undefined ? {} : { orderingKey }),
      },
      subscription: `projects/p/subscriptions/${this.#options.name}`,
      deliveryAttempt: attempt,
    };
  }
}

interface Published extends Message {
  readonly messageId: string;
  readonly publishTime: string;
}
