import type { DeadQueue } from '../../replay/dead-letters.ts';
import { CommandFailure } from '../failure.ts';
import { tableOf } from '../output.ts';
import type { Session } from '../session.ts';
import { deploymentConfig, settingsRemedy } from '../settings.ts';
import { accessTokens } from '../tokens.ts';

export interface ReplayOptions {
  /** One queue; absent: all. */
  readonly queue?: string;
  readonly dryRun?: boolean;
  readonly limit: number;
}

/** `replay`: publishes dead letters again to the topics that they came from. */
export const replay = async (
  session: Session,
  { queue, dryRun = false, limit }: ReplayOptions,
): Promise<void> => {
  const { around, settings } = session;
  const queues = queuesOf(session, queue);
  const { project, endpoints } = deploymentConfig(around, settings);
  // Loaded only for what it takes: the client of Pub/Sub.
  const { replayDeadLetters } = await import('../../replay/dead-letters.ts');
  const replayed = await replayDeadLetters(queues, {
    project,
    tokens: accessTokens(around),
    endpoint: endpoints.pubsub ?? 'https://pubsub.googleapis.com',
    before: around.now(),
    dryRun,
    limit,
    onProgress: (name, messages) => around.err(`${name}: ${messages}\n`),
  }).catch((cause: unknown) => {
    throw new CommandFailure(
      'failed',
      `dead letters cannot be replayed: ${cause instanceof Error ? cause.message : String(cause)}`,
      'you need roles/pubsub.subscriber on the dead letters and roles/pubsub.publisher on the topics',
      { cause },
    );
  });
  const rows = replayed.flatMap(({ queue: name, letters }) =>
    letters.map(({ published, attempts, orderingKey }) => [name, published, String(attempts), orderingKey]),
  );
  if (rows.length > 0) around.out(tableOf(around, ['QUEUE', 'PUBLISHED', 'ATTEMPTS', 'OBJECT'], rows));
  const letters = `${rows.length} dead ${rows.length === 1 ? 'letter' : 'letters'}`;
  around.err(dryRun ? `${letters} would be published again.\n` : `${letters} published again.\n`);
};

/** @throws CommandFailure when the settings do not name the queue, or none */
const queuesOf = ({ settings }: Session, wanted: string | undefined): readonly DeadQueue[] => {
  const { topics = {}, dead_letter_subscriptions: dead = {} } = settings;
  const all = Object.entries(dead).flatMap(([queue, deadLetters]) => {
    const topic = topics[queue];
    return topic === undefined ? [] : [{ queue, deadLetters, topic }];
  });
  if (all.length === 0)
    throw new CommandFailure('usage', 'the settings name no dead letters', settingsRemedy);
  const meant = all.filter(({ queue }) => (wanted ?? queue) === queue);
  if (meant.length > 0) return meant;
  throw new CommandFailure(
    'usage',
    `there is no queue ${wanted}`,
    `there are ${all.map(({ queue }) => queue).join(', ')}`,
  );
};
