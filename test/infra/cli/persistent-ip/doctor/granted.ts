import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { readConfig } from '../../../../../functions/config.ts';
import { CannotLook, skipped } from '../../../../../infra/cli/persistent-ip/doctor/finding.ts';
import { functionOfQueue } from '../../../../../infra/cli/persistent-ip/doctor/google/names.ts';
import type { GoogleApi } from '../../../../../infra/cli/persistent-ip/doctor/google-api.ts';
import type { Settings } from '../../../../../infra/cli/persistent-ip/settings.ts';

/** What the Terraform module grants in one deployment, as its own test holds it to this file. */
const file = new URL('../../../../../infra/terraform/tests/expected/grants.json', import.meta.url);

const Grant = v.strictObject({
  on: v.string(),
  member: v.string(),
  /** A predefined role; empty for a custom one, which is its permissions. */
  role: v.string(),
  permissions: v.array(v.string()),
});
export type Grant = v.InferOutput<typeof Grant>;

const whole = v.parse(
  v.strictObject({ configuration: v.unknown(), inventory: v.string(), grants: v.array(Grant) }),
  JSON.parse(readFileSync(file, 'utf8')),
);

export const config = readConfig({ PERSISTENT_IP_CONFIG: JSON.stringify(whole.configuration) });

/** Each once: the sinks of several projects have one writer where nothing is real. */
export const grants: readonly Grant[] = [
  ...new Map(whole.grants.map((one) => [JSON.stringify(one), one])).values(),
];

const { project, deployment } = config;
const queues = Object.keys(functionOfQueue);
const named = (collection: string, more = ''): Record<string, string> =>
  Object.fromEntries(
    queues.map((queue) => [queue, `projects/${project}/${collection}/${deployment}-${queue}${more}`]),
  );

/** By the module's outputs of it. */
export const settings: Settings = {
  topics: named('topics'),
  subscriptions: named('subscriptions'),
  dead_letter_subscriptions: named('subscriptions', '-dead-letters'),
  sinks: Object.fromEntries(
    ['cluster-events', 'system-events'].map((kind) => [
      `${project}/${kind}`,
      `projects/${project}/sinks/${deployment}-${kind}`,
    ]),
  ),
  inventory_service_account: whole.inventory,
};

const writer = grants.find(({ member }) => member.includes('gcp-sa-logging'))?.member;

/** Google's policies and roles where these grants are made, and nothing else; a predefined role has one permission, its own. */
export const googleWith = (granted: readonly Grant[]): GoogleApi => ({
  ask: (question, schema) => Promise.resolve(v.parse(schema, answerTo(question.path, granted))),
});

const customRole = (grant: Grant, index: number): string => `${grant.on}/roles/custom${index}`;

const answerTo = (path: string, granted: readonly Grant[]): object => {
  const [, name = ''] = /^\/v[12]\/(.+?)(?::getIamPolicy)?$/.exec(path) ?? [];
  if (path.endsWith(':getIamPolicy'))
    return {
      bindings: granted.flatMap((one, index) =>
        one.on === name ? [{ role: one.role || customRole(one, index), members: [one.member] }] : [],
      ),
    };
  if (name.startsWith('roles/')) return { includedPermissions: [`all of ${name}`] };
  const custom = granted.find((one, index) => customRole(one, index) === name);
  if (custom !== undefined) return { includedPermissions: custom.permissions };
  const id = name.split('/').at(-1) ?? '';
  if (name.includes('/sinks/')) return { name: id, destination: '', writerIdentity: writer };
  if (name.includes('/subscriptions/')) {
    const topic = `projects/${project}/topics/${id}`;
    return { name, topic, deadLetterPolicy: { deadLetterTopic: `${topic}-dead-letters` } };
  }
  throw new CannotLook(skipped(path));
};
