import * as v from 'valibot';
import { type Finding, failed, ok, some } from '../finding.ts';
import type { GoogleApi, Question } from '../google-api.ts';
import { shortName } from './names.ts';

/** Source: IAM, Policy: the same in every API. */
const Policy = v.object({
  bindings: v.optional(
    v.array(v.object({ role: v.string(), members: v.optional(v.array(v.string()), []) })),
    [],
  ),
});
export type Policy = v.InferOutput<typeof Policy>;

const ofProject = (project: string): Question => ({
  api: 'cloudresourcemanager',
  path: `/v1/projects/${project}:getIamPolicy`,
  // Conditional bindings are shown in version 3 only.
  body: { options: { requestedPolicyVersion: 3 } },
});

/** Where the policy is that a topic, subscription, service or service account has of its own; `undefined` for a project. */
const ofResource = (name: string): Question | undefined => {
  switch (name.split('/')[2]) {
    case 'topics':
    case 'subscriptions':
      return { api: 'pubsub', path: `/v1/${name}:getIamPolicy` };
    case 'locations':
      return { api: 'run', path: `/v2/${name}:getIamPolicy` };
    case 'serviceAccounts':
      return { api: 'iam', path: `/v1/${name}:getIamPolicy`, body: {} };
    default:
      return undefined;
  }
};

const nobody: Policy = { bindings: [] };

const resourcePolicy = async (google: GoogleApi, name: string, signal: AbortSignal): Promise<Policy> => {
  const question = ofResource(name);
  return question === undefined ? nobody : ((await google.ask(question, Policy, signal)) ?? nobody);
};

export const projectPolicy = async (
  google: GoogleApi,
  project: string,
  signal: AbortSignal,
): Promise<Policy> => (await google.ask(ofProject(project), Policy, signal)) ?? nobody;

/** The roles that a policy gives, by a predicate on members. */
export const rolesOf = ({ bindings }: Policy, isMember: (member: string) => boolean): readonly string[] =>
  bindings.filter(({ members }) => members.some(isMember)).map(({ role }) => role);

/** Source: IAM API v1, Role. */
const Role = v.object({ includedPermissions: v.optional(v.array(v.string()), []) });

/** Every permission of these roles, as IAM has them; of one that is gone, none. */
export const permissionsOf = async (
  google: GoogleApi,
  roles: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const found = await Promise.all(
    [...new Set(roles)].map((role) => google.ask({ api: 'iam', path: `/v1/${role}` }, Role, signal)),
  );
  return new Set(found.flatMap((role) => role?.includedPermissions ?? []));
};

/** What is given by predefined roles, and how it is told. The roles are those that Terraform gives: a test holds them to it. */
const rights = {
  publish: { role: 'roles/pubsub.publisher', told: (on: string) => `publish to ${on}` },
  consume: { role: 'roles/pubsub.subscriber', told: (on: string) => `take messages off ${on}` },
  invoke: { role: 'roles/run.invoker', told: (on: string) => `call ${shortName(on)}` },
  receive: { role: 'roles/eventarc.eventReceiver', told: (on: string) => `receive events in ${on}` },
  sign: {
    role: 'roles/iam.serviceAccountOpenIdTokenCreator',
    told: (on: string) => `sign pushes as ${shortName(on)}`,
  },
} as const;

export interface Grant {
  /** Full name of the topic, subscription, service, service account or project. */
  readonly on: string;
  readonly right: keyof typeof rights;
  /** The member as a policy writes it, or what it looks like where its number is not known. */
  readonly member: string | RegExp;
  /** Who that is, for people. */
  readonly who: string;
}

/**
 * Whether somebody may do something with a resource: by its own policy, else by its project's. The role that Terraform gives
 * will do, and so will whatever roles together have its permissions.
 */
export const lookAtGrant = async (
  google: GoogleApi,
  { on, right, member, who }: Grant,
  signal: AbortSignal,
): Promise<Finding> => {
  const { role, told } = rights[right];
  const isMember = (one: string): boolean => (typeof member === 'string' ? one === member : member.test(one));
  const project = on.split('/')[1] ?? '';
  const own = rolesOf(await resourcePolicy(google, on, signal), isMember);
  const may = ok(`${who} may ${told(on)}`);
  if (own.includes(role)) return may;
  const roles = [...own, ...rolesOf(await projectPolicy(google, project, signal), isMember)];
  if (roles.includes(role)) return may;
  if (roles.length > 0) {
    const [held, needed] = await Promise.all([
      permissionsOf(google, roles, signal),
      permissionsOf(google, [role], signal),
    ]);
    if (needed.size > 0 && [...needed].every((permission) => held.has(permission))) return may;
  }
  const shown =
    typeof member === 'string'
      ? member
      : `serviceAccount:service-PROJECT_NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com`;
  return failed(
    `${who} (${shown}) may not ${told(on)}`,
    `terraform apply, or ${bindingCommand(on)} --member=${shown} --role=${role}`,
  );
};

const bindingCommand = (on: string): string => {
  const [, project, kind, region, , service] = on.split('/');
  switch (kind) {
    case undefined:
      return `gcloud projects add-iam-policy-binding ${project} --condition=None`;
    case 'locations':
      return `gcloud run services add-iam-policy-binding ${service} --project=${project} --region=${region}`;
    case 'serviceAccounts':
      return `gcloud iam service-accounts add-iam-policy-binding ${shortName(on)} --project=${project}`;
    default:
      return `gcloud pubsub ${kind} add-iam-policy-binding ${on}`;
  }
};

/** What all of some grants come to: the first that is missing, or how many there are. */
export const lookAtGrants = async (
  google: GoogleApi,
  grants: readonly Grant[],
  signal: AbortSignal,
): Promise<Finding> => {
  const findings = await Promise.all(grants.map((grant) => lookAtGrant(google, grant, signal)));
  return findings.find(({ status }) => status !== 'ok') ?? ok(some(findings.map(({ found }) => found)));
};
