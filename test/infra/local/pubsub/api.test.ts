import { v1 } from '@google-cloud/pubsub';
import { OAuth2Client } from 'google-auth-library';
import { expect, test } from 'vitest';
import { startBench, startEndpoint, subscription, text, topic } from './bench.ts';

const publish = `${topic}:publish`;
const nameOf = (kind: string, id: string): string => `projects/p/${kind}/${id}`;

const clientOf = (url: string, token: string) => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token });
  const { hostname, port } = new URL(url);
  return new v1.PublisherClient({
    fallback: true,
    apiEndpoint: hostname,
    port: Number(port),
    protocol: 'http',
    projectId: 'p',
    authClient: authClient as never,
  });
};

test('the published client library publishes to it over REST, ordering key included', async () => {
  const { identities, pubsub } = await startBench();
  const endpoint = await startEndpoint(() => 204);
  pubsub.createSubscription(subscription, { topic, pushConfig: { pushEndpoint: endpoint.url } });
  const client = clientOf(pubsub.url, identities.tokenOf('f@p.iam.gserviceaccount.com'));
  const messages = [{ data: Buffer.from('one'), attributes: { a: 'b' }, orderingKey: 'k' }];
  const [{ messageIds }] = await client.publish({ topic, messages });
  await pubsub.idle();
  expect(endpoint.received[0]!.body.message).toMatchObject({
    data: text('one').data,
    attributes: { a: 'b' },
    orderingKey: 'k',
    messageId: messageIds![0],
  });
  await client.close();
});

test('the client library sees a refusal as the status that it is', async () => {
  const { identities, pubsub } = await startBench();
  const client = clientOf(pubsub.url, identities.tokenOf('f@p.iam.gserviceaccount.com'));
  const missing = client.publish({
    topic: nameOf('topics', 'nowhere'),
    messages: [{ data: Buffer.from('x') }],
  });
  await expect(missing).rejects.toMatchObject({ code: 5 });
  await client.close();
});

test('without a known token every call is a 401 in the form of Google', async () => {
  const { pubsub } = await startBench();
  const response = await fetch(`${pubsub.url}/v1/${topic}`, { headers: { authorization: 'Bearer no' } });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
});

test('topics and subscriptions are created, read, listed and deleted', async () => {
  const { call } = await startBench();
  const orders = nameOf('topics', 'orders');
  expect((await call('PUT', orders, { labels: { a: 'b' } })).body).toEqual({
    name: orders,
    labels: { a: 'b' },
  });
  expect((await call('GET', 'projects/p/topics')).body.topics).toEqual([
    { name: topic },
    { name: orders, labels: { a: 'b' } },
  ]);
  const pull = nameOf('subscriptions', 'pull');
  await call('PUT', pull, { topic: orders });
  expect((await call('GET', pull)).body).toMatchObject({ name: pull, topic: orders, ackDeadlineSeconds: 10 });
  expect((await call('GET', `${orders}/subscriptions`)).body).toEqual({ subscriptions: [pull] });
  await call('DELETE', orders);
  expect((await call('GET', pull)).body.topic).toBe('_deleted-topic_');
  expect((await call('GET', 'projects/p/subscriptions')).body.subscriptions).toHaveLength(1);
  await call('DELETE', pull);
  expect((await call('GET', pull)).status).toBe(404);
  expect((await call('DELETE', pull)).body.error.status).toBe('NOT_FOUND');
});

test('a retry policy without its numbers has the documented ones', async () => {
  const { call } = await startBench();
  const { body } = await call('PUT', subscription, { topic, retryPolicy: {} });
  expect(body.retryPolicy).toEqual({ minimumBackoff: '10s', maximumBackoff: '600s' });
});

test('a name that is taken is a 409, and one of nobody a 404', async () => {
  const { call } = await startBench();
  expect((await call('PUT', topic, {})).body.error).toMatchObject({ code: 409, status: 'ALREADY_EXISTS' });
  const lost = await call('PUT', subscription, { topic: nameOf('topics', 'nowhere') });
  expect(lost.body.error).toMatchObject({ code: 404, message: 'Resource not found (resource=nowhere).' });
  const message = { messages: [text('x')] };
  expect((await call('POST', `${nameOf('topics', 'nowhere')}:publish`, message)).status).toBe(404);
});

test.each(['ab', '1abc', 'google-like', `a${'b'.repeat(255)}`, 'a b'])(
  'the topic name %s is refused',
  async (id) => {
    const { call } = await startBench();
    const { body } = await call('PUT', nameOf('topics', encodeURIComponent(id)), {});
    expect(body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  },
);

test.each([
  ['a field that the descriptors do not know', { topic, colour: 'red' }, 'Unknown name "colour"'],
  ['one inside another', { topic, pushConfig: { endpoint: 'x' } }, `Unknown name "endpoint" at 'pushConfig'`],
  ['a wrong type', { topic, ackDeadlineSeconds: 'soon' }, "Invalid value at 'ackDeadlineSeconds'"],
  [
    'a duration without its unit',
    { topic, retryPolicy: { minimumBackoff: '10' } },
    'retryPolicy.minimumBackoff',
  ],
  ['no topic', {}, 'needs a topic'],
  ['an ack deadline under ten seconds', { topic, ackDeadlineSeconds: 9 }, '10 to 600'],
  ['an ack deadline over ten minutes', { topic, ackDeadlineSeconds: 601 }, '10 to 600'],
  ['a backoff over ten minutes', { topic, retryPolicy: { maximumBackoff: '601s' } }, 'between 0s and 600s'],
  [
    'a minimum over the maximum',
    { topic, retryPolicy: { minimumBackoff: '20s', maximumBackoff: '10s' } },
    'maximum_backoff is too small. You passed 10s',
  ],
  [
    'too few attempts',
    { topic, deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 4 } },
    'too small. You passed 4',
  ],
  [
    'too many attempts',
    { topic, deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 101 } },
    'too large. You passed 101',
  ],
  ['an endpoint that is no URL', { topic, pushConfig: { pushEndpoint: 'reconcile' } }, 'no http(s) URL'],
])('a subscription with %s is refused by name', async (_rule, body, message) => {
  const { call } = await startBench();
  const answer = await call('PUT', subscription, body);
  expect(answer.body.error).toMatchObject({ code: 400, message: expect.stringContaining(message) });
  expect((await call('GET', subscription)).status).toBe(404);
});

test('a dead-letter topic that does not exist is a 404', async () => {
  const { call } = await startBench();
  const deadLetterPolicy = { deadLetterTopic: nameOf('topics', 'nowhere') };
  expect((await call('PUT', subscription, { topic, deadLetterPolicy })).status).toBe(404);
});

test.each([
  ['PUT', subscription, { topic, filter: 'attributes:x' }, 'Subscription.filter'],
  ['PUT', subscription, { topic, enableExactlyOnceDelivery: true }, 'enableExactlyOnceDelivery'],
  ['PUT', nameOf('topics', 'secret'), { kmsKeyName: 'k' }, 'Topic.kmsKeyName'],
  ['PATCH', topic, {}, `PATCH /v1/${topic}`],
  ['POST', `${subscription}:seek`, {}, ':seek'],
])('%s %s: what is not implemented is a 501 that names it', async (method, path, body, name) => {
  const { call } = await startBench();
  const answer = await call(method, path, body);
  expect(answer.body.error).toMatchObject({
    code: 501,
    status: 'UNIMPLEMENTED',
    message: expect.stringContaining(name),
  });
});

const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

test.each([
  ['no messages', [], 'at least one'],
  ['1,001 messages', Array.from({ length: 1001 }, () => text('x')), 'At most 1000'],
  ['a message without data and attributes', [{ orderingKey: 'k' }], 'empty'],
  ['101 attributes', [{ attributes: attributes(101) }], 'At most 100'],
  ['a key of 257 bytes', [{ attributes: { [`${'ä'.repeat(128)}k`]: 'v' } }], '256'],
  ['a value of 1,025 bytes', [{ attributes: { k: 'v'.repeat(1025) } }], '1024'],
  ['a reserved attribute', [{ attributes: { googclient: 'v' } }], 'reserved'],
  ['an ordering key of 1,025 bytes', [text('x', { orderingKey: 'k'.repeat(1025) })], '1024'],
  ['data over 10 MB', [text('x'.repeat(10_000_001))], '10000000'],
  ['data that is no base64', [{ data: '?' }], 'messages[0].data'],
  ['a field that the descriptors do not know', [{ body: 'x' }], `Unknown name "body" at 'messages[0]'`],
])('publishing %s is refused, and nothing of it is published', async (_rule, messages, message) => {
  const { call, pubsub } = await startBench();
  const pull = nameOf('subscriptions', 'pull');
  pubsub.createSubscription(pull, { topic });
  const answer = await call('POST', publish, { messages });
  expect(answer.body.error).toMatchObject({ code: 400, message: expect.stringContaining(message) });
  expect((await call('POST', `${pull}:pull`, { maxMessages: 1 })).body).toEqual({});
});

test('names as the .proto file spells them are understood', async () => {
  const { call, pubsub } = await startBench();
  const pull = nameOf('subscriptions', 'pull');
  pubsub.createSubscription(pull, { topic });
  await call('POST', publish, { messages: [text('x', { ordering_key: 'k' })] });
  const { body } = await call('POST', `${pull}:pull`, { max_messages: 1 });
  expect(body.receivedMessages).toMatchObject([{ message: { orderingKey: 'k' } }]);
});

test('a body that is no JSON is a 400', async () => {
  const { identities, pubsub } = await startBench();
  const response = await fetch(`${pubsub.url}/v1/${publish}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${identities.tokenOf('x')}`, 'content-type': 'application/json' },
    body: '{"messages": [',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
});

test('pulling from a subscription that pushes is refused', async () => {
  const { call, pubsub } = await startBench();
  pubsub.createSubscription(subscription, { topic, pushConfig: { pushEndpoint: 'http://127.0.0.1:1' } });
  const { body } = await call('POST', `${subscription}:pull`, { maxMessages: 1 });
  expect(body.error).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' });
});
