import { once } from '../../../../../functions/reconciler/once.ts';
import { type Check, failed, unknown } from '../finding.ts';
import { type Around, about, unnamed } from './around.ts';
import { judgeDeadLetters, judgePushes, pushOutcomes, undelivered } from './metrics.ts';
import { functionOfQueue } from './names.ts';
import { lookAtGrants } from './policies.ts';
import { grantOfAgent } from './pushes.ts';
import { judgeQueue, readSubscription } from './queues.ts';

const hour = 3_600;

/** What is asked of each queue: its way to its function, and what becomes of what cannot be delivered. */
export const queueChecks = ({ ground, google }: Around): readonly Check[] => {
  const { settings, config } = ground;
  const { topics = {}, subscriptions = {}, dead_letter_subscriptions: dead = {} } = settings;
  const names = Object.keys(subscriptions);
  if (names.length === 0)
    return [about(`project ${config.project}`)('queues', () => Promise.resolve(unnamed('subscriptions')))];
  return names.flatMap((queue) => {
    const check = about(`queue ${queue}`);
    const subscription = subscriptions[queue] ?? '';
    const letters = dead[queue];
    const target = functionOfQueue[queue] ?? queue;
    const read = once((signal: AbortSignal) => readSubscription(google, subscription, signal));
    return [
      check('subscription', async (signal) =>
        judgeQueue({ queue, topic: topics[queue] ?? '', subscription }, await read(signal), config),
      ),
      check('pushes', async (signal) =>
        judgePushes(
          await pushOutcomes(google, subscription, { now: ground.now(), seconds: hour }, signal),
          `${config.deployment}-${target}`,
        ),
      ),
      check('dead letters', async (signal) => {
        if (letters === undefined) return unnamed(`dead letters of ${queue}`);
        const [keeper, count] = await Promise.all([
          readSubscription(google, letters, signal),
          undelivered(google, letters, ground.now(), signal),
        ]);
        return keeper === undefined
          ? failed(`there is no subscription ${letters}: a dead letter is lost`, 'terraform apply')
          : judgeDeadLetters(queue, count);
      }),
      check('way of dead letters', async (signal) => {
        const on = (await read(signal))?.deadLetterPolicy?.deadLetterTopic;
        if (on === undefined) return unknown('it has no dead-letter topic', 'see its subscription’s line');
        return lookAtGrants(
          google,
          [grantOfAgent(ground, 'publish', on), grantOfAgent(ground, 'consume', subscription)],
          signal,
        );
      }),
    ];
  });
};
