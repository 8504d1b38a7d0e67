import { type protos, v1 } from '@google-cloud/pubsub';
import { sendOnce } from '../../../functions/google-cloud/call-options.ts';
import { NoAnswer, type TokenSource } from '../../../functions/google-cloud/http.ts';
import { restOptions } from '../../../functions/google-cloud/rest-options.ts';

/** One queue's dead letters, and where they came from; full names. */
export interface DeadQueue {
  readonly queue: string;
  readonly deadLetters: string;
  readonly topic: string;
}

export interface ReplayOptions {
  readonly project: string;
  readonly tokens: TokenSource;
  /** Another address of Pub/Sub: the local cloud's. */
  readonly endpoint: string;
  /** Only what landed before: what dies again meanwhile waits for another run, so that every run ends. */
  readonly before: Date;
  /** Publishes nothing and takes nothing away. */
  readonly dryRun: boolean;
  /** Messages at most, of each queue. */
  readonly limit: number;
  /** After each batch. */
  readonly onProgress?: (queue: string, messages: number) => void;
}

/** A dead letter as a person needs it. */
export interface Letter {
  readonly messageId: string;
  /** When it was first published, RFC 3339. */
  readonly published: string;
  readonly attempts: number;
  readonly orderingKey: string;
}

export interface Replayed {
  readonly queue: string;
  readonly letters: readonly Letter[];
}

type Received = protos.google.pubsub.v1.IReceivedMessage;

const batch = 100;
/** An empty subscription keeps a pull waiting; then there is nothing, ms. */
const patience = 10_000;
/** gRPC DEADLINE_EXCEEDED. */
const deadlineExceeded = 4;

/** What Pub/Sub adds to a message that it moves. Source: Pub/Sub, *Handle message failures*. */
const prefix = 'CloudPubSubDeadLetterSource';

const secondsOf = (time: unknown): number => Number((time as { seconds?: unknown } | null)?.seconds ?? 0);

const letterOf = ({ message }: Received): Letter => ({
  messageId: message?.messageId ?? '',
  published: message?.attributes?.[`${prefix}TopicPublishTime`] ?? '',
  attempts: Number(message?.attributes?.[`${prefix}DeliveryCount`] ?? 0),
  orderingKey: message?.orderingKey ?? '',
});

/** The message as it was published: with the queue's data and key, and without Pub/Sub's remarks. */
const asPublished = ({ message }: Received) => ({
  ...(message?.data && { data: message.data }),
  ...(message?.orderingKey && { orderingKey: message.orderingKey }),
  attributes: Object.fromEntries(
    Object.entries(message?.attributes ?? {}).filter(([name]) => !name.startsWith(prefix)),
  ),
});

const byPublication = (a: Received, b: Received): number =>
  letterOf(a).published < letterOf(b).published ? -1 : 1;

/**
 * Publishes dead letters again to the topic that they came from, oldest first within a batch. A letter is taken off only
 * when its copy has been published, so one that is interrupted is published twice rather than lost: every message of
 * ours only says where to look.
 * @throws whatever Pub/Sub's client rejects with: no right, no such subscription, no connection
 */
export const replayDeadLetters = async (
  queues: readonly DeadQueue[],
  options: ReplayOptions,
): Promise<readonly Replayed[]> => {
  const rest = restOptions(options.project, options.tokens, options.endpoint);
  const clients = { subscriber: new v1.SubscriberClient(rest), publisher: new v1.PublisherClient(rest) };
  const replayed: Replayed[] = [];
  for (const queue of queues) replayed.push(await replayQueue(clients, queue, options));
  return replayed;
};

interface Clients {
  readonly subscriber: v1.SubscriberClient;
  readonly publisher: v1.PublisherClient;
}

const replayQueue = async (
  { subscriber, publisher }: Clients,
  { queue, deadLetters: subscription, topic }: DeadQueue,
  { before, dryRun, limit, onProgress }: ReplayOptions,
): Promise<Replayed> => {
  const letters: Letter[] = [];
  /** Looked at and not taken: they go back at the end, or they would be pulled again and again. */
  const kept: string[] = [];
  while (letters.length < limit) {
    const received = await pull(subscriber, subscription, Math.min(batch, limit - letters.length));
    if (received.length === 0) break;
    const due = received.filter(({ message }) => secondsOf(message?.publishTime) * 1000 <= before.getTime());
    const taken = dryRun ? [] : due.toSorted(byPublication);
    if (taken.length > 0) {
      await sendOnce((options) => publisher.publish({ topic, messages: taken.map(asPublished) }, options));
      await sendOnce((options) =>
        subscriber.acknowledge({ subscription, ackIds: taken.map(ackIdOf) }, options),
      );
    }
    kept.push(...received.filter((one) => !taken.includes(one)).map(ackIdOf));
    letters.push(...due.map(letterOf));
    onProgress?.(queue, letters.length);
  }
  for (let first = 0; first < kept.length; first += batch) {
    const ackIds = kept.slice(first, first + batch);
    const request = { subscription, ackIds, ackDeadlineSeconds: 0 };
    await sendOnce((options) => subscriber.modifyAckDeadline(request, options));
  }
  return { queue, letters };
};

const ackIdOf = ({ ackId }: Received): string => ackId ?? '';

const pull = async (
  subscriber: v1.SubscriberClient,
  subscription: string,
  maxMessages: number,
): Promise<readonly Received[]> => {
  try {
    const [{ receivedMessages }] = await sendOnce(
      (options) => subscriber.pull({ subscription, maxMessages }, options),
      patience,
    );
    return receivedMessages ?? [];
  } catch (error) {
    // Its own clock, or the server's.
    if (error instanceof NoAnswer) return [];
    if (error instanceof Error && 'code' in error && error.code === deadlineExceeded) return [];
    throw error;
  }
};
