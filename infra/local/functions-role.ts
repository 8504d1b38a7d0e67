import permissions from '../rights/permissions.json' with { type: 'json' };
import { isViewers, type Rights } from './compute/index.ts';

/** The groups of permissions that concern Compute Engine: in the cluster's project, and in its shared VPC's host. */
export type RoleGroup = 'project' | 'networkProject';

/** What the functions may do at Compute Engine: what Terraform grants them, from the same file, and nothing else. */
export interface FunctionsRole {
  readonly has: (asked: Omit<Parameters<Rights>[0], 'principal'>) => boolean;
  /** Whether the inventory's account may: what of it is reading alone. */
  readonly mayRead: FunctionsRole['has'];
  /** What was needed so far and is granted, by group. */
  readonly used: Readonly<Record<RoleGroup, ReadonlySet<string>>>;
}

/** @param projects the cluster's, and that of its network: the same one, without shared VPC */
export const functionsRole = (projects: {
  readonly project: string;
  readonly networkProject: string;
}): FunctionsRole => {
  const granted = {
    project: new Set(permissions.project),
    networkProject: new Set(permissions.networkProject),
  };
  const used = { project: new Set<string>(), networkProject: new Set<string>() };
  const groupOf = (project: string): RoleGroup =>
    project === projects.project ? 'project' : 'networkProject';
  return {
    used,
    mayRead: ({ permission, project }) => isViewers(permission) && granted[groupOf(project)].has(permission),
    has: ({ permission, project }) => {
      const group = groupOf(project);
      const yes = project === projects[group] && granted[group].has(permission);
      if (yes) used[group].add(permission);
      return yes;
    },
  };
};
