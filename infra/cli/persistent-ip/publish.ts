import { CommandFailure } from './failure.ts';
import { deploymentConfig, type Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import { accessTokens } from './tokens.ts';

/**
 * Publishes one message without data, with the rights of whoever runs the command.
 * @param topic `projects/P/topics/T`
 * @throws CommandFailure with Pub/Sub's own words
 */
export const publish = async (
  around: Surroundings,
  settings: Settings,
  topic: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> => {
  const { project, endpoints } = deploymentConfig(around, settings);
  // Loaded only for what publishes.
  const [{ v1 }, { sendOnce }, { restOptions }] = await Promise.all([
    import('@google-cloud/pubsub'),
    import('../../../functions/google-cloud/call-options.ts'),
    import('../../../functions/google-cloud/rest-options.ts'),
  ]);
  const client = new v1.PublisherClient(
    restOptions(project, accessTokens(around), endpoints.pubsub ?? 'https://pubsub.googleapis.com'),
  );
  try {
    await sendOnce((options) => client.publish({ topic, messages: [{ attributes }] }, options));
  } catch (cause) {
    throw new CommandFailure(
      'failed',
      `${topic} takes no message: ${cause instanceof Error ? cause.message : String(cause)}`,
      'you need roles/pubsub.publisher on it',
      { cause },
    );
  }
};
