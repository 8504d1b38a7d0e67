import type { Request } from 'express';
import { isViewers } from '../compute/index.ts';
import { authenticate, GoogleError } from '../google-error.ts';
import type { Identities } from '../identities.ts';
import { tenant } from '../people.ts';
import { pushIdentity, readerAccount, serviceAccount } from '../site.ts';

/** Terraform gives them nothing of this. */
const accounts: readonly string[] = [serviceAccount, readerAccount, pushIdentity];

/**
 * Who may look at and change what is deployed: the deployment's own accounts neither, the tenant looks, others do all.
 * @throws GoogleError 401 for a stranger, 403 in the words of IAM
 */
export const checkPermission = (
  identities: Identities,
  request: Request,
  permission: string,
  resource: string,
): void => {
  const { name } = authenticate(identities, request);
  if (!accounts.includes(name) && (name !== tenant || isViewers(permission))) return;
  throw new GoogleError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '//${resource}' (or it may not exist).`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: permission.split('.')[0],
        metadata: { permission, resource },
      },
    ],
  );
};
