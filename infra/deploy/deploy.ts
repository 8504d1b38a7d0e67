import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Terraform, validate } from '../terraform/program.ts';
import { readSettings, rootModule } from './root.ts';

export interface DeployOptions {
  /** `validate` needs neither a state nor credentials; `apply` applies the plan that it has just made. */
  readonly action: 'validate' | 'plan' | 'apply';
  /** File with the variables of infra/terraform. */
  readonly settings: string;
  /** Bucket of the state. */
  readonly stateBucket?: string;
  /** Where the root module is written. */
  readonly folder: string;
  readonly archive: string;
  readonly terraform: Terraform;
  say(text: string): void;
}

const module = join(import.meta.dirname, '../terraform');
const planFile = 'plan.tfplan';

const textOf = (settings: string): string => {
  try {
    return readFileSync(settings, 'utf8');
  } catch (cause) {
    throw new Error(
      `the settings ${settings} cannot be read: --settings names a JSON file with the variables of infra/terraform (infra/deploy/example.json)`,
      { cause },
    );
  }
};

/**
 * Deploys what `npm run bundle` has made: writes the root module, then plans, and applies that very plan.
 * @throws Error with Terraform's own words
 */
export const deploy = (options: DeployOptions): void => {
  const { action, settings, stateBucket, folder, archive, terraform, say } = options;
  if (action !== 'validate' && stateBucket === undefined)
    throw new Error(`${action} needs the bucket of the state: --state-bucket BUCKET`);
  const paths = { module: relative(folder, module), archive: relative(folder, archive) };
  const root = rootModule(
    readSettings(textOf(settings)),
    paths,
    action === 'validate' ? undefined : stateBucket,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.tf.json'), `${JSON.stringify(root, undefined, 2)}\n`);
  const run = (ran: ReturnType<Terraform>): void => {
    say(ran.output);
    if (!ran.good) throw new Error(`terraform ended with an error: ${action} was not done`);
  };
  if (action === 'validate') {
    run(validate(terraform, folder));
    return;
  }
  run(terraform(folder, 'init', '-input=false', '-no-color'));
  // A plan that is only shown takes no lock, so whoever makes it need not be able to write the state.
  const lock = action === 'plan' ? ['-lock=false'] : [];
  run(terraform(folder, 'plan', '-input=false', '-no-color', ...lock, `-out=${planFile}`));
  if (action === 'apply') run(terraform(folder, 'apply', '-input=false', '-no-color', planFile));
};
