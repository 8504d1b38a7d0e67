import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../infra/local/clock.ts';
import { Identities } from '../../infra/local/identities.ts';
import type { JsonObject } from '../../infra/local/proto-json.ts';
import { startPubSub } from '../../infra/local/pubsub/index.ts';
import { text } from '../infra/local/pubsub/bench.ts';
import { emulator, named } from './bench.ts';

/** A request to the emulator and the same one to the local cloud's Pub/Sub, each with a topic of that name. */
const both = async (topic: string, method: string, path: string, body: JsonObject) => {
  const identities = new Identities();
  const local = await startPubSub({ clock: systemClock, identities });
  onTestFinished(() => local.close());
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${identities.tokenOf('tester')}`,
  };
  const ask = async (url: string) => {
    const put = await fetch(`${url}/v1/${topic}`, { method: 'PUT', headers, body: '{}' });
    expect(put.status).toBe(200);
    const response = await fetch(`${url}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    const { error } = (await response.json()) as { error?: { message: string } };
    return { status: response.status, message: error?.message };
  };
  return { official: await ask(emulator), ours: await ask(local.url) };
};

const deadLetters = (deadLetterTopic: string, maxDeliveryAttempts: number): JsonObject => ({
  deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts },
});

test.each<[string, (topic: string) => JsonObject]>([
  ['a backoff below zero', () => ({ retryPolicy: { minimumBackoff: '-1s' } })],
  ['a backoff over ten minutes', () => ({ retryPolicy: { minimumBackoff: '601s' } })],
  ['a maximum below the minimum', () => ({ retryPolicy: { minimumBackoff: '30s', maximumBackoff: '10s' } })],
  ['four delivery attempts', (topic) => deadLetters(topic, 4)],
  ['a hundred and one', (topic) => deadLetters(topic, 101)],
])('a subscription with %s is refused in the same words', async (_, resource) => {
  const topic = named('topics');
  const { official, ours } = await both(topic, 'PUT', named('subscriptions'), { topic, ...resource(topic) });
  expect(official.status).toBe(400);
  expect(ours).toEqual(official);
});

test.each(['ab', '1abc', 'goog-events', 'a b'])(
  'a topic named %s is refused in the same words',
  async (id) => {
    const path = `projects/local-project/topics/${id}`;
    const { official, ours } = await both(named('topics'), 'PUT', path, {});
    expect(official.status).toBe(400);
    expect(ours).toEqual(official);
  },
);

// The service's own words are longer than the emulator's: there only the verdict is compared.
test.each<[string, JsonObject]>([
  ['no message', { messages: [] }],
  ['an empty message', { messages: [{}] }],
  ['more than a thousand messages', { messages: Array.from({ length: 1001 }, () => text('x')) }],
  ['data that is not base64', { messages: [{ data: '***' }] }],
  ['a field that no message has', { messages: [{ ...text('x'), nonsense: 1 }] }],
])('a publish of %s is refused by both', async (_, body) => {
  const topic = named('topics');
  const { official, ours } = await both(topic, 'POST', `${topic}:publish`, body);
  expect(official.status).toBe(400);
  expect(ours.status).toBe(official.status);
});
