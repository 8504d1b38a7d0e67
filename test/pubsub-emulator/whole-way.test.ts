import { afterEach, beforeEach, expect, test } from 'vitest';
import { gateway, namespace, paths, pod, route } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';
import { call } from './bench.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

test('the emulator holds the topics and subscriptions that the local cloud declares', async () => {
  const { subscriptions } = stage.cloud;
  const held = await call('GET', subscriptions.requests);
  expect(held).toMatchObject({
    enableMessageOrdering: true,
    ackDeadlineSeconds: 70,
    deadLetterPolicy: {
      deadLetterTopic: 'projects/local-project/topics/reconcile-requests-dead-letters',
      maxDeliveryAttempts: 10,
    },
  });
  for (const name of Object.values(subscriptions)) expect(await call('GET', name)).toMatchObject({ name });
});

test('a route is allocated, moved and released by messages of the emulator alone', async () => {
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.apply(pod('nat-2', 'edge'));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.delete(paths.route('edge', 'nat'));
  await stage.rest();
  expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'move', 'release']);
  const { deliveries } = stage.cloud.pubsub;
  // The emulator numbers its messages from 1; the local Pub/Sub would not.
  expect(deliveries.every(({ message }) => /^\d{1,8}$/.test(message.messageId))).toBe(true);
  const { clusterEvents, requests, sweeps } = stage.cloud.subscriptions;
  const carried = new Set(deliveries.map(({ subscription }) => subscription));
  expect([...carried].sort()).toEqual([clusterEvents, requests, sweeps].sort());
  expect(deliveries.filter(({ status }) => status !== 204)).toEqual([]);
});

test('no function was told to take a push without its token', async () => {
  const { urls } = stage.cloud.deployment;
  for (const url of [urls['on-cluster-event'], urls.reconcile, urls.sweep]) {
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(401);
  }
});
