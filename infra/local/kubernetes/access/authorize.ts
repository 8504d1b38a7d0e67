import type { Principal } from '../../identities.ts';
import type { Attributes } from '../http/faults.ts';
import type { ApiPath } from '../http/path.ts';
import { forbidden, StatusError } from '../objects/status.ts';

/** Whether a caller may do this. */
export type Authorize = (attributes: Attributes) => boolean;

export const attributesOf = (verb: string, path: ApiPath | undefined, user: Principal): Attributes => ({
  verb,
  group: path?.group ?? '',
  resource: path?.resource ?? '',
  subresource: path?.subresource ?? '',
  namespace: path?.namespace ?? '',
  name: path?.name ?? '',
  user: user.name,
  groups: user.groups,
});

/** The refusal that names who may not do what (apiserver `responsewriters/errors.go`). */
export const notAllowed = ({
  verb,
  group,
  resource,
  subresource,
  namespace,
  name,
  user,
}: Attributes): Error => {
  const plural = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user}" cannot ${verb} resource "${plural}" in API group "${group}" ${where}`;
  return forbidden({ group, plural: resource, kind: '' }, name, why);
};

/** What every caller may ask, served or not (RBAC bootstrap role `system:discovery`). */
export const isDiscovery = (path: string): boolean => /^\/(apis?|openapi)(\/|$)/.test(path);

/** The same about a path that is no resource's. */
export const pathNotAllowed = ({ verb, user }: Attributes, path: string): Error =>
  new StatusError(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"`, {});

/** Nobody is asked about the group system:masters (apiserver `authorizerfactory`, NewPrivilegedGroups). */
export const authorizerOf = (authorize: Authorize, user: Principal): Authorize =>
  user.groups.includes('system:masters') ? () => true : authorize;
