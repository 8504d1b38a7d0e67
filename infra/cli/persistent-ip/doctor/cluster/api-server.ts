import { Unreachable } from '../cluster-api.ts';
import { type Finding, failed, ok } from '../finding.ts';
import type { Caller, ClusterGround } from '../ground.ts';

const login =
  'gcloud auth application-default login --scopes=https://www.googleapis.com/auth/cloud-platform,https://www.googleapis.com/auth/userinfo.email';

/**
 * Whether the API server answers where the functions call it, and by which name it knows the caller. A token without the
 * scope `userinfo.email` has a number for a name, which no RBAC binding names. Source: design/architecture.md.
 */
export const lookAtApiServer = async (
  { cluster: { endpoint }, caller }: ClusterGround,
  signal: AbortSignal,
): Promise<Finding> => {
  try {
    return judgeCaller(await caller(signal), endpoint);
  } catch (error) {
    // That it does not answer is what is wrong here, and no obstacle to looking; a token that cannot be had is.
    if (!(error instanceof Unreachable)) throw error;
    return failed(
      error.message,
      `curl ${endpoint}/version, from where you are; if the cluster has another endpoint now, terraform apply and write the settings anew`,
    );
  }
};

export const judgeCaller = ({ name }: Caller, endpoint: string): Finding => {
  if (name === '' || name === 'system:anonymous')
    return failed(`${endpoint} answers, and knows no name for you`, login);
  if (/^\d+$/.test(name))
    return failed(
      `${endpoint} takes you for "${name}", a number: your token lacks the scope userinfo.email`,
      login,
    );
  return ok(`${endpoint} answers, and takes you for ${name}`);
};
