import * as v from 'valibot';
import type { Config } from '../../../../../functions/config.ts';
import permissions from '../../../../rights/permissions.json' with { type: 'json' };
import { counted, type Finding, failed, ok, some, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import { permissionsOf, projectPolicy, rolesOf } from './policies.ts';

/** Source: Cloud Resource Manager API v1, projects.testIamPermissions. */
const Tested = v.object({ permissions: v.optional(v.array(v.string()), []) });

const reading = (all: readonly string[]): readonly string[] =>
  all.filter((permission) => /\.(get|list)$/.test(permission));

/** Of one account, by project: the project, and the permissions there. */
type Needed = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What the accounts need where, as infra/terraform/identities.tf and inventory.tf give it from infra/rights: in the projects
 * of the clusters, of their networks, and of the deployment.
 */
export const neededBy = (
  account: 'functions' | 'inventory',
  { project: own, clusters }: Pick<Config, 'project' | 'clusters'>,
): Needed => {
  const { project, networkProject, cluster, auditLog, history } = permissions;
  const lists =
    account === 'functions'
      ? { ofCluster: [...project, ...cluster], ofNetwork: networkProject, ofOwn: auditLog }
      : { ofCluster: [...reading(project), ...cluster], ofNetwork: reading(networkProject), ofOwn: history };
  const needed = new Map<string, Set<string>>();
  const need = (where: string, what: readonly string[]): void => {
    needed.set(where, new Set([...(needed.get(where) ?? []), ...what]));
  };
  const clustered = new Set(clusters.map((one) => one.project));
  for (const where of clustered) need(where, lists.ofCluster);
  for (const { networkProject: host } of clusters)
    if (host !== undefined && !clustered.has(host)) need(host, lists.ofNetwork);
  need(own, lists.ofOwn);
  return needed;
};

/**
 * What the roles that a project's own policy gives to an account hold. Only what the policy says by the account's name:
 * what a group or a folder gives is not seen here.
 */
export const lookAtAccount = async (
  google: GoogleApi,
  { project, email, needed }: { project: string; email: string; needed: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<Finding> => {
  const roles = rolesOf(
    await projectPolicy(google, project, signal),
    (member) => member === `serviceAccount:${email}`,
  );
  const held = await permissionsOf(google, roles, signal);
  return judgeAccount(
    [...needed].filter((permission) => !held.has(permission)),
    { project, email, of: needed.size },
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
  ...reading(permissions.project),
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
