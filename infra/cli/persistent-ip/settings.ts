import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Config, configVariable, readConfig } from '../../../functions/config.ts';
import { CommandFailure } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** Where the settings come from, for an error that misses some. */
export const settingsRemedy = 'give --settings FILE with what terraform output -json says';

/** The environment variable that names the settings file. */
export const settingsVariable = 'PERSISTENT_IP_SETTINGS';

const output = <const S extends v.GenericSchema>(value: S) => v.optional(v.object({ value }));
const names = v.record(v.string(), v.string());

/** What `terraform output -json` says, as far as the command line needs it; further outputs are left alone. */
const Outputs = v.object({
  /** Where the inventory function is. */
  inventory_url: output(v.string()),
  /** The functions' configuration (functions/config.ts), as JSON text. */
  configuration: output(v.string()),
  /** Whom the inventory runs as. */
  inventory_service_account: output(v.string()),
  /** Full names of the topics, by what they carry. */
  topics: output(names),
  /** Full names of the push subscriptions, by queue. */
  subscriptions: output(names),
  /** Full names of the subscriptions that keep dead letters, by queue. */
  dead_letter_subscriptions: output(names),
  /** Full names of the sinks that feed the functions. */
  sinks: output(names),
  /** Full name of Cloud Scheduler's job. */
  schedule: output(v.string()),
  /** SHA-256 of the archive that is deployed. */
  source_digest: output(v.string()),
  /** Where Google's APIs are, by name; only the local cloud says so, and has no other than these. */
  endpoints: output(names),
});

type Values = {
  readonly [Name in keyof v.InferOutput<typeof Outputs>]?: NonNullable<
    v.InferOutput<typeof Outputs>[Name]
  >['value'];
};

/** A deployment, as far as this command was told of it. */
export type Settings = Values;

const refused = (path: string, why: string): CommandFailure =>
  new CommandFailure(
    'usage',
    `the settings file ${path} ${why}`,
    'write it with terraform output -json > persistent-ip.json',
  );

/**
 * The outputs of Terraform in a file; nothing without one.
 * @throws CommandFailure that names the file and the field
 */
export const readSettings = (path: string | undefined): Settings => {
  if (path === undefined || path === '') return {};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw refused(path, 'cannot be read');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused(path, 'is no JSON');
  }
  const parsed = v.safeParse(Outputs, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw refused(path, `is not as expected: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  }
  return Object.fromEntries(
    Object.entries(parsed.output).flatMap(([name, found]) =>
      found === undefined ? [] : [[name, found.value]],
    ),
  ) as Settings;
};

/**
 * What the functions were told of their deployment.
 * @throws CommandFailure when the settings do not hold it, or hold something else
 */
export const deploymentConfig = ({ env }: Pick<Surroundings, 'env'>, settings: Settings): Config => {
  const text = env[configVariable] ?? settings.configuration;
  if (text === undefined)
    throw new CommandFailure('usage', 'the deployment’s configuration is not known', settingsRemedy);
  try {
    return readConfig({ [configVariable]: text });
  } catch (error) {
    throw new CommandFailure('usage', error instanceof Error ? error.message : String(error), settingsRemedy);
  }
};
