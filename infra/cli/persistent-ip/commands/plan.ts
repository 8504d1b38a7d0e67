import { readFileSync } from 'node:fs';
import { text as textOfStream } from 'node:stream/consumers';
import * as v from 'valibot';
import { wrongWith } from '../../../../functions/persistent-ip/plan-words.ts';
import { type DryRun, dryRun } from '../dry-run.ts';
import { CommandFailure } from '../failure.ts';
import { print } from '../output.ts';
import { planText } from '../plan-text.ts';
import { read } from '../reader.ts';
import type { Session } from '../session.ts';
import { PlanView } from '../views.ts';

export interface PlanOptions {
  /** Files, `-` for standard input. */
  readonly filename: readonly string[];
}

/** `plan -f FILE`: what would happen if it were applied. Nothing is written. */
export const plan = async (session: Session, { filename }: PlanOptions): Promise<void> => {
  const { around, options } = session;
  const manifest = await manifestOf(session, filename);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ cluster: options.cluster, namespace: options.namespace }))
    if (value !== undefined) query.set(name, value);
  const url = `/v1/plan${query.size === 0 ? '' : `?${query}`}`;
  const body = { type: 'application/yaml', text: manifest };
  const answer = v.parse(PlanView, await read(session.ask(), { method: 'POST', url, body }));
  const tried = options.direct ? await dryRun(session, manifest, answer) : undefined;
  const whole = tried === undefined ? answer : withDryRun(answer, tried);
  print(around, options.output, whole, () => planText(around, whole));
  const wrong = wrongWith(whole);
  if (wrong.length > 0) throw new CommandFailure('not-well', wrong.join('; '));
};

const manifestOf = async ({ around }: Session, files: readonly string[]): Promise<string> => {
  const texts = await Promise.all(
    files.map(async (file) => {
      try {
        return file === '-' ? await textOfStream(around.stdin) : readFileSync(file, 'utf8');
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new CommandFailure(
          'usage',
          `${file} cannot be read (${why})`,
          'give -f FILE, or -f - for standard input',
          {
            cause,
          },
        );
      }
    }),
  );
  return texts.join('\n---\n');
};

/** What the API server itself refuses joins what the plan refuses, and what it was asked is no longer unknown. */
const withDryRun = (plan: PlanView, { refused, notTried, tried }: DryRun): PlanView => ({
  ...plan,
  served: plan.served && refused.length === 0,
  rejected: [...plan.rejected, ...refused],
  notChecked: [
    ...(tried > 0 && notTried.length === 0 ? plan.notChecked.slice(1) : plan.notChecked),
    ...notTried,
  ],
});
