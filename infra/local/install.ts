import { readFileSync } from 'node:fs';
import type { CloudCluster } from './cluster.ts';
import { readerAccount, serviceAccount } from './site.ts';

const manifests = (multiNetwork: boolean): readonly string[] => [
  ...(multiNetwork ? ['manifests/networks.yaml'] : []),
  '../kubernetes/crds/gkeiproutes.yaml',
  '../kubernetes/gatewayclasses.yaml',
  '../kubernetes/rbac.yaml',
  '../kubernetes/components/inventory/rbac.yaml',
  'manifests/tenant.yaml',
];

/**
 * Installs in the cluster what is there before the functions are, and the tenant.
 * @param multiNetwork whether it has the CRDs Network and GKENetworkParamSet
 */
export const install = async (kubernetes: CloudCluster, multiNetwork: boolean): Promise<void> => {
  for (const name of manifests(multiNetwork)) {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    await kubernetes.apply(
      text
        .replaceAll('FUNCTIONS_SERVICE_ACCOUNT_EMAIL', serviceAccount)
        .replaceAll('INVENTORY_SERVICE_ACCOUNT_EMAIL', readerAccount),
    );
  }
};
