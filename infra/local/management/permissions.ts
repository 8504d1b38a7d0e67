import type { Rights } from '../compute/index.ts';
import { badField, unsupported } from '../google-error.ts';
import type { Principal } from '../identities.ts';
import { administrator } from '../people.ts';

/** Of one question. Source: Cloud Resource Manager API v1, TestIamPermissionsRequest. */
const most = 100;

/**
 * Which permissions of Compute Engine the caller has, by the same rights that every call is checked by. Others are granted
 * nowhere here: the administrator has them all, of anybody else nothing is known.
 */
export const testedPermissions = (
  body: unknown,
  project: string,
  { name }: Principal,
  rights: Rights,
): { readonly permissions?: readonly string[] } => {
  const asked: unknown = (body as { permissions?: unknown } | null)?.permissions;
  if (!Array.isArray(asked) || !asked.every((one): one is string => typeof one === 'string'))
    throw badField('permissions', 'permissions is a list of names.');
  if (asked.length > most) throw badField('permissions', `At most ${most} permissions can be tested.`);
  if (asked.some((one) => one.includes('*')))
    throw badField('permissions', 'Permissions with wildcards are not allowed.');
  const granted = asked.filter((permission) => {
    if (permission.startsWith('compute.')) return rights({ principal: name, permission, project });
    if (name === administrator) return true;
    throw unsupported(`testIamPermissions of ${permission} for ${name}`);
  });
  return granted.length === 0 ? {} : { permissions: granted };
};
