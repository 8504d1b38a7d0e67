import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Config, configVariable, readConfig } from '../../../functions/config.ts';
import { CommandFailure } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** The command that writes the settings file, as `output "persistent_ip" { value = module.persistent_ip }` lets it. */
export const writeSettings = 'terraform output -json persistent_ip > persistent-ip.json';

/** Where the settings come from, for an error that misses some. */
export const settingsRemedy = 'give --settings FILE with what terraform output -json persistent_ip says';

/** The environment variable that names the settings file. */
export const settingsVariable = 'PERSISTENT_IP_SETTINGS';

const names = v.record(v.string(), v.string());

/** The outputs of infra/terraform, as far as the command line needs them; further ones are left alone. */
const Outputs = v.partial(
  v.object({
    /** Where the inventory function is. */
    inventory_url: v.string(),
    /** The functions' configuration (functions/config.ts), as JSON text. */
    configuration: v.string(),
    /** Whom the inventory runs as. */
    inventory_service_account: v.string(),
    /** Full names of the topics, by what they carry. */
    topics: names,
    /** Full names of the push subscriptions, by queue. */
    subscriptions: names,
    /** Full names of the subscriptions that keep dead letters, by queue. */
    dead_letter_subscriptions: names,
    /** Full names of the sinks that feed the functions. */
    sinks: names,
    /** Full name of Cloud Scheduler's job. */
    schedule: v.string(),
    /** SHA-256 of the archive that is deployed. */
    source_digest: v.string(),
    /** Where Google's APIs are, by name; only the local cloud says so, and has no other than these. */
    endpoints: names,
  }),
);

/** The outputs that the command line reads. */
export const outputNames = Object.keys(Outputs.entries);

/** A deployment, as far as this command was told of it. */
export type Settings = Readonly<v.InferOutput<typeof Outputs>>;

const refused = (path: string, why: string, remedy = `write it with ${writeSettings}`): CommandFailure =>
  new CommandFailure('usage', `the settings file ${path} ${why}`, remedy);

type Values = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{"name": {"value": …}}`, which Terraform writes of all outputs, as `{"name": …}`, which it writes of one. */
const unwrapped = (json: Values): Values =>
  Object.fromEntries(
    Object.entries(json).map(([name, output]) => [
      name,
      isObject(output) && 'value' in output ? output.value : output,
    ]),
  );

/**
 * The module's outputs, wherever the file has them: at its top (`terraform output -json persistent_ip`, or a root module that
 * hands each of them on), or in an output that is the whole module (`output "persistent_ip" { value = module.persistent_ip }`).
 * @returns what was found; nothing where the file holds none, more than one where it holds several deployments
 */
const deploymentsIn = (json: Values): readonly Values[] => {
  const top = unwrapped(json);
  const nested = Object.values(top)
    .filter(isObject)
    .filter(({ configuration }) => typeof configuration === 'string');
  if (nested.length > 0 && typeof top.configuration !== 'string') return nested;
  return outputNames.some((name) => name in top) ? [top] : [];
};

/**
 * The outputs of Terraform in a file; nothing without one.
 * @throws CommandFailure that names the file and what is wrong with it
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
  const [found, another] = isObject(json) ? deploymentsIn(json) : [];
  if (found === undefined)
    throw refused(
      path,
      'holds no output of the module',
      `add output "persistent_ip" { value = module.persistent_ip } to your configuration, apply, then ${writeSettings}`,
    );
  if (another !== undefined)
    throw refused(
      path,
      'holds several deployments',
      'write one of them: terraform output -json NAME > persistent-ip.json',
    );
  const parsed = v.safeParse(Outputs, found);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw refused(path, `is not as expected: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  }
  return parsed.output;
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
