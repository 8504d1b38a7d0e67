import { stringify } from 'yaml';
import type { SecureDoor } from './http/secure.ts';

/** A user of a kubeconfig; a name alone is a user without groups who starts in the namespace `default`. */
export type KubeconfigUser =
  | string
  | { readonly name: string; readonly groups?: readonly string[]; readonly namespace?: string };

/**
 * A kubeconfig with a user and a context for each of `users`, both under the user's name. The first is current.
 */
export const kubeconfigOf = (server: SecureDoor, users: readonly KubeconfigUser[]): string => {
  const all = users.map((user) => ({
    groups: [],
    namespace: 'default',
    ...(typeof user === 'string' ? { name: user } : user),
  }));
  const cluster = {
    server: server.url,
    'certificate-authority-data': Buffer.from(server.caPem).toString('base64'),
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster }],
    users: all.map(({ name, groups }) => ({ name, user: { token: server.tokenOf(name, groups) } })),
    contexts: all.map(({ name, namespace }) => ({
      name,
      context: { cluster: 'local', user: name, namespace },
    })),
    'current-context': all[0]?.name ?? '',
  });
};
