import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createMessaging } from '../../infra/local/messaging.ts';
import type { JsonObject } from '../../infra/local/proto-json.ts';
import { dataOf, type Pushed, startEndpoint, text } from '../infra/local/pubsub/bench.ts';

export const emulator = inject('pubsubEmulator');

/** A name that no other test has. */
export const named = (collection: 'topics' | 'subscriptions'): string =>
  `projects/local-project/${collection}/test-${randomUUID()}`;

export const call = async (method: string, path: string, body?: object): Promise<JsonObject> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${emulator}/v1/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as JsonObject;
};

/** Publishes; `key/name` is a message `key/name` with that key, `name` one without. */
export const publish = (topic: string, ...names: string[]): Promise<JsonObject> => {
  const messages = names.map((name) => text(name, name.includes('/') ? { orderingKey: keyOf(name) } : {}));
  return call('POST', `${topic}:publish`, { messages });
};

const keyOf = (name: string): string => name.split('/')[0]!;

/** A topic of the emulator that pushes to an endpoint of the test, which answers by the message and its attempt. */
export const startPushing = async (
  answer: (name: string, attempt: number) => number,
  subscription: JsonObject = {},
) => {
  const attempts = new Map<string, number>();
  let waiting: (() => void)[] = [];
  const arrivals: { readonly name: string; readonly at: number; readonly pushed: Pushed }[] = [];
  const endpoint = await startEndpoint((pushed) => {
    const name = dataOf(pushed);
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    arrivals.push({ name, at: performance.now(), pushed });
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
    return answer(name, attempt);
  });
  const topic = named('topics');
  const name = named('subscriptions');
  const { pushConfig, ...more } = subscription;
  await createMessaging(emulator, 'anybody', [
    [topic, {}],
    [name, { topic, pushConfig: { pushEndpoint: endpoint.url, ...(pushConfig as JsonObject) }, ...more }],
  ]);
  return {
    topic,
    endpoint: endpoint.url,
    arrivals,
    names: () => arrivals.map((arrival) => arrival.name),
    /** Resolves when so many pushes of `name` have arrived. */
    async arrived(name: string, times = 1): Promise<void> {
      while ((attempts.get(name) ?? 0) < times)
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
    },
  };
};
