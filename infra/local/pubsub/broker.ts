import type { Clock } from '../clock.ts';
import { badField, GoogleError, unsupported } from '../google-error.ts';
import type { SignToken } from '../oidc/index.ts';
import type { JsonObject } from '../proto-json.ts';
import { KeyedStore } from '../store/keyed-store.ts';
import type { Shelf } from '../store/shelf.ts';
import { checkMessages, type Message, messageJson, type NewMessage } from './message.ts';
import { PullSubscription } from './pull.ts';
import { type Delivery, type Encode, PushSubscription, wrapped } from './push.ts';
import { readSettings } from './settings.ts';
import type { Subscription, Surroundings } from './subscription.ts';

export interface BrokerOptions {
  readonly clock: Clock;
  readonly sign?: SignToken | undefined;
  /** Pushes under way at once, a subscription. */
  readonly concurrency: number;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onSettled: () => void;
}

/** The topics and subscriptions of one local cloud, and what is published between them. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #topics: Shelf<JsonObject>;
  readonly #subscriptions: Shelf<Subscription>;
  #nextId = 1;

  constructor(options: BrokerOptions) {
    const store = new KeyedStore<{ topics: JsonObject; subscriptions: Subscription }>();
    this.#options = options;
    this.#topics = store.of('topics');
    this.#subscriptions = store.of('subscriptions');
  }

  createTopic(name: string, given: JsonObject = {}): JsonObject {
    checkName(name, 'topics');
    for (const field of topicFeatures) if (given[field] !== undefined) throw unsupported(`Topic.${field}`);
    if (this.#topics.get(...placeOf(name)) !== undefined) throw exists(name);
    const topic = { ...given, name };
    this.#topics.put(...placeOf(name), topic);
    return topic;
  }

  topic(name: string): JsonObject {
    return this.#topics.get(...placeOf(name)) ?? missing(name);
  }

  topics(project: string): JsonObject[] {
    return [...this.#topics.values(`${project}/topics`)];
  }

  /** Its subscriptions stay, without a topic, as in the real service. */
  deleteTopic(name: string): void {
    if (!this.#topics.delete(...placeOf(name))) missing(name);
    for (const { settings } of this.#subscriptions.values())
      if (settings.topic === name) settings.resource.topic = '_deleted-topic_';
  }

  createSubscription(name: string, given: JsonObject, encode: Encode = wrapped): JsonObject {
    checkName(name, 'subscriptions');
    const settings = readSettings(name, given);
    if (this.#subscriptions.get(...placeOf(name)) !== undefined) throw exists(name);
    this.topic(settings.topic);
    if (settings.deadLetter !== undefined) this.topic(settings.deadLetter.topic);
    const { push } = settings;
    const around: Surroundings = {
      clock: this.#options.clock,
      onSettled: this.#options.onSettled,
      publish: (topic, message) => {
        if (this.#topics.get(...placeOf(topic)) === undefined) return false;
        this.#spread(topic, message);
        return true;
      },
    };
    const subscription =
      push === undefined
        ? new PullSubscription(settings, around)
        : new PushSubscription({
            ...around,
            settings: { ...settings, push },
            sign: this.#options.sign,
            encode,
            concurrency: this.#options.concurrency,
            onDelivery: this.#options.onDelivery,
          });
    this.#subscriptions.put(...placeOf(name), subscription);
    return settings.resource;
  }

  subscription(name: string): Subscription {
    return this.#subscriptions.get(...placeOf(name)) ?? missing(name);
  }

  subscriptions(project: string): Subscription[] {
    return [...this.#subscriptions.values(`${project}/subscriptions`)];
  }

  /** The subscription to pull from. @throws GoogleError 400 for one that pushes */
  pulled(name: string): PullSubscription {
    const subscription = this.subscription(name);
    if (subscription instanceof PullSubscription) return subscription;
    throw new GoogleError(
      'FAILED_PRECONDITION',
      `This method is not supported for a push subscription: ${name}`,
    );
  }

  deleteSubscription(name: string): void {
    this.subscription(name).close();
    this.#subscriptions.delete(...placeOf(name));
    this.#options.onSettled();
  }

  /** Publishes all or nothing. @returns the message ids, in order */
  publish(topic: string, messages: readonly NewMessage[]): string[] {
    this.topic(topic);
    checkMessages(messages);
    return messages.map((message) => this.#spread(topic, message));
  }

  /** Gives a message again to one subscription, with the id and the time it had. */
  redeliver(subscription: string, message: Message): void {
    this.subscription(subscription).receive(message);
  }

  /** Messages that a push subscription has not settled. Pull subscriptions wait for somebody, so they do not count. */
  get unsettled(): number {
    let sum = 0;
    for (const subscription of this.#subscriptions.values())
      if (subscription instanceof PushSubscription) sum += subscription.size;
    return sum;
  }

  /** Messages of one subscription that nobody has acknowledged; `undefined` for one that is not there. */
  undelivered(name: string): number | undefined {
    return this.#subscriptions.get(...placeOf(name))?.size;
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
  }

  #spread(topic: string, message: NewMessage): string {
    const messageId = String(this.#nextId++).padStart(16, '1');
    const published = messageJson({
      ...message,
      messageId,
      publishTime: this.#options.clock.now().toISOString(),
    });
    for (const subscription of this.#subscriptions.values())
      if (subscription.settings.resource.topic === topic) subscription.receive(published);
    return messageId;
  }
}

/** `projects/P/topics` and the id, of `projects/P/topics/ID`. */
const placeOf = (name: string): [space: string, id: string] => {
  const at = name.lastIndexOf('/');
  return [name.slice(0, Math.max(at, 0)), name.slice(at + 1)];
};

const topicFeatures = [
  'kmsKeyName',
  'schemaSettings',
  'ingestionDataSourceSettings',
  'messageTransforms',
  'tags',
];

/** Source: Pub/Sub, "Guidelines to name a topic, subscription, schema, or snapshot". */
const checkName = (name: string, collection: 'topics' | 'subscriptions'): void => {
  const [projects, project, kind, id = '', ...rest] = name.split('/');
  const good =
    projects === 'projects' &&
    project &&
    kind === collection &&
    rest.length === 0 &&
    /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/.test(id) &&
    !/^goog/i.test(id);
  if (!good) throw badField('name', `Invalid [${collection}] name: (name=${name})`);
};

const exists = (name: string): GoogleError =>
  new GoogleError(
    'ALREADY_EXISTS',
    `Resource already exists in the project (resource=${name.split('/').at(-1)}).`,
  );

const missing = (name: string): never => {
  throw new GoogleError('NOT_FOUND', `Resource not found (resource=${name.split('/').at(-1)}).`);
};
