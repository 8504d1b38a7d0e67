import { expect, test } from 'vitest';
import { dataOf, startBench, startEndpoint, subscription, text, topic } from './bench.ts';

const deadTopic = 'projects/p/topics/dead';
const deadSubscription = 'projects/p/subscriptions/dead';

const startDying = async (answer: Parameters<typeof startEndpoint>[0]) => {
  const bench = await startBench();
  const endpoint = await startEndpoint(answer);
  bench.pubsub.createTopic(deadTopic);
  bench.pubsub.createSubscription(deadSubscription, { topic: deadTopic });
  bench.pubsub.createSubscription(subscription, {
    topic,
    pushConfig: { pushEndpoint: endpoint.url },
    enableMessageOrdering: true,
    retryPolicy: { minimumBackoff: '0s', maximumBackoff: '0s' },
    deadLetterPolicy: { deadLetterTopic: deadTopic, maxDeliveryAttempts: 5 },
  });
  /** Lets the bad message fail until it has no attempt left. */
  const die = async (publish: () => void): Promise<void> => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const ended = bench.delivery((one) => one.attempt === attempt && one.status === 500);
      if (attempt === 1) publish();
      await ended;
      bench.clock.advance(0);
    }
    await bench.pubsub.idle();
  };
  const pull = async () => {
    const { body } = await bench.call('POST', `${deadSubscription}:pull`, { maxMessages: 10 });
    return (body.receivedMessages ?? []) as { ackId: string; message: Record<string, unknown> }[];
  };
  return { ...bench, endpoint, die, pull };
};

test('after its last attempt a message goes to the dead-letter topic with its origin as attributes', async () => {
  const { die, endpoint, pubsub, pull } = await startDying(() => 500);
  await die(() => pubsub.publish(topic, [text('bad', { attributes: { a: 'b' }, orderingKey: 'k' })]));
  expect(endpoint.received.map((one) => one.body.deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
  const [dead, ...more] = await pull();
  expect(more).toEqual([]);
  expect(dead!.message).toMatchObject({
    data: text('bad').data,
    orderingKey: 'k',
    attributes: {
      a: 'b',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'push',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
      CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z',
    },
  });
});

test('a dead message lets its key go on', async () => {
  const { die, endpoint, pubsub, pull } = await startDying((pushed) =>
    dataOf(pushed) === 'bad' ? 500 : 200,
  );
  await die(() =>
    pubsub.publish(topic, [text('bad', { orderingKey: 'k' }), text('good', { orderingKey: 'k' })]),
  );
  expect(endpoint.received.map(dataOf)).toEqual(['bad', 'bad', 'bad', 'bad', 'bad', 'good']);
  expect(await pull()).toHaveLength(1);
});

test('while the dead-letter topic is missing, the message is retried instead of lost', async () => {
  const { clock, delivery, die, pubsub, call } = await startDying((_pushed, index) =>
    index < 5 ? 500 : 200,
  );
  await call('DELETE', deadTopic);
  const sixth = delivery((one) => one.attempt === 6);
  const dying = die(() => pubsub.publish(topic, [text('bad')]));
  await Promise.all([sixth, dying]);
  clock.advance(0);
  expect((await sixth).status).toBe(200);
});

test('a pulled message is gone once it is acknowledged and comes again when its lease runs out', async () => {
  const { clock, call, pubsub } = await startBench();
  const name = 'projects/p/subscriptions/pull';
  pubsub.createSubscription(name, { topic, ackDeadlineSeconds: 10 });
  pubsub.publish(topic, [text('x')]);
  const pull = async () => {
    const { body } = await call('POST', `${name}:pull`, { maxMessages: 5 });
    return (body.receivedMessages ?? []) as { ackId: string; deliveryAttempt?: number }[];
  };
  const [first] = await pull();
  expect(first).not.toHaveProperty('deliveryAttempt');
  expect(await pull()).toEqual([]);
  clock.advance(10_100);
  const [second] = await pull();
  expect(second!.ackId).not.toBe(first!.ackId);
  expect((await call('POST', `${name}:acknowledge`, { ackIds: [second!.ackId] })).status).toBe(200);
  clock.advance(60_000);
  expect(await pull()).toEqual([]);
});

test('a deadline of zero gives a pulled message back', async () => {
  const { clock, call, pubsub } = await startBench();
  const name = 'projects/p/subscriptions/pull';
  pubsub.createSubscription(name, { topic });
  pubsub.publish(topic, [text('x')]);
  const pull = async () =>
    ((await call('POST', `${name}:pull`, { maxMessages: 1 })).body.receivedMessages ?? []) as {
      ackId: string;
    }[];
  const [{ ackId }] = (await pull()) as [{ ackId: string }];
  await call('POST', `${name}:modifyAckDeadline`, { ackIds: [ackId], ackDeadlineSeconds: 0 });
  clock.advance(100);
  expect(await pull()).toHaveLength(1);
});
