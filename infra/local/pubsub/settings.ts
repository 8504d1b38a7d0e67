import { badField, unsupported } from '../google-error.ts';
import { isObject, type JsonObject } from '../proto-json.ts';
import type { Backoff } from './queue.ts';

/** A subscription's resource, read into what delivery needs. Times in milliseconds. */
export interface Settings {
  readonly name: string;
  readonly topic: string;
  readonly ordered: boolean;
  readonly ackDeadline: number;
  readonly backoff: Backoff;
  readonly push?: { readonly endpoint: string; readonly oidc?: { email: string; audience: string } };
  readonly deadLetter?: { readonly topic: string; readonly maxAttempts: number };
  /** The resource with its defaults, as GET answers it. */
  readonly resource: JsonObject;
}

/** Without a retry policy. Source: Pub/Sub, "Push subscriptions", push backoff: 100 ms to 60 s. */
const pushBackoff: Backoff = { min: 100, max: 60_000 };

const notImplemented = [
  'bigqueryConfig',
  'cloudStorageConfig',
  'bigtableConfig',
  'enableExactlyOnceDelivery',
  'messageTransforms',
  'filter',
  'detached',
  'tags',
];

/**
 * Reads a `google.pubsub.v1.Subscription` that the descriptors have already checked.
 * @throws GoogleError 400 for a value out of its range, 501 for a feature by its name
 * Source: comments of `Subscription`, `RetryPolicy`, `DeadLetterPolicy`, `PushConfig` in pubsub.proto.
 */
export const readSettings = (name: string, given: JsonObject): Settings => {
  for (const field of notImplemented) {
    const value = given[field];
    if (value !== undefined && value !== false && value !== '' && !isEmpty(value))
      throw unsupported(`Subscription.${field}`);
  }
  const topic = text(given.topic);
  if (topic === '') throw badField('topic', 'A subscription needs a topic.');
  const ackDeadlineSeconds = Number(given.ackDeadlineSeconds ?? 0) || 10;
  if (ackDeadlineSeconds < 10 || ackDeadlineSeconds > 600)
    throw badField(
      'ackDeadlineSeconds',
      `Invalid ack deadline given (ack_deadline=${ackDeadlineSeconds}): 10 to 600.`,
    );
  const push = readPush(given.pushConfig);
  const deadLetter = readDeadLetter(given.deadLetterPolicy);
  const ordered = given.enableMessageOrdering === true;
  const retry = given.retryPolicy;
  const backoff = isObject(retry) ? readRetry(retry) : pushBackoff;
  const resource = {
    pushConfig: {},
    messageRetentionDuration: '604800s',
    expirationPolicy: { ttl: '2678400s' },
    ...given,
    name,
    ackDeadlineSeconds,
    state: 'ACTIVE',
    ...(isObject(retry) && {
      retryPolicy: { minimumBackoff: `${backoff.min / 1000}s`, maximumBackoff: `${backoff.max / 1000}s` },
    }),
    ...(deadLetter && {
      deadLetterPolicy: { deadLetterTopic: deadLetter.topic, maxDeliveryAttempts: deadLetter.maxAttempts },
    }),
  };
  return {
    name,
    topic,
    ordered,
    ackDeadline: ackDeadlineSeconds * 1000,
    backoff,
    ...(push && { push }),
    ...(deadLetter && { deadLetter }),
    resource,
  };
};

const readPush = (config: unknown): Settings['push'] => {
  if (!isObject(config) || isEmpty(config)) return undefined;
  for (const field of ['noWrapper', 'attributes'])
    if (config[field] !== undefined && !isEmpty(config[field])) throw unsupported(`PushConfig.${field}`);
  const endpoint = text(config.pushEndpoint);
  if (!/^https?:\/\/[^/]/.test(endpoint) || !URL.canParse(endpoint))
    throw badField(
      'pushConfig.pushEndpoint',
      `Invalid push endpoint given (endpoint=${endpoint}): no http(s) URL.`,
    );
  const token = config.oidcToken;
  if (!isObject(token)) return { endpoint };
  const email = text(token.serviceAccountEmail);
  if (email === '')
    throw badField('pushConfig.oidcToken.serviceAccountEmail', 'An OIDC token needs a service account.');
  return { endpoint, oidc: { email, audience: text(token.audience) || endpoint } };
};

/** The words of these refusals are the official emulator's, which Google writes after the service. */
const readRetry = (policy: JsonObject): Backoff => {
  const min = milliseconds(policy.minimumBackoff ?? '10s', 'minimum');
  const max = milliseconds(policy.maximumBackoff ?? '600s', 'maximum');
  if (max >= min) return { min, max };
  throw badField(
    'retryPolicy.maximumBackoff',
    `The value for maximum_backoff is too small. You passed ${max / 1000}s in the request, but the minimum value is ${min / 1000}s.`,
  );
};

const milliseconds = (duration: unknown, which: 'minimum' | 'maximum'): number => {
  const value = Number.parseFloat(text(duration)) * 1000;
  if (value >= 0 && value <= 600_000) return value;
  throw badField(
    `retryPolicy.${which}Backoff`,
    `The value for ${which}_backoff is out of bounds. You passed ${text(duration)} in the request, but the value must be between 0s and 600s.`,
  );
};

const readDeadLetter = (policy: unknown): Settings['deadLetter'] => {
  if (!isObject(policy)) return undefined;
  const topic = text(policy.deadLetterTopic);
  if (topic === '') throw badField('deadLetterPolicy.deadLetterTopic', 'A dead-letter policy needs a topic.');
  // The .proto says that 0 means the default of 5.
  const maxAttempts = Number(policy.maxDeliveryAttempts ?? 0) || 5;
  if (maxAttempts >= 5 && maxAttempts <= 100) return { topic, maxAttempts };
  const [fault, limit] =
    maxAttempts < 5 ? ['small', 'minimum value is 5'] : ['large', 'maximum value is 100'];
  throw badField(
    'deadLetterPolicy.maxDeliveryAttempts',
    `The value for max_delivery_attempts is too ${fault}. You passed ${maxAttempts} in the request, but the ${limit}.`,
  );
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
