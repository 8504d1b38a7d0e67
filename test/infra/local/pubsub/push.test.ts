import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { listen } from '../../../../infra/local/listen.ts';
import { startOidc } from '../../../../infra/local/oidc/index.ts';
import { dataOf, startBench, startEndpoint, subscription, text, topic } from './bench.ts';

const pushTo = (pushEndpoint: string, more: object = {}) => ({
  topic,
  pushConfig: { pushEndpoint },
  ...more,
});

test('a push carries the message in the documented envelope and nothing else', async () => {
  const { pubsub } = await startBench();
  const endpoint = await startEndpoint(() => 204);
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  const [id] = pubsub.publish(topic, [text('hello', { attributes: { a: 'b' }, orderingKey: 'k' })]);
  await pubsub.idle();
  expect(endpoint.received[0]!.body).toEqual({
    message: {
      data: 'aGVsbG8=',
      attributes: { a: 'b' },
      messageId: id,
      message_id: id,
      publishTime: '2026-01-01T00:00:00.000Z',
      publish_time: '2026-01-01T00:00:00.000Z',
      orderingKey: 'k',
    },
    subscription,
  });
  expect(endpoint.received[0]!.headers['content-type']).toBe('application/json');
  expect(endpoint.received[0]!.headers.authorization).toBeUndefined();
});

test.each([200, 201, 202, 204])('%i acknowledges', async (status) => {
  const { pubsub } = await startBench();
  const endpoint = await startEndpoint(() => status);
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  pubsub.publish(topic, [text('x')]);
  await pubsub.idle();
  expect(pubsub.deliveries.map((one) => one.status)).toEqual([status]);
});

test.each([203, 301, 400, 404, 429, 500, 503])('%i does not acknowledge', async (status) => {
  const { clock, delivery, pubsub } = await startBench();
  const endpoint = await startEndpoint((_pushed, index) => (index === 0 ? status : 200));
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  const first = delivery();
  pubsub.publish(topic, [text('x')]);
  expect((await first).status).toBe(status);
  clock.advance(100);
  await pubsub.idle();
  expect(endpoint.received).toHaveLength(2);
});

test('a redirect is an answer like any other: it is not followed', async () => {
  const { delivery, pubsub } = await startBench();
  const elsewhere = await startEndpoint(() => 200);
  const { url, close } = await listen((_request, response) => {
    response.writeHead(307, { location: elsewhere.url }).end();
  });
  onTestFinished(close);
  pubsub.createSubscription(subscription, pushTo(url));
  const first = delivery();
  pubsub.publish(topic, [text('x')]);
  expect((await first).status).toBe(307);
  expect(elsewhere.received).toEqual([]);
});

test('a failed message comes again after the minimum backoff, then after twice that, up to the maximum', async () => {
  const { clock, delivery, pubsub } = await startBench();
  const endpoint = await startEndpoint((_pushed, index) => (index < 4 ? 500 : 200));
  const retryPolicy = { minimumBackoff: '1s', maximumBackoff: '3s' };
  pubsub.createSubscription(subscription, pushTo(endpoint.url, { retryPolicy }));
  for (const [attempt, rest] of [1000, 2000, 3000, 3000].entries()) {
    const ended = delivery((one) => one.attempt === attempt + 1);
    if (attempt === 0) pubsub.publish(topic, [text('x')]);
    await ended;
    clock.advance(rest - 1);
    expect(endpoint.received).toHaveLength(attempt + 1);
    clock.advance(1);
  }
  await pubsub.idle();
  const starts = pubsub.deliveries.map((one) => one.startedAt.getTime() - Date.parse('2026-01-01T00:00:00Z'));
  expect(starts).toEqual([0, 1000, 3000, 6000, 9000]);
  expect(pubsub.deliveries.map((one) => one.attempt)).toEqual([1, 2, 3, 4, 5]);
});

test('a push that takes longer than the ack deadline is not acknowledged', async () => {
  const { clock, delivery, pubsub } = await startBench();
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const endpoint = await startEndpoint((_pushed, index) => {
    arrived();
    return index === 0 ? new Promise<number>(() => {}) : 200;
  });
  pubsub.createSubscription(subscription, pushTo(endpoint.url, { ackDeadlineSeconds: 20 }));
  const first = delivery();
  pubsub.publish(topic, [text('x')]);
  await arrival;
  clock.advance(19_999);
  expect(pubsub.deliveries).toEqual([]);
  clock.advance(1);
  expect((await first).status).toBe('timeout');
  clock.advance(100);
  await pubsub.idle();
  expect(endpoint.received).toHaveLength(2);
});

test('an endpoint that nobody listens on is retried', async () => {
  const { delivery, pubsub } = await startBench();
  pubsub.createSubscription(subscription, pushTo('http://127.0.0.1:1/'));
  const first = delivery();
  pubsub.publish(topic, [text('x')]);
  expect((await first).status).toBe('unreachable');
});

test('with ordering, a failing message holds its own key and no other', async () => {
  const { clock, delivery, pubsub } = await startBench();
  let failures = 2;
  const endpoint = await startEndpoint((pushed) => (dataOf(pushed) === 'a1' && failures-- > 0 ? 500 : 200));
  pubsub.createSubscription(subscription, pushTo(endpoint.url, { enableMessageOrdering: true }));
  const failed = delivery(({ status }) => status === 500);
  const other = delivery(({ message }) => message.orderingKey === 'b');
  pubsub.publish(topic, [
    text('a1', { orderingKey: 'a' }),
    text('a2', { orderingKey: 'a' }),
    text('a3', { orderingKey: 'a' }),
    text('b1', { orderingKey: 'b' }),
  ]);
  await Promise.all([failed, other]);
  expect(endpoint.received.map(dataOf).toSorted()).toEqual(['a1', 'b1']);
  const again = delivery(({ attempt }) => attempt === 2);
  clock.advance(100);
  await again;
  clock.advance(200);
  await pubsub.idle();
  expect(endpoint.received.map(dataOf).filter((data) => data !== 'b1')).toEqual([
    'a1',
    'a1',
    'a1',
    'a2',
    'a3',
  ]);
});

test('with ordering, no message of a key goes out while another one is under way', async () => {
  const { pubsub } = await startBench();
  let underWay = 0;
  let most = 0;
  const endpoint = await startEndpoint(async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return 200;
  });
  pubsub.createSubscription(subscription, pushTo(endpoint.url, { enableMessageOrdering: true }));
  const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
  pubsub.publish(
    topic,
    names.map((name) => text(name, { orderingKey: 'k' })),
  );
  await pubsub.idle();
  expect(most).toBe(1);
  expect(endpoint.received.map(dataOf)).toEqual(names);
});

test('with ordering, a key whose messages are all settled is free again', async () => {
  const { pubsub } = await startBench();
  const endpoint = await startEndpoint(() => 200);
  pubsub.createSubscription(subscription, pushTo(endpoint.url, { enableMessageOrdering: true }));
  for (const name of ['a1', 'a2', 'a3']) {
    pubsub.publish(topic, [text(name, { orderingKey: 'a' })]);
    await pubsub.idle();
  }
  expect(endpoint.received.map(dataOf)).toEqual(['a1', 'a2', 'a3']);
});

test('without ordering on the subscription, keys hold nothing back', async () => {
  const { pubsub, delivery } = await startBench();
  const endpoint = await startEndpoint((pushed) => (dataOf(pushed) === 'a1' ? 500 : 200));
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  const second = delivery(({ status }) => status === 200);
  pubsub.publish(topic, [text('a1', { orderingKey: 'a' }), text('a2', { orderingKey: 'a' })]);
  await second;
  expect(endpoint.received.map(dataOf).toSorted()).toEqual(['a1', 'a2']);
});

test('at most as many pushes are under way as the subscription may have', async () => {
  const { call, pubsub } = await startBench({ concurrency: 3 });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let full = (): void => {};
  const third = new Promise<void>((resolve) => {
    full = resolve;
  });
  const endpoint = await startEndpoint(async (_pushed, index) => {
    if (index === 2) full();
    await released;
    return 200;
  });
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  pubsub.publish(
    topic,
    Array.from({ length: 10 }, (_, index) => text(`${index}`)),
  );
  await third;
  // A fourth push would be on the wire by now, and overtaken by none of these calls.
  for (let fence = 0; fence < 10; fence++) await call('GET', topic);
  expect(endpoint.received).toHaveLength(3);
  release();
  await pubsub.idle();
  expect(endpoint.received).toHaveLength(10);
});

test('a token names the service account, the audience and Google as issuer, and its signature holds', async () => {
  const oidc = await startOidc({ clock: systemClock });
  onTestFinished(() => oidc.close());
  const { pubsub } = await startBench({ sign: oidc.sign });
  const endpoint = await startEndpoint(() => 200);
  const oidcToken = { serviceAccountEmail: 'push@p.iam.gserviceaccount.com', audience: 'https://reconcile' };
  pubsub.createSubscription(subscription, {
    topic,
    pushConfig: { pushEndpoint: `${endpoint.url}/path`, oidcToken },
  });
  pubsub.publish(topic, [text('x')]);
  await pubsub.idle();
  const token = endpoint.received[0]!.headers.authorization!.replace('Bearer ', '');
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(oidc.jwksUrl)), {
    issuer: 'https://accounts.google.com',
    audience: 'https://reconcile',
  });
  expect(payload).toMatchObject({ email: 'push@p.iam.gserviceaccount.com', email_verified: true });
});

test('an audience that is not given is the push endpoint', async () => {
  const asked: unknown[] = [];
  const { pubsub } = await startBench({
    sign: (claims) => {
      asked.push(claims);
      return Promise.resolve('signed');
    },
  });
  const endpoint = await startEndpoint(() => 200);
  const pushEndpoint = `${endpoint.url}/reconcile`;
  pubsub.createSubscription(subscription, {
    topic,
    pushConfig: { pushEndpoint, oidcToken: { serviceAccountEmail: 'a@b' } },
  });
  pubsub.publish(topic, [text('x')]);
  await pubsub.idle();
  expect(asked).toEqual([{ email: 'a@b', audience: pushEndpoint }]);
});

test('a replay pushes the same bytes again, in the order given, and waits for their end', async () => {
  const { pubsub } = await startBench({ concurrency: 1 });
  const endpoint = await startEndpoint(() => 200);
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  pubsub.publish(topic, [text('1'), text('2'), text('3')]);
  await pubsub.idle();
  const before = endpoint.received.map((pushed) => pushed.text);
  await pubsub.replay(pubsub.deliveries.toReversed());
  expect(endpoint.received.slice(3).map((pushed) => pushed.text)).toEqual(before.toReversed());
});

test('idle waits for a message that rests between two attempts', async () => {
  const { clock, delivery, pubsub } = await startBench();
  const endpoint = await startEndpoint((_pushed, index) => (index === 0 ? 500 : 200));
  pubsub.createSubscription(subscription, pushTo(endpoint.url));
  const first = delivery();
  pubsub.publish(topic, [text('x')]);
  await first;
  let idle = false;
  const waiting = pubsub.idle().then(() => {
    idle = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(idle).toBe(false);
  clock.advance(100);
  await waiting;
});
