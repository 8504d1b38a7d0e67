import pc from 'picocolors';
import type { LocalCloud } from '../cloud.ts';
import { count } from './counts.ts';
import { Guide } from './guide.ts';
import { type Say, sayAudit, sayCounts } from './narrator.ts';
import { changesOfHolder } from './onlooker.ts';

export interface Step {
  readonly title: string;
  readonly run: (guide: Guide) => Promise<void>;
}

/** A story about the product, told in steps that check what they say. */
export interface Tour {
  readonly name: string;
  /** One line for `--tour list`. */
  readonly about: string;
  readonly steps: readonly Step[];
}

/**
 * Tells the tour step by step: what happened, who holds what, the calls it took, the audit entries.
 * @returns whether every step did what it says
 */
export const runTour = async (cloud: LocalCloud, say: Say, { steps }: Tour): Promise<boolean> => {
  const guide = new Guide(cloud, say);
  let told = 0;
  for (const [index, { title, run }] of steps.entries()) {
    say('');
    say(pc.bold(`${index + 1}/${steps.length}  ${title}`));
    const counted = count(cloud);
    const began = Date.now();
    try {
      await run(guide);
      await cloud.pubsub.idle();
    } catch (error) {
      counted();
      say(`    ${pc.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
    sayCounts(say, counted());
    const entries = cloud.logging.list(changesOfHolder);
    for (const entry of entries.slice(told)) sayAudit(say, entry);
    told = entries.length;
    say(pc.dim(`    ${((Date.now() - began) / 1000).toFixed(1)} s`));
  }
  return true;
};
