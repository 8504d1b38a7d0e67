import type { Registry } from './etcd.ts';

/**
 * What the control plane keeps for itself, and makes again when it is gone: its leases, its IP allocator, the service
 * accounts of its controllers, the state of API priority and fairness. Definitions stay, for a CRD takes seconds to be
 * served; objects of custom resources do not.
 */
const itsOwn = [
  /^\/registry\/(masterleases|ranges|ipaddresses|servicecidrs|flowschemas|prioritylevelconfigurations)\//,
  /^\/registry\/(services|apiregistration\.k8s\.io|apiextensions\.k8s\.io)\//,
  /^\/registry\/[^/]+\/kube-(system|public)\//,
];

const isOwn = (key: string): boolean => itsOwn.some((form) => form.test(key));

/** Brings the cluster back to the moment when it was remembered. */
export interface FirstMoment {
  /** Resolves when nothing is there that was not, and no controller adds to it. */
  restore(): Promise<void>;
}

/** How often in a row there must be nothing to remove: a controller that was at work has written by then. */
const quietLooks = 3;
const mostLooks = 200;

/**
 * Remembers a cluster that has just started. Between two scenarios everything else is removed from etcd itself: no
 * finalizer holds it, no grace period delays it, and no entry in the audit log tells the next scenario of it. The
 * control plane hears of it as it hears of every deletion, by its watches.
 */
export const rememberMoment = async (registry: Registry): Promise<FirstMoment> => {
  const before = new Set(await registry.keys());
  return {
    restore: async () => {
      let quiet = 0;
      for (let look = 0; quiet < quietLooks; look += 1) {
        if (look === mostLooks) throw new Error('the controllers do not leave the cluster as it was');
        const added = (await registry.keys()).filter((key) => !before.has(key) && !isOwn(key));
        await registry.remove(added);
        quiet = added.length === 0 ? quiet + 1 : 0;
      }
    },
  };
};
