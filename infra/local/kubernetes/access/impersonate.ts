import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../../identities.ts';
import type { Attributes } from '../http/faults.ts';
import { forbidden } from '../objects/status.ts';

/** Node joins repeated headers by commas, and `--as-group` is repeated. */
const listed = (header: string | readonly string[] | undefined): string[] =>
  (header === undefined ? [] : [header].flat())
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

/**
 * Whom a caller acts as, by `Impersonate-User` and `Impersonate-Group` (kubectl `--as`, `--as-group`); `undefined`
 * when it acts as itself.
 * @throws StatusError 403 for a caller that may not impersonate (apiserver `filters/impersonation.go`)
 */
export const impersonated = (
  caller: Principal,
  headers: IncomingHttpHeaders,
  authorize: (attributes: Attributes) => boolean,
): Principal | undefined => {
  const [name] = listed(headers['impersonate-user']);
  if (name === undefined) return undefined;
  const groups = listed(headers['impersonate-group']);
  const wanted = [['users', name] as const, ...groups.map((group) => ['groups', group] as const)];
  for (const [resource, of] of wanted) {
    const asked = { verb: 'impersonate', group: '', resource, subresource: '', namespace: '', name: of };
    if (authorize({ ...asked, user: caller.name, groups: caller.groups })) continue;
    const why = `User "${caller.name}" cannot impersonate resource "${resource}" in API group "" at the cluster scope`;
    throw forbidden({ group: '', plural: resource, kind: '' }, of, why);
  }
  return { name, groups: [...groups, 'system:authenticated'] };
};
