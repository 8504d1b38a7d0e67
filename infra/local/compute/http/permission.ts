import { ComputeError } from '../errors.ts';
import type { Call, World } from '../world/world.ts';
import { needsOf } from './needs.ts';

/** Whether a principal has a permission (`compute.addresses.create`) in a project. */
export type Rights = (asked: {
  readonly principal: string;
  readonly permission: string;
  readonly project: string;
}) => boolean;

/** Methods whose permission has another name than they; all others have their own. */
const verbs: Readonly<Record<string, string>> = {
  insert: 'create',
  aggregatedList: 'list',
  patch: 'update',
  wait: 'get',
  listNetworkEndpoints: 'get',
};

/**
 * The permission that a method needs, of its id: `compute.addresses.insert` needs `compute.addresses.create` (Compute
 * Engine, *IAM permissions*). The permissions to use what a request refers to are further ones.
 */
export const permissionOf = (method: string): string => {
  const [api = '', service = '', name = ''] = method.split('.');
  return `${api}.${service}.${verbs[name] ?? name}`;
};

/** What the role `roles/compute.viewer` has: it sees everything and changes nothing. */
export const isViewers = (permission: string): boolean => /\.(?:get|list)$/.test(permission);

/** What a call is about, as a refusal names it: the resource, or the project of a list. */
const aboutOf = ({ method, scope, name, params, body }: Call): string => {
  const { path, verb } = method;
  const at = path.findLastIndex((segment) => segment.startsWith('{'));
  const listed = verb === 'GET' && at < path.length - 1;
  if (listed || path.length === 2) return `projects/${params.project ?? ''}`;
  if (method.name === 'Insert') return `${scope}/${path.at(-1) ?? ''}/${String(body.name ?? '')}`;
  return `${scope}/${path[at - 1] ?? ''}/${name}`;
};

/** @throws ComputeError 403 in the real service's words, for the first permission that is missing */
export const checkRights = (rights: Rights, call: Call, world: World): void => {
  const { principal, method } = call;
  const own = aboutOf(call);
  for (const { permission, of = own } of needsOf(call, world) ?? [{ permission: permissionOf(method.id) }]) {
    if (rights({ principal, permission, project: of.split('/')[1] ?? '' })) continue;
    throw new ComputeError(403, 'forbidden', `Required '${permission}' permission for '${of}'`);
  }
};
