import * as v from 'valibot';
import permissions from '../../../../rights/permissions.json' with { type: 'json' };
import { counted, type Finding, failed, ok, some, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import { projectPolicy, rolesOf } from './policies.ts';

/** Source: IAM API v1, Role. */
const Role = v.object({ includedPermissions: v.optional(v.array(v.string()), []) });
/** Source: Cloud Resource Manager API v1, projects.testIamPermissions. */
const Tested = v.object({ permissions: v.optional(v.array(v.string()), []) });

/** What the functions need in a project: that of a cluster, or the host of its shared VPC. */
export const neededIn = (kind: 'cluster' | 'network'): readonly string[] =>
  kind === 'cluster' ? [...permissions.project, ...permissions.cluster] : permissions.networkProject;

/**
 * What the roles that a project's own policy gives to an account hold. Only what the policy says by the account's name:
 * what a group or a folder gives is not seen here.
 */
export const lookAtAccount = async (
  google: GoogleApi,
  { project, email, needed }: { project: string; email: string; needed: readonly string[] },
  signal: AbortSignal,
): Promise<Finding> => {
  const roles = rolesOf(
    await projectPolicy(google, project, signal),
    (member) => member === `serviceAccount:${email}`,
  );
  const held = await Promise.all(
    [...new Set(roles)].map((role) => google.ask({ api: 'iam', path: `/v1/${role}` }, Role, signal)),
  );
  const has = new Set(held.flatMap((role) => role?.includedPermissions ?? []));
  return judgeAccount(
    needed.filter((permission) => !has.has(permission)),
    { project, email, of: needed.length },
  );
};

export const judgeAccount = (
  missing: readonly string[],
  { project, email, of }: { project: string; email: string; of: number },
): Finding => {
  if (missing.length === 0) return ok(`${email} holds ${counted(of, 'permission')}`);
  return failed(
    `the policy of ${project} gives ${email} no role with ${some(missing)}`,
    'terraform apply (infra/rights/permissions.json has the list)',
  );
};

/** What whoever looks needs for `--direct`: the permissions of the functions that read, and the audit log's. */
export const directPermissions: readonly string[] = [
  ...permissions.project.filter((permission) => /\.(get|list)$/.test(permission)),
  ...permissions.cluster,
  ...permissions.history,
];

/** What the caller may do in a project, which the API answers about nobody else. */
export const lookAtCaller = async (
  google: GoogleApi,
  project: string,
  signal: AbortSignal,
): Promise<Finding> => {
  const question = {
    api: 'cloudresourcemanager',
    path: `/v1/projects/${project}:testIamPermissions`,
    body: { permissions: directPermissions },
  } as const;
  const granted = (await google.ask(question, Tested, signal))?.permissions ?? [];
  const missing = directPermissions.filter((permission) => !granted.includes(permission));
  if (missing.length === 0) return ok('yours are enough for --direct (they say nothing of the functions’)');
  return warning(
    `you lack ${some(missing)}: --direct will not do for you (it says nothing of the functions’ rights)`,
    'ask the inventory instead, or for roles/compute.viewer, roles/container.viewer and roles/logging.viewer',
  );
};
