import * as v from 'valibot';
import type { Config } from '../../../../../functions/config.ts';
import { type Finding, failed, ok } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import { functionOfQueue } from './names.ts';

/** Source: Pub/Sub API v1, Subscription. */
const Subscription = v.object({
  name: v.string(),
  topic: v.string(),
  state: v.optional(v.string(), 'ACTIVE'),
  detached: v.optional(v.boolean(), false),
  enableMessageOrdering: v.optional(v.boolean(), false),
  pushConfig: v.optional(
    v.object({
      pushEndpoint: v.optional(v.string()),
      oidcToken: v.optional(
        v.object({ serviceAccountEmail: v.optional(v.string()), audience: v.optional(v.string()) }),
      ),
    }),
    {},
  ),
  deadLetterPolicy: v.optional(v.object({ deadLetterTopic: v.optional(v.string()) })),
});
export type Subscription = v.InferOutput<typeof Subscription>;

export const readSubscription = (
  google: GoogleApi,
  name: string,
  signal: AbortSignal,
): Promise<Subscription | undefined> =>
  google.ask({ api: 'pubsub', path: `/v1/${name}` }, Subscription, signal);

/** A queue as the settings name it; full names. */
export interface Queue {
  readonly queue: string;
  readonly topic: string;
  readonly subscription: string;
}

const apply = 'terraform apply';
const anew = (name: string): string =>
  `gcloud pubsub subscriptions delete ${name}, then terraform apply (the sweep finds what is lost in between)`;

/** Whether a queue pushes to its function, as it who may, in order where order counts, and loses nothing. */
export const judgeQueue = (
  { queue, topic, subscription: name }: Queue,
  found: Subscription | undefined,
  { push }: Pick<Config, 'push'>,
): Finding => {
  if (found === undefined) return failed(`there is no subscription ${name}: nobody is told`, apply);
  if (found.topic !== topic || found.detached)
    return failed(`${name} is not of topic ${topic} (its topic: ${found.topic})`, anew(name));
  const target = functionOfQueue[queue] ?? queue;
  const audiences = push.audiences[target] ?? [];
  const { pushEndpoint, oidcToken } = found.pushConfig;
  if (pushEndpoint === undefined || pushEndpoint === '')
    return failed(`${name} pushes nowhere, so ${target} is never called`, apply);
  if (!audiences.includes(pushEndpoint))
    return failed(
      `${name} pushes to ${pushEndpoint}, where ${target} is not (${audiences.join(', ')})`,
      apply,
    );
  const audience = oidcToken?.audience ?? pushEndpoint;
  if (oidcToken === undefined || !audiences.includes(audience))
    return failed(
      `${name} pushes with a token for ${oidcToken === undefined ? 'nobody' : audience}: ${target} refuses it`,
      apply,
    );
  if (!push.emails.includes(oidcToken.serviceAccountEmail ?? ''))
    return failed(
      `${name} pushes as ${oidcToken.serviceAccountEmail ?? 'nobody'}: ${target} lets ${push.emails.join(', ')} in`,
      apply,
    );
  if (queue === 'requests' && !found.enableMessageOrdering)
    return failed(`${name} keeps no order, which is chosen when it is made`, anew(name));
  if (!found.deadLetterPolicy?.deadLetterTopic)
    return failed(
      `${name} has no dead-letter topic: a message that always fails is repeated for ever`,
      apply,
    );
  if (found.state !== 'ACTIVE')
    return failed(`${name} is in state ${found.state}`, `gcloud pubsub subscriptions describe ${name}`);
  return ok(
    `${name} pushes to ${target}${found.enableMessageOrdering ? ', in order' : ''}, with dead letters`,
  );
};
