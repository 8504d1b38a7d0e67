import type { JsonObject } from './proto-json.ts';
import type { PubSub, PubSubOptions } from './pubsub/index.ts';

/** What the local cloud needs of a Pub/Sub: its own, or another one that speaks REST v1. */
export type Messaging = Pick<PubSub, 'url' | 'deliveries' | 'replay' | 'idle' | 'close'> &
  Partial<Pick<PubSub, 'undelivered'>> & {
    /** Publishes as a log sink and Cloud Scheduler do: nobody waits for the answer. */
    publish(topic: string, messages: Parameters<PubSub['publish']>[1]): void;
  };

export type StartMessaging = (options: PubSubOptions) => Promise<Messaging>;

/** What keeps the dead letters of a queue: a topic and its subscription, of one name, as Terraform makes them. */
const deadLettersOf = (name: string): string => `${name}-dead-letters`;

/** The full names of a deployment's topics and subscriptions. */
export const messagingNames = (project: string) => {
  const topic = (name: string): string => `projects/${project}/topics/${name}`;
  const subscription = (name: string): string => `projects/${project}/subscriptions/${name}`;
  return {
    topics: {
      clusterEvents: topic('cluster-events'),
      requests: topic('reconcile-requests'),
      sweeps: topic('sweeps'),
    },
    subscriptions: {
      clusterEvents: subscription('cluster-events'),
      requests: subscription('reconcile-requests'),
      sweeps: subscription('sweeps'),
    },
    /** Where the dead letters of each queue are pulled from. */
    deadLetters: {
      clusterEvents: deadLettersOf(subscription('cluster-events')),
      requests: deadLettersOf(subscription('reconcile-requests')),
      sweeps: deadLettersOf(subscription('sweeps')),
    },
  };
};

export interface MessagingOptions {
  readonly project: string;
  /** Where each function is called. */
  readonly urls: Readonly<Record<'on-cluster-event' | 'reconcile' | 'sweep', string>>;
  /** The e-mail address of the service account that pushes. */
  readonly pushIdentity: string;
}

/** Resources of google.pubsub.v1 by their full names, each to be PUT as it stands; topics first. */
export type MessagingResources = readonly (readonly [name: string, resource: JsonObject])[];

/** Topics and push subscriptions as they are deployed: ordered where order counts, with dead letters and OIDC. */
export const messagingResources = ({ project, urls, pushIdentity }: MessagingOptions): MessagingResources => {
  const { topics, subscriptions, deadLetters } = messagingNames(project);
  const push = (topic: string, url: string, enableMessageOrdering: boolean): JsonObject => ({
    topic,
    pushConfig: { pushEndpoint: url, oidcToken: { serviceAccountEmail: pushIdentity, audience: url } },
    ackDeadlineSeconds: 70,
    enableMessageOrdering,
    retryPolicy: { minimumBackoff: '1s', maximumBackoff: '30s' },
    deadLetterPolicy: { deadLetterTopic: deadLettersOf(topic), maxDeliveryAttempts: 10 },
  });
  return [
    ...Object.values(topics).flatMap((name) => [[name, {}] as const, [deadLettersOf(name), {}] as const]),
    [deadLetters.clusterEvents, { topic: deadLettersOf(topics.clusterEvents) }],
    [deadLetters.requests, { topic: deadLettersOf(topics.requests) }],
    [deadLetters.sweeps, { topic: deadLettersOf(topics.sweeps) }],
    [subscriptions.clusterEvents, push(topics.clusterEvents, urls['on-cluster-event'], false)],
    [subscriptions.requests, push(topics.requests, urls.reconcile, true)],
    [subscriptions.sweeps, push(topics.sweeps, urls.sweep, false)],
  ];
};

/**
 * Creates them over REST v1, whatever Pub/Sub answers there.
 * @throws Error with the resource's name and the answer
 */
export const createMessaging = async (
  url: string,
  token: string,
  resources: MessagingResources,
): Promise<void> => {
  for (const [name, resource] of resources) {
    const response = await fetch(`${url}/v1/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(resource),
    });
    if (!response.ok) throw new Error(`PUT ${name}: ${response.status} ${await response.text()}`);
  }
};
