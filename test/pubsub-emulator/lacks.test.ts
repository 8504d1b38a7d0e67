import { describe, expect, test } from 'vitest';
import { call, named, publish, startPushing } from './bench.ts';
import { lacks } from './lacks.ts';

const deadLetterPolicy = async () => {
  const deadLetterTopic = named('topics');
  await call('PUT', deadLetterTopic, {});
  return { deadLetterTopic, maxDeliveryAttempts: 5 };
};

/** A neighbour whose message comes `times` times, one to three seconds apart: the emulator's own time goes by. */
const letTimePass = async (times: number): Promise<void> => {
  const neighbour = await startPushing((_, attempt) => (attempt < times ? 500 : 204));
  await publish(neighbour.topic, 'tick');
  await neighbour.arrived('tick', times);
};

describe('the emulator has what the functions stand on', () => {
  test('topics and subscriptions are made over REST, and their names have at least three characters', async () => {
    expect(await call('PUT', 'projects/local-project/topics/ab', {})).toMatchObject({
      error: { code: 400, message: 'Invalid [topics] name: (name=projects/local-project/topics/ab)' },
    });
    expect(await call('PUT', 'projects/local-project/topics/abc', {})).toEqual({
      name: 'projects/local-project/topics/abc',
    });
  });

  test('without order, a message that fails too often is a dead letter, and says whose', async () => {
    const policy = await deadLetterPolicy();
    const dead = await startPushing(() => 204);
    const subscription = named('subscriptions');
    const { topic, names } = await startPushing(() => 500, { deadLetterPolicy: policy });
    const pushEndpoint = dead.endpoint;
    await call('PUT', subscription, { topic: policy.deadLetterTopic, pushConfig: { pushEndpoint } });
    await publish(topic, 'lost');
    await dead.arrived('lost');
    expect(names()).toEqual(Array.from({ length: 5 }, () => 'lost'));
    expect(Object.keys(dead.arrivals[0]!.pushed.body.message.attributes as object).sort()).toEqual([
      'CloudPubSubDeadLetterSourceDeliveryCount',
      'CloudPubSubDeadLetterSourceSubscription',
      'CloudPubSubDeadLetterSourceSubscriptionProject',
      'CloudPubSubDeadLetterSourceTopicPublishTime',
    ]);
  });
});

// Each of these fails on an emulator that has gained what its name says: then its line goes from lacks.ts, and the
// relay does less.
describe('the emulator lacks', () => {
  test(lacks.token, async () => {
    const oidcToken = { serviceAccountEmail: 'push@p.iam.gserviceaccount.com', audience: 'https://a' };
    const { topic, arrivals, arrived } = await startPushing(() => 204, { pushConfig: { oidcToken } });
    await publish(topic, 'x');
    await arrived('x');
    expect(arrivals[0]!.pushed.headers.authorization).toBeUndefined();
  });

  test(`${lacks.attempt}; ${lacks.key}`, async () => {
    const more = { deadLetterPolicy: await deadLetterPolicy(), enableMessageOrdering: true };
    const { topic, arrivals, arrived } = await startPushing((_, attempt) => (attempt < 2 ? 500 : 204), more);
    await publish(topic, 'a/1');
    await arrived('a/1', 2);
    const { body } = arrivals[1]!.pushed;
    expect(Object.keys(body).sort()).toEqual(['message', 'subscription']);
    expect(Object.keys(body.message).sort()).toEqual(
      ['attributes', 'data', 'messageId', 'message_id', 'publishTime', 'publish_time'].sort(),
    );
  });

  test(lacks.deadLetters, async () => {
    const policy = await deadLetterPolicy();
    const dead = await startPushing(() => 204);
    const pushEndpoint = dead.endpoint;
    await call('PUT', named('subscriptions'), {
      topic: policy.deadLetterTopic,
      pushConfig: { pushEndpoint },
    });
    const { topic, names, arrived } = await startPushing((name) => (name === 'a/1' ? 500 : 204), {
      deadLetterPolicy: policy,
      enableMessageOrdering: true,
    });
    await publish(topic, 'a/1', 'a/2', 'b/1');
    await Promise.all([arrived('a/1', 5), arrived('b/1')]);
    // It stops when the next attempt would be due, a second later.
    await letTimePass(3);
    await publish(topic, 'a/3', 'b/2', 'c/1');
    await letTimePass(3);
    expect(names().filter((name) => name !== 'a/1')).toEqual(['b/1']);
    expect(dead.names()).toEqual([]);
  });

  test(lacks.rights, async () => {
    const topic = named('topics');
    expect(await call('PUT', topic, {})).toEqual({ name: topic });
  });
});
