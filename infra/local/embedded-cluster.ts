import type { StartCluster } from './cluster.ts';
import { startKubernetes } from './kubernetes/index.ts';

/** The Kubernetes API in this process; the nodes bring its scheduler and controllers. */
export const startEmbeddedCluster: StartCluster = async (options) => {
  const kubernetes = await startKubernetes({ ...options, authorize: 'RBAC' });
  return {
    url: kubernetes.url,
    ownControllers: false,
    get calls() {
      return kubernetes.calls;
    },
    onCall: (listener) => kubernetes.onCall(listener),
    onAudit: (listener) => kubernetes.onAudit(listener),
    apply: (yaml) =>
      new Promise((resolve) => {
        kubernetes.apply(yaml);
        resolve();
      }),
    inject: (fault) => kubernetes.inject(fault),
    openHttps: (port) => kubernetes.openHttps(port),
    close: () => kubernetes.close(),
  };
};
