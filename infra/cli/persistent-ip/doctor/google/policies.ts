import * as v from 'valibot';
import { type Finding, failed, ok } from '../finding.ts';
import type { GoogleApi, Question } from '../google-api.ts';

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

/** Who may do what with a topic or subscription of Pub/Sub, by its own policy. */
export const resourcePolicy = async (google: GoogleApi, name: string, signal: AbortSignal): Promise<Policy> =>
  (await google.ask({ api: 'pubsub', path: `/v1/${name}:getIamPolicy` }, Policy, signal)) ?? { bindings: [] };

export const projectPolicy = async (
  google: GoogleApi,
  project: string,
  signal: AbortSignal,
): Promise<Policy> => (await google.ask(ofProject(project), Policy, signal)) ?? { bindings: [] };

/** The roles that a policy gives, by a predicate on members. */
export const rolesOf = ({ bindings }: Policy, isMember: (member: string) => boolean): readonly string[] =>
  bindings.filter(({ members }) => members.some(isMember)).map(({ role }) => role);

/** The roles that hold what is asked, the least one first. Source: Pub/Sub, *Roles and permissions*. */
const holding = {
  publish: [
    'roles/pubsub.publisher',
    'roles/pubsub.editor',
    'roles/pubsub.admin',
    'roles/editor',
    'roles/owner',
  ],
  consume: [
    'roles/pubsub.subscriber',
    'roles/pubsub.editor',
    'roles/pubsub.admin',
    'roles/editor',
    'roles/owner',
  ],
} as const;

export interface Grant {
  /** Full name of the topic or subscription. */
  readonly on: string;
  readonly right: keyof typeof holding;
  /** The member as a policy writes it, or what it looks like where its number is not known. */
  readonly member: string | RegExp;
  /** Who that is, for people. */
  readonly who: string;
}

/** Whether somebody may publish to a topic or take messages off a subscription: by its policy, else by its project's. */
export const lookAtGrant = async (
  google: GoogleApi,
  { on, right, member, who }: Grant,
  signal: AbortSignal,
): Promise<Finding> => {
  const isMember = (one: string): boolean => (typeof member === 'string' ? one === member : member.test(one));
  const roles: readonly string[] = holding[right];
  const has = (policy: Policy): boolean => rolesOf(policy, isMember).some((role) => roles.includes(role));
  const project = on.split('/')[1] ?? '';
  const granted =
    has(await resourcePolicy(google, on, signal)) || has(await projectPolicy(google, project, signal));
  const what = right === 'publish' ? `publish to ${on}` : `take messages off ${on}`;
  if (granted) return ok(`${who} may ${what}`);
  const kind = on.split('/')[2] ?? 'topics';
  const shown =
    typeof member === 'string'
      ? member
      : `serviceAccount:service-PROJECT_NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com`;
  return failed(
    `${who} (${shown}) may not ${what}`,
    `terraform apply, or gcloud pubsub ${kind} add-iam-policy-binding ${on} --member=${shown} --role=${roles[0]}`,
  );
};
